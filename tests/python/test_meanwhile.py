"""While native work runs: Ctrl-C, other threads, the line of progress, and what is held in memory."""
import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import threading

import numpy as np
import pandas as pd
import polars
import pyarrow
import pytest

import meterhound
from meterhound import _native, progress
from meterhound.__main__ import program
from meterhound.data import to_tsdata

needs_program = pytest.mark.skipif(not program().is_file(), reason="the package was built without the program")
WORK = """
import signal
import numpy as np, pandas as pd, meterhound
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
{made}
{work}
print("finished", flush=True)
"""
# Each takes far longer than until the first line of progress.
LONG_WORK = {
    "extraction": ("n, length = 2000, 3000\nframe = pd.DataFrame({'id': np.repeat(np.arange(n), length),"
                   " 'value': np.random.default_rng(1).normal(size=n * length)})",
                   "meterhound.extract_features(frame, column_id='id', n_jobs=1)"),
    "selection": ("X = pd.DataFrame(np.random.default_rng(1).normal(size=(50_000, 400)))",
                  "meterhound.select_features(X, X[0] + X[1], n_jobs=1)"),
    "training": ("meterhound.simulate('town.csv', consumers=300, days=400, theft=0.2, seed=3)",
                 "meterhound.Detector(settings={'detection.xgboost.n_estimators': 10_000, 'detection.xgboost.max_depth': 10,"
                 " 'detection.xgboost.learning_rate': 0.0001}).fit('town.csv')"),
}


@pytest.mark.parametrize("work", [pytest.param(name, marks=needs_program if name == "training" else ()) for name in LONG_WORK])
def test_interrupt_stops_the_work(work, tmp_path):
    made, line = LONG_WORK[work]
    ours, theirs = pty.openpty()
    child = subprocess.Popen([sys.executable, "-c", WORK.format(made=made, work=line)], cwd=tmp_path, stdout=subprocess.PIPE,
                             stderr=theirs)
    os.close(theirs)
    try:
        seen = read_until(ours, rb"\d/[0-9,]+ \w+")  # native work has begun
        assert seen.strip().startswith(b"\033[K"), seen
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=120)
        seen += read_until(ours, None)
    finally:
        child.kill()
        os.close(ours)
    assert out == b"" and seen.rstrip().endswith(b"KeyboardInterrupt")


def read_until(terminal, pattern):
    """What is written on a terminal until the pattern is met, or until nobody can write on it any more."""
    text = b""
    while pattern is None or not re.search(pattern, text):
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            part = b""
        if not part:
            break
        text += part
    return text


def series(count, length):
    return np.random.default_rng(1).normal(size=count * length), np.arange(count + 1) * length, None


def test_other_threads_run_meanwhile():
    counted, ended = [0], threading.Event()

    def count():
        while not ended.is_set():
            counted[0] += 1

    extractor = _native.Extractor({"default": "comprehensive", "kinds": {}}, ["x"])
    source = series(2000, 1000)
    thread = threading.Thread(target=count)
    thread.start()
    try:
        before = counted[0]
        extractor.extract([source], 1)
        after = counted[0]
    finally:
        ended.set()
        thread.join()
    # Were the interpreter's lock held, the other thread could have counted for a turn of 5 ms at most, before or after.
    assert after - before > 1_000_000


def written_on_a_terminal(work):
    """What `work` writes on standard error where that is a terminal."""
    ours, theirs = pty.openpty()
    try:
        with open(theirs, "w", encoding="utf-8") as terminal, contextlib.redirect_stderr(terminal):
            work()
        return read_until(ours, None).decode()
    finally:
        os.close(ours)


@pytest.mark.parametrize("disabled", [False, True])
def test_a_line_shows_how_far_it_is_and_goes_away(monkeypatch, disabled):
    monkeypatch.setattr(progress, "FIRST_AFTER", 0)
    values, offsets, _ = series(1000, 1000)
    frame = pd.DataFrame({"id": np.repeat(np.arange(1000), np.diff(offsets)), "value": values})
    arguments = {"column_id": "id", "n_jobs": 1, "disable_progressbar": disabled}
    text = written_on_a_terminal(lambda: meterhound.extract_features(frame, **arguments))
    if disabled:
        assert text == ""
    else:
        done = [int(number.replace(",", "")) for number in re.findall(r"Feature extraction  ([0-9,]+)/1,000 ids", text)]
        assert done == sorted(done) and 0 < done[-1] <= 1000
        assert text.endswith("\r\033[K")


@pytest.mark.parametrize("make", [lambda frame: frame, polars.from_pandas, pyarrow.Table.from_pandas],
                         ids=["pandas", "polars", "pyarrow"])
def test_ordered_readings_are_not_copied_on_the_way(make):
    frame = pd.DataFrame({"id": np.repeat(np.arange(5), 20), "time": np.tile(np.arange(20), 5), "value": np.arange(100) / 7})
    container = make(frame)
    memory = container["value"].to_numpy()
    values = to_tsdata(container, column_id="id", column_sort="time").kinds[0].values
    assert np.shares_memory(values, memory) and values.tolist() == frame["value"].tolist()


GROWTH = r"""
import re
from pathlib import Path
import numpy as np, pandas as pd, meterhound

def most():  # bytes, since the last call of forget()
    return 1024 * int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])

def forget():
    Path("/proc/self/clear_refs").write_text("5")

ids, length = 20_000, 500
frame = pd.DataFrame({"id": np.repeat(np.arange(ids), length), "value": np.random.default_rng(1).normal(size=ids * length)})
small = frame.iloc[:length]
settings = {"mean": None, "maximum": None}
meterhound.extract_features(small, column_id="id", default_fc_parameters=settings, disable_progressbar=True)
forget()
before = most()
meterhound.extract_features(frame, column_id="id", default_fc_parameters=settings, disable_progressbar=True)
print((most() - before) / len(frame))
"""


def test_memory_for_each_reading():
    done = subprocess.run([sys.executable, "-c", GROWTH], check=True, capture_output=True, text=True)
    # 17: codes of ids (8), the extractor's copy of the values (8) and which are missing (1). One more copy is too much.
    assert float(done.stdout) < 24
