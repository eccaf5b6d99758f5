"""compact: months of long readings become lists in buckets; a new month leaves the older files alone."""
import gzip
import hashlib
import random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import assert_same_bits, matrix_of, run, table_of

from meterhound import spark as ms
from meterhound.parquet_units import list_units


def write_month(path, ids, days, values, dice):
    """A long file of these days, rows in any order: CSV, packed CSV or Parquet."""
    rows = [(each, day, value) for each, row in zip(ids, values) for day, value in zip(days, row)]
    dice.shuffle(rows)
    if path.suffix == ".parquet":
        pq.write_table(pa.table({"id": [row[0] for row in rows], "time": np.array([row[1] for row in rows], "datetime64[us]"),
                                 "kwh": pa.array([row[2] for row in rows], from_pandas=True)}), path)
        return
    text = "id,time,kwh\n" + "".join(f"{each},{day},{'' if np.isnan(value) else repr(float(value))}\n" for each, day, value in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


def files_of(folder):
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.glob("bucket=*/*")}


@pytest.fixture(scope="module")
def months(towns):
    """(ids, days, values) of three months; the last consumers come in the second month only."""
    ids, values, _ = matrix_of(towns / "daily.csv")
    days = np.datetime64("2014-01-01") + np.arange(90)
    return ids[:80], days, values[:80, :90]


def test_new_months_join(spark, months, tmp_path):
    ids, days, values = months
    dice, drops, lists = random.Random(1), tmp_path / "drops", tmp_path / "lists"
    drops.mkdir()
    write_month(drops / "2014-01.csv", ids[:70], days[:30], values[:70, :30], dice)
    first = ms.compact(drops, lists, buckets=8)
    assert first | {"files": 1, "readings": 2100, "pieces": 70, "quarantined": 0} == first
    assert ms.compact(drops, lists)["files"] == 0
    old = files_of(lists)
    write_month(drops / "2014-02.csv.gz", ids, days[30:60], values[:, 30:60], dice)
    write_month(drops / "2014-03.parquet", ids, days[60:], values[:, 60:], dice)
    assert ms.compact(drops, lists)["pieces"] == 80
    new = files_of(lists)
    assert {path: new[path] for path in old} == old and len(new) == len(old) + 8
    for path in new:
        bucket = int(path.parent.name.partition("=")[2])
        for each in pq.read_table(path, partitioning=None)["id"].to_pylist():
            assert int.from_bytes(hashlib.md5(each.encode()).digest()[8:], "little") % 8 == bucket

    done = ms.extract_features(spark, lists, tmp_path / "out", "efficient+theft")
    assert done["units"] == 8 and done["consumers"] == 80 and done["readings"] == 70 * 90 + 10 * 60
    whole = tmp_path / "whole.csv"
    rows = [(each, str(day), value) for number, each in enumerate(ids) for day, value in zip(days, values[number]) if number < 70 or day >= days[30]]
    whole.write_text("id,time,value\n" + "".join(f"{each},{day},{'' if np.isnan(value) else repr(float(value))}\n" for each, day, value in rows))
    run("extract", whole, "--settings", "efficient+theft", "--out", tmp_path / "whole.parquet")
    assert_same_bits(table_of(tmp_path / "out" / "features"), table_of(tmp_path / "whole.parquet"))


def test_only_the_buckets_of_new_readings_are_worked_on_again(spark, months, tmp_path):
    ids, days, values = months
    dice, drops, lists = random.Random(1), tmp_path / "drops", tmp_path / "lists"
    drops.mkdir()
    write_month(drops / "a.csv", ids, days[:40], values[:, :40], dice)
    ms.compact(drops, lists, buckets=8)
    assert ms.extract_features(spark, lists, tmp_path / "out", "minimal")["done"] == 8
    write_month(drops / "b.csv", ids[:1], days[40:50], values[:1, 40:50], dice)
    ms.compact(drops, lists)
    done = ms.extract_features(spark, lists, tmp_path / "out", "minimal")
    assert (done["done"], done["skipped"], done["consumers"]) == (1, 7, 80)


def test_bad_readings_set_their_consumers_aside(spark, months, tmp_path):
    ids, days, values = months
    drops, lists = tmp_path / "drops", tmp_path / "lists"
    drops.mkdir()
    write_month(drops / "a.csv", ids, days[:40], values[:, :40], random.Random(1))
    with open(drops / "a.csv", "a", encoding="utf-8") as file:
        file.write(f"{ids[0]},2014-03-01,many\n{ids[1]},soon,1.5\n,2014-03-01,1.5\n{ids[2]},2014-03-01,inf\n{ids[3]},{days[5]},1.25\n")
    counts = ms.compact(drops, lists, buckets=3)
    assert counts["quarantined"] == 4
    aside = pq.read_table(next((lists / "_quarantine").iterdir())).to_pylist()
    assert sorted((row["fault_id"] or "", row["fault_reason"].split(",")[0]) for row in aside) == sorted(
        [(ids[0], "found many"), (ids[1], "found no time"), ("", "found no id"), (ids[2], "found inf")])
    done = ms.extract_features(spark, lists, tmp_path / "out", "minimal")
    bad = {row["id"] for row in table_of(tmp_path / "out" / "status").to_pylist() if row["status"] != "ok"}
    assert bad == set(ids[:4]) and done["consumers"] == 76


def test_an_unreadable_file_sets_its_bucket_aside(spark, months, tmp_path):
    """Features of half a series would look like a theft."""
    ids, days, values = months
    drops, lists = tmp_path / "drops", tmp_path / "lists"
    drops.mkdir()
    for number in range(2):
        write_month(drops / f"{number}.csv", ids, days[40 * number:40 * number + 40], values[:, 40 * number:40 * number + 40], random.Random(1))
        ms.compact(drops, lists, buckets=4)
    unit = list_units(lists)[1]
    broken = lists / unit["files"][1][0]
    hit = pq.ParquetFile(broken).read(columns=["id"])["id"].to_pylist()
    with open(broken, "r+b") as file:
        file.truncate(1000)
    done = ms.extract_features(spark, lists, tmp_path / "out", "minimal")
    status = table_of(tmp_path / "out" / "status").to_pylist()
    assert {row["id"] for row in status if row["status"] != "ok"} == {*hit, None}
    assert done["consumers"] == len(ids) - len(hit) > 0


def test_what_is_not_as_expected_is_refused(months, tmp_path):
    ids, days, values = months
    drops, lists = tmp_path / "drops", tmp_path / "lists"
    drops.mkdir()
    write_month(drops / "a.csv", ids, days[:5], values[:, :5], random.Random(1))
    ms.compact(drops, lists, buckets=4)
    with pytest.raises(ValueError, match="buckets: found 5, expected 4"):
        ms.compact(drops, lists, buckets=5)
    write_month(drops / "a.csv", ids, days[:6], values[:, :6], random.Random(1))
    with pytest.raises(ValueError, match="a.csv: has changed"):
        ms.compact(drops, lists)
    (drops / "a.csv").unlink()
    (drops / "b.csv").write_text("id,when,kwh\na,2014-01-01,1\n")
    with pytest.raises(ValueError, match="found no column 'time'"):
        ms.compact(drops, lists)
    (drops / "b.csv").write_text("id,time,kind,kwh\na,2014-01-01,gas,1\na,2014-01-01,elec,2\n")
    with pytest.raises(ValueError, match="elec, gas"):
        ms.compact(drops, lists)
    assert ms.compact(drops, lists, kind="gas")["readings"] == 1
    assert not (lists / "_temporary" / "x").exists() and not list((lists / "_temporary").iterdir())
