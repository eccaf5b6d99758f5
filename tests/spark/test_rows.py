"""Readings row by row, without Spark: the program refuses a file for exactly the rows that are set aside here."""
import multiprocessing
import os
import random
import subprocess

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import assert_same_bits, table_of

from meterhound import parquet_units
from meterhound.__main__ import program
from meterhound.parquet_series import find_cadence, find_form, open_parquet
from meterhound.parquet_units import finished, open_folder, plan_job, run_unit

DAMAGES = int(os.environ.get("METERHOUND_DAMAGES", "60"))  # files
NAMES = {"id_column": None, "time_column": None, "value_column": None}
STARTED = ("features", "status", "quarantine", "manifest")


def job_of(folder, out, features="minimal", **more):
    job = plan_job("features", folder, out, NAMES, None, {"features": features, "clean": "forward_backward_zero"})
    for each in STARTED:
        (out / each).mkdir(parents=True, exist_ok=True)
    return job | {"batch_rows": 3, "threads": 1} | more


def extract(folder, out, **more):
    """(features, status rows)"""
    job = job_of(folder, out, **more)
    for place in range(len(job["units"])):
        run_unit(job, place)
    return table_of(out / "features"), table_of(out / "status").to_pylist()


def refusal(file, out):
    """What the program says against a file; None where it takes it."""
    done = subprocess.run([program(), "extract", file, "--settings", "minimal", "--out", out, "--quiet"], capture_output=True, text=True)
    assert done.returncode in (0, 2), done.stderr
    return done.stderr if done.returncode else None


DAYS = [np.datetime64("2014-01-01", "ms") + np.timedelta64(day, "D") for day in range(70)]
LISTS = pa.schema([("id", pa.string()), ("times", pa.list_(pa.timestamp("ms"))), ("values", pa.list_(pa.float64()))])
LONG = pa.schema([("id", pa.string()), ("time", pa.timestamp("ms")), ("value", pa.float64())])


def consumer(dice, number):
    length = dice.randint(2, 70)
    return {"id": f"m{number}", "times": DAYS[:length], "values": [dice.choice([None, float("nan"), dice.random(), dice.random()])
                                                                 for _ in range(length)]}


def infinite(dice, row):
    row["values"][dice.randrange(len(row["values"]))] = dice.choice([float("inf"), float("-inf")])


def no_time(dice, row):
    row["times"] = list(row["times"])
    row["times"][dice.randrange(len(row["times"]))] = None


def twice(dice, row):
    at = dice.randrange(1, len(row["times"]))
    row["times"] = [*row["times"][:at], row["times"][at - 1], *row["times"][at + 1:]]


def one_less(dice, row):
    row["times"] = row["times"][:-1]


def no_id(dice, row):
    row["id"] = dice.choice([None, "", "  "])


FAULTS = [infinite, no_time, twice, one_less, no_id]


@pytest.mark.parametrize("seed", range(12))
def test_lists_beside_the_program(tmp_path, seed):
    """Each fault alone is one for which the program refuses the file; without the rows set aside it takes it, with equal results."""
    dice = random.Random(seed)
    rows = [consumer(dice, number) for number in range(20)]
    chosen = dice.sample(range(20), 4)
    for at in chosen:
        dice.choice(FAULTS)(dice, rows[at])
        alone = [dict(row) for number, row in enumerate(rows) if number == at or number not in chosen]
        pq.write_table(pa.Table.from_pylist(alone, LISTS), tmp_path / "alone.parquet")
        assert refusal(tmp_path / "alone.parquet", tmp_path / "x.parquet") is not None
    folder = tmp_path / "in"
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist(rows, LISTS), folder / "a.parquet", row_group_size=7)
    features, status = extract(folder, tmp_path / "out")
    assert sorted(row["row"] for row in status if row["status"] != "ok") == sorted(at + 1 for at in chosen)
    pq.write_table(pa.Table.from_pylist([row for number, row in enumerate(rows) if number not in chosen], LISTS), tmp_path / "good.parquet")
    assert refusal(tmp_path / "good.parquet", tmp_path / "whole.parquet") is None
    assert_same_bits(features, table_of(tmp_path / "whole.parquet"))


