"""What Spark's workers compute is what the program computes in one process, to the last bit."""
import csv

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import assert_same_bits, lists_of, matrix_of, run, table_of, write_lists

from meterhound import Detector, EfficientFCParameters
from meterhound import spark as ms


def one_process(file, out, *flags):
    run("extract", file, "--out", out, *flags)
    return table_of(out)


def test_daily_lists(spark, daily, tmp_path):
    done = ms.extract_features(spark, daily, tmp_path / "out", "efficient+theft")
    assert done | {"units": 12, "done": 12, "skipped": 0, "consumers": 600, "quarantined": 0, "cadence": "daily"} == done
    assert done["repeated_ids"]["ids"] == 0
    theirs = one_process(daily.with_suffix(".parquet"), tmp_path / "whole.parquet", "--settings", "efficient+theft")
    assert_same_bits(table_of(tmp_path / "out" / "features"), theirs)
    status = table_of(tmp_path / "out" / "status")
    assert status["id"].to_pylist() == theirs["id"].to_pylist() and set(status["status"].to_pylist()) == {"ok"}
    assert not list((tmp_path / "out" / "quarantine").iterdir())


def test_half_hourly_lists_with_times(spark, towns, tmp_path):
    ids, values, _ = matrix_of(towns / "half_hourly.csv")
    times = np.datetime64("2014-01-01T00:30") + np.arange(values.shape[1]) * np.timedelta64(30, "m")
    stamps = pa.ListArray.from_arrays(np.arange(len(ids) + 1, dtype=np.int32) * len(times),
                                      pa.array(np.tile(times.astype("datetime64[ms]"), len(ids))))
    table = pa.table({"meter_id": ids, "times": stamps, "values": lists_of(values.astype(np.float32))})
    folder = write_lists(tmp_path / "half_hourly", table, 4)
    done = ms.extract_features(spark, folder, tmp_path / "out", "efficient+theft", clean="seasonal_median", batch_rows=7)
    assert done["cadence"] == "half_hourly"
    theirs = one_process(folder.with_suffix(".parquet"), tmp_path / "whole.parquet", "--settings", "efficient+theft", "--set",
                         "clean.policy=seasonal_median")
    assert_same_bits(table_of(tmp_path / "out" / "features"), theirs)


@pytest.mark.parametrize("town, cadence, step", [("daily", "daily", 86400), ("half_hourly", "half_hourly", 1800)])
def test_long_readings(spark, towns, tmp_path, town, cadence, step):
    """Rows in any order, each consumer within one file; settings are a dictionary."""
    ids, values, _ = matrix_of(towns / f"{town}.csv")
    ids, values = ids[:36], values[:36]
    times = np.datetime64("2014-01-01", "s") + np.arange(values.shape[1]) * np.timedelta64(step, "s")
    table = pa.table({"id": np.repeat(ids, len(times)), "time": np.tile(times.astype("datetime64[us]"), len(ids)),
                      "kwh": pa.array(values.ravel(), from_pandas=True)})
    folder = tmp_path / "long"
    folder.mkdir()
    dice = np.random.default_rng(1)
    for number, some in enumerate(np.array_split(np.arange(len(table)), 3)):
        pq.write_table(table.take(pa.array(dice.permutation(some))), folder / f"{number}.parquet")
    pq.write_table(table, tmp_path / "all.parquet")
    done = ms.extract_features(spark, folder, tmp_path / "out", EfficientFCParameters())
    assert done["consumers"] == 36 and done["cadence"] == cadence
    theirs = one_process(tmp_path / "all.parquet", tmp_path / "whole.parquet", "--settings", "efficient+time_based")
    ours = table_of(tmp_path / "out" / "features")
    assert set(ours.column_names) == set(theirs.column_names) and ours.column_names[1].startswith("kwh__")
    assert_same_bits(ours, theirs.select(ours.column_names))


def test_scores_and_the_list(spark, towns, daily, tmp_path):
    done = ms.score(spark, daily, tmp_path / "out", towns / "model.mh")
    assert done["consumers"] == 600 and done["quarantined"] == 0
    run("score", daily.with_suffix(".parquet"), "--model", towns / "model.mh", "--out", tmp_path)
    with open(tmp_path / "scores.csv", encoding="utf-8") as file:
        theirs = list(csv.DictReader(file))
    ours = ms.first(spark, tmp_path / "out", 600, towns / "model.mh")
    assert list(ours.index) == [row["consumer_id"] for row in theirs]
    for name in ("probability", "probability_low", "probability_high", "anomaly_score", "missing_kwh", "missing_kwh_low",
                 "missing_kwh_high"):
        np.testing.assert_array_equal(ours[name].to_numpy(float), [float(row[name] or "nan") for row in theirs])
    assert any(row["missing_kwh"] for row in theirs) and any(row["listed_for"] == "sign" for row in theirs)
    for name in ("tier", "listed_for"):
        assert list(ours[name]) == [row[name] for row in theirs]
    # Fewer places are the head of the same list.
    assert list(ms.first(spark, tmp_path / "out", 45, towns / "model.mh").index) == list(ours.index[:45])
    frame = Detector.load(towns / "model.mh").score_consumers(daily.with_suffix(".parquet"))
    assert list(frame["margin"]) == list(ours["margin"]) and list(frame["trained_on"]) == list(ours["trained_on"])


def test_a_consumer_that_the_model_learnt_from(spark, towns, tmp_path):
    ids, values, _ = matrix_of(towns / "known.csv")
    start = pa.array([16071] * len(ids), pa.int32()).cast(pa.date32())
    table = pa.table({"id": ids, "start": start, "cadence": ["daily"] * len(ids), "values": lists_of(values)})
    ms.score(spark, write_lists(tmp_path / "known", table, 2), tmp_path / "out", towns / "model.mh")
    assert all(table_of(tmp_path / "out" / "scores")["trained_on"].to_pylist())


def test_what_cannot_work_fails_on_the_driver(spark, towns, daily, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="holds no Parquet files"):
        ms.extract_features(spark, tmp_path / "empty", tmp_path / "out")
    with pytest.raises(ValueError, match="nope"):
        ms.extract_features(spark, daily, tmp_path / "out", "nope")
    with pytest.raises(ValueError, match="auto"):
        ms.extract_features(spark, daily, tmp_path / "out", "auto")
    with pytest.raises(ValueError, match="runs? natively"):
        ms.extract_features(spark, daily, tmp_path / "out", {len: None})
    with pytest.raises(ValueError, match="forward_backward_zero"):
        ms.extract_features(spark, daily, tmp_path / "out", clean="nope")
    (tmp_path / "bad.mh").write_bytes(b"no model")
    with pytest.raises(ValueError, match="not a"):
        ms.score(spark, daily, tmp_path / "out", tmp_path / "bad.mh")
