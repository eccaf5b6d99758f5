"""Python workers, executors and machines are killed in the middle of a job; bad rows and files are set aside; what is finished is not
done again."""
import os
import signal
import threading
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cluster import wait_for
from conftest import assert_same_bits, lists_of, run, table_of, write_lists

from meterhound import spark as ms

UNITS = 24
BEFORE_THE_KILL = 3  # units finished


@pytest.fixture(scope="module")
def long_work(tmp_path_factory):
    """A year of half-hourly readings of 240 consumers, and what one process makes of them."""
    folder = tmp_path_factory.mktemp("work")
    values = np.round(np.random.default_rng(11).gamma(1.5, 0.2, (240, 17520)), 3)
    table = pa.table({"id": [f"m{number:03}" for number in range(240)], "start": pa.array([16071] * 240, pa.int32()).cast(pa.date32()),
                      "cadence": ["half_hourly"] * 240, "values": lists_of(values)})
    lists = write_lists(folder / "lists", table, UNITS)
    run("extract", lists.with_suffix(".parquet"), "--settings", "comprehensive", "--out", folder / "whole.parquet")
    return lists, table_of(folder / "whole.parquet")


def finished(out):
    return len(list((out / "manifest").glob("*.json"))) if (out / "manifest").exists() else 0


def kill_python_worker(cluster):
    victim = wait_for(cluster.python_workers, "a Python worker")[0]
    os.kill(victim, signal.SIGKILL)
    return [victim]


def kill_executor(cluster):
    victim = next(iter(cluster.executors()))
    os.kill(victim, signal.SIGKILL)
    return [victim]


def kill_machine(cluster):
    number = next(iter(cluster.executors().values()))
    victims = [cluster.workers[number].pid, *(pid for pid, where in cluster.executors().items() if where == number)]
    cluster.kill_worker(number)
    return victims


@pytest.mark.parametrize("kill", [kill_python_worker, kill_executor, kill_machine])
def test_killed_in_the_middle(spark, cluster, long_work, tmp_path, kill):
    lists, theirs = long_work
    answer = []
    job = threading.Thread(target=lambda: answer.append(ms.extract_features(spark, lists, tmp_path / "out", "comprehensive", tasks=8)))
    job.start()
    wait_for(lambda: finished(tmp_path / "out") >= BEFORE_THE_KILL, "the first units")
    victims = kill(cluster)
    left = UNITS - finished(tmp_path / "out")
    job.join(300)
    assert left > UNITS // 4, "the work was over before the kill"
    assert not any(Path(f"/proc/{pid}/exe").exists() for pid in victims)
    assert answer and answer[0]["consumers"] == 240 and answer[0]["quarantined"] == 0
    assert finished(tmp_path / "out") == UNITS
    assert_same_bits(table_of(tmp_path / "out" / "features"), theirs)
    assert not (tmp_path / "out" / "_temporary").exists()
    if kill is kill_machine:
        cluster.start_worker(9)


def spoil(table, row, **columns):
    """The table with other contents in one row."""
    rows = table.to_pylist()
    rows[row] |= columns
    return pa.Table.from_pylist(rows, schema=table.schema)