@pytest.mark.parametrize("seed", range(6))
def test_long_beside_the_program(tmp_path, seed):
    dice = random.Random(seed)
    rows = [{"id": each["id"], "time": time, "value": value} for each in (consumer(dice, number) for number in range(12))
            for time, value in zip(each["times"], each["values"])]
    dice.shuffle(rows)
    good, spoilt = [dict(row) for row in rows], {"m3", "m7"}
    next(row for row in rows if row["id"] == "m3")["value"] = float("inf")
    rows.append(dict(next(row for row in rows if row["id"] == "m7"), value=1.5))
    pq.write_table(pa.Table.from_pylist(rows, LONG), tmp_path / "all.parquet")
    assert refusal(tmp_path / "all.parquet", tmp_path / "x.parquet") is not None
    folder = tmp_path / "in"
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist(rows, LONG), folder / "a.parquet")
    features, status = extract(folder, tmp_path / "out")
    assert {row["id"] for row in status if row["status"] != "ok"} == spoilt
    pq.write_table(pa.Table.from_pylist([row for row in good if row["id"] not in spoilt], LONG), tmp_path / "good.parquet")
    assert refusal(tmp_path / "good.parquet", tmp_path / "whole.parquet") is None
    assert_same_bits(features, table_of(tmp_path / "whole.parquet"))


def test_times_out_of_order(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    rows = [consumer(random.Random(1), number) for number in range(3)]
    rows[1]["times"] = rows[1]["times"][::-1]
    pq.write_table(pa.Table.from_pylist(rows, LISTS), folder / "a.parquet")
    _, status = extract(folder, tmp_path / "out")
    assert [row["status"] for row in status] == ["ok", "quarantined", "ok"]
    assert "expected times in order" in status[1]["reason"] and "item 2 of the list" in status[1]["reason"]


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ns", "UTC"), pa.timestamp("us", "+08:00"),
                                  pa.int32(), pa.float64()])
@pytest.mark.parametrize("values", [pa.list_(pa.float32()), pa.large_list(pa.int16()), pa.list_(pa.decimal128(22, 3)), pa.list_(pa.float64(), 30)])
def test_types(tmp_path, kind, values):
    """Every type that docs/formats.md names gives what the program gives."""
    folder = tmp_path / "in"
    folder.mkdir()
    count = 30
    dice = np.random.default_rng(4)
    days = np.array(DAYS[:count]).astype("datetime64[s]")
    times = pa.array(days).cast(pa.timestamp("ns")).cast(kind) if pa.types.is_temporal(kind) else pa.array(range(count), kind)
    whole = [[int(value) for value in dice.integers(0, 50, count)] for _ in range(8)]
    lists = pa.array(whole, pa.list_(pa.int64())).cast(pa.list_(values.value_type)).cast(values)
    stamps = pa.ListArray.from_arrays(np.arange(9, dtype=np.int32) * count, pa.concat_arrays([times] * 8))
    ids = pa.array([f"m{number}" for number in range(8)]).dictionary_encode()
    pq.write_table(pa.table({"CONS_NO": ids, "times": stamps, "values": lists}), folder / "a.parquet")
    features, _ = extract(folder, tmp_path / "out", features="minimal+theft")
    done = subprocess.run([program(), "extract", folder / "a.parquet", "--settings", "minimal+theft", "--out", tmp_path / "whole.parquet", "-q"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert_same_bits(features, table_of(tmp_path / "whole.parquet"))


@pytest.mark.parametrize("step, name", [(15, "quarter_hourly"), (30, "half_hourly"), (60, "hourly"), (1440, "daily"), (10080, "weekly"),
                                        (1000, "irregular")])
def test_the_cadence_is_the_longest_series(tmp_path, step, name):
    times = [np.datetime64("2014-01-01", "ms") + np.timedelta64(step * number, "m") for number in range(40)]
    rows = [{"id": "a", "times": times[:3:2], "values": [1, 2]}, {"id": "b", "times": times, "values": [1] * 40}]
    pq.write_table(pa.Table.from_pylist(rows, LISTS), tmp_path / "lists.parquet")
    long = [{"id": "b", "time": time, "value": 1} for time in times] + [{"id": "a", "time": times[0], "value": 1}]
    pq.write_table(pa.Table.from_pylist(long, LONG), tmp_path / "long.parquet")
    filesystem, folder = open_folder(tmp_path)
    for file in ("lists", "long"):
        path = f"{folder}/{file}.parquet"
        assert find_cadence(filesystem, path, find_form(open_parquet(filesystem, path).schema_arrow)) == name


def test_a_file_that_is_gone_is_set_aside(tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist([consumer(random.Random(2), 1)], LISTS), folder / "a.parquet")
    job = job_of(folder, out)
    (folder / "a.parquet").unlink()
    assert run_unit(job, 0)["quarantined"] == 1
    assert table_of(out / "status").to_pylist()[0]["file"] == "a.parquet"


def test_an_error_of_the_storage_is_no_fault_of_the_file(tmp_path, monkeypatch):
    """It is raised, so that Spark tries again; nothing appears."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist([consumer(random.Random(2), 1)], LISTS), folder / "a.parquet")
    job = job_of(folder, out)

    def broken(*_):
        raise OSError("the disk does not answer")

    monkeypatch.setattr(parquet_units, "read_lists", broken)
    monkeypatch.setattr(parquet_units, "_read_through", broken)
    with pytest.raises(OSError, match="does not answer"):
        run_unit(job, 0)
    assert not any(path.is_file() for path in out.rglob("*"))


def together(job):
    return run_unit(job, 0)


def test_attempts_at_once_leave_one_result(tmp_path):
    """As a task and its speculative twin."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    dice = random.Random(2)
    pq.write_table(pa.Table.from_pylist([consumer(dice, number) for number in range(400)], LISTS), folder / "a.parquet")
    run_unit(job_of(folder, out, features="theft"), 0)  # what is there of other settings gives way
    job = job_of(folder, out)
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        answers = pool.map(together, [job] * 4, chunksize=1)
    assert {answer["ok"] for answer in answers} == {400}
    for each in STARTED:
        assert len(list((out / each).iterdir())) == (0 if each == "quarantine" else 1)
    assert len(table_of(out / "features")) == 400 and not list((out / "_temporary").iterdir())
    assert finished(job, job["units"][0])["ok"] == 400


def test_a_manifest_never_speaks_for_others_results(tmp_path, monkeypatch):
    """Killed between the results and the manifest, a unit counts as not finished, under the old settings as under the new."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    dice = random.Random(2)
    pq.write_table(pa.Table.from_pylist([consumer(dice, number) for number in range(9)], LISTS), folder / "a.parquet")
    old, new = job_of(folder, out), job_of(folder, out, features="theft")
    run_unit(old, 0)
    assert finished(old, old["units"][0]) and not finished(new, new["units"][0])

    def killed(*_, **__):
        raise KeyboardInterrupt

    move = parquet_units._Attempt._move
    monkeypatch.setattr(parquet_units._Attempt, "_move", lambda self, name, target: killed() if name == "manifest" else move(self, name, target))
    with pytest.raises(KeyboardInterrupt):
        run_unit(new, 0)
    assert not finished(old, old["units"][0]) and not finished(new, new["units"][0])
    monkeypatch.undo()
    assert run_unit(old, 0)["skipped"] is False and finished(old, old["units"][0])


@pytest.mark.parametrize("layout", ["lists", "long"])
def test_damaged_files_never_stop_the_work(tmp_path, layout):
    """Whatever bytes are changed, a file gives rows or is set aside as a whole."""
    dice = random.Random(layout)
    rows = [consumer(dice, number) for number in range(20)]
    if layout == "long":
        rows = [{"id": row["id"], "time": time, "value": value} for row in rows for time, value in zip(row["times"], row["values"])]
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist(rows, LISTS if layout == "lists" else LONG), folder / "a.parquet", row_group_size=100)
    job, whole = job_of(folder, out), (folder / "a.parquet").read_bytes()
    aside = 0
    for _ in range(DAMAGES):
        hurt = bytearray(whole)
        for _ in range(dice.randint(1, 20)):
            hurt[dice.randrange(len(hurt))] = dice.randrange(256)
        (folder / "a.parquet").write_bytes(hurt[:dice.choice([len(hurt), len(hurt), dice.randrange(len(hurt))])])
        (out / "manifest" / f"{job['units'][0]['name']}.json").unlink(missing_ok=True)
        done = run_unit(job, 0)
        status = table_of(out / "status").to_pylist()
        assert done["ok"] == len(table_of(out / "features")) and done["ok"] + done["quarantined"] == len(status)
        aside += [row["row"] for row in status if row["status"] != "ok"] == [None]
    assert 0 < aside < DAMAGES