def test_bad_rows_and_files_are_set_aside(spark, daily, tmp_path):
    good = pq.read_table(daily / "part-00.parquet")
    values = good["values"].to_pylist()
    poisoned = spoil(good, 3, values=[*values[3][:10], float("inf"), *values[3][11:]])
    poisoned = spoil(poisoned, 5, values=[])
    poisoned = spoil(poisoned, 7, values=None)
    poisoned = spoil(poisoned, 9, id=good["id"][8].as_py())
    poisoned = spoil(poisoned, 11, id=None)
    poisoned = spoil(poisoned, 13, cadence="hourly")
    poisoned = spoil(poisoned, 15, start=None)
    folder = tmp_path / "readings"
    folder.mkdir()
    pq.write_table(poisoned, folder / "a.parquet", row_group_size=4)
    (folder / "b.parquet").write_bytes((daily / "part-01.parquet").read_bytes()[:-100])
    (folder / "c.parquet").write_text("id,time,value\n")
    pq.write_table(pa.table({"id": ["x"], "values": [["many"]]}), folder / "d.parquet")
    whole = bytearray((daily / "part-02.parquet").read_bytes())
    whole[2000:2400] = bytes(400)
    (folder / "e.parquet").write_bytes(whole)
    pq.write_table(pq.read_table(daily / "part-03.parquet"), folder / "f.parquet")

    done = ms.extract_features(spark, folder, tmp_path / "out", "minimal")
    status = table_of(tmp_path / "out" / "status").to_pylist()
    bad = [row for row in status if row["status"] != "ok"]
    rows = {row["row"]: row["reason"] for row in bad if row["file"].endswith("a.parquet")}
    assert set(rows) == {4, 6, 8, 9, 10, 12, 14, 16}
    expected = {4: "found inf .item 11 of the list., expected a finite number", 6: "holds no readings", 8: "holds no readings",
                9: "2 times, expected one row a consumer", 10: "2 times, expected one row a consumer", 12: "found no id",
                14: "found the cadence 'hourly', expected 'daily'", 16: "found no start"}
    for row, reason in expected.items():
        pytest.raises(ValueError, _say, rows[row]).match(reason)
    files = {Path(row["file"]).name: row for row in bad if row["row"] is None}
    assert set(files) == {"b.parquet", "c.parquet", "d.parquet", "e.parquet"} and all(row["id"] is None for row in files.values())
    assert done["quarantined"] == len(bad) == 12
    assert done["consumers"] == len(status) - 12 == len(good) - 8 + 50

    aside = {path.name[0]: pq.read_table(path) for path in (tmp_path / "out" / "quarantine").iterdir()}
    assert set(aside) == {"a", "b", "c", "d", "e"}
    assert aside["a"].select(good.column_names).to_pylist() == poisoned.take([row - 1 for row in sorted(rows)]).to_pylist()
    assert aside["b"]["fault_file"].to_pylist() == [files["b.parquet"]["file"]]

    ok = {row["id"] for row in status if row["status"] == "ok"}
    run("extract", daily.with_suffix(".parquet"), "--settings", "minimal", "--out", tmp_path / "whole.parquet")
    theirs = table_of(tmp_path / "whole.parquet")
    assert_same_bits(table_of(tmp_path / "out" / "features"), theirs.filter(pa.compute.is_in(theirs["id"], pa.array(ok))))


def _say(text):
    raise ValueError(text)


def test_what_is_finished_is_not_done_again(spark, towns, daily, tmp_path):
    folder = tmp_path / "readings"
    folder.mkdir()
    for path in daily.iterdir():
        os.link(path, folder / path.name)
    out = tmp_path / "out"

    def go(settings="minimal", **more):
        done = ms.extract_features(spark, folder, out, settings, **more)
        return done["done"], done["skipped"]

    assert go() == (12, 0) and go() == (0, 12)
    before = {path: path.stat().st_mtime_ns for path in (out / "features").iterdir()}
    part = pq.read_table(folder / "part-04.parquet")
    (folder / "part-04.parquet").unlink()
    pq.write_table(part.slice(1), folder / "part-04.parquet")
    assert go(batch_rows=100) == (1, 11)
    assert [path.name[:7] for path in (out / "features").iterdir() if path.stat().st_mtime_ns != before[path]] == ["part-04"]
    assert len(table_of(out / "features")) == 599
    next((out / "manifest").glob("part-07*")).unlink()
    assert go() == (1, 11)
    assert go("minimal+theft") == (12, 0)
    with pytest.raises(ValueError, match="holds features, expected a folder for scores alone"):
        ms.score(spark, folder, out, towns / "model.mh")
    assert table_of(out / "features").column_names != ["id"] and len(table_of(out / "features")) == 599


def test_ids_in_several_files_are_told(spark, daily, tmp_path):
    folder = tmp_path / "readings"
    folder.mkdir()
    one = pq.read_table(daily / "part-00.parquet")
    pq.write_table(one, folder / "a.parquet")
    pq.write_table(one.slice(0, 2), folder / "b.parquet")
    done = ms.extract_features(spark, folder, tmp_path / "out", "minimal")
    assert done["repeated_ids"] == {"ids": 2, "first": sorted(one["id"].to_pylist()[:2])}
