"""The cluster, an application on it, and folders of readings that several tests share."""
import os
import subprocess
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from cluster import Cluster, environment

import meterhound
from meterhound.__main__ import program

SITE = Path(meterhound.__file__).resolve().parents[1]


def run(*arguments):
    """The program, in one process."""
    line = [str(part) for part in (program(), *arguments, "--quiet")]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout


def table_of(folder):
    return pyarrow.dataset.dataset(folder, format="parquet").to_table().sort_by("id")


def assert_same_bits(ours, theirs):
    """Two tables of numbers by id; NaN equals NaN."""
    assert ours["id"].to_pylist() == theirs["id"].to_pylist() and ours.column_names == theirs.column_names
    for name in ours.column_names[1:]:
        left, right = ours[name].to_numpy(), theirs[name].to_numpy()
        same = (left.view(np.int64) == right.view(np.int64)) | (np.isnan(left) & np.isnan(right))
        assert same.all(), f"{name}: {np.count_nonzero(~same)} values differ"


def matrix_of(path):
    """(ids, consumers x times, dates) of a wide CSV file; NaN is missing."""
    table = pyarrow.csv.read_csv(path)
    columns = [np.asarray(table[name].cast(pa.float64()).fill_null(np.nan)) for name in table.column_names[2:]]
    return table.column(0).to_pylist(), np.column_stack(columns), table.column_names[2:]


def lists_of(values):
    """An array of lists of equal length; NaN becomes null."""
    rows, length = values.shape
    return pa.ListArray.from_arrays(np.arange(rows + 1, dtype=np.int32) * length, pa.array(values.ravel(), from_pandas=True))


def write_lists(folder, table, files):
    """The rows in this many files, and in one beside the folder."""
    folder.mkdir()
    step = -(-len(table) // files)
    for number, begin in enumerate(range(0, len(table), step)):
        pq.write_table(table.slice(begin, step), folder / f"part-{number:02}.parquet")
    pq.write_table(table, folder.with_suffix(".parquet"))
    return folder


@pytest.fixture(scope="session")
def towns(tmp_path_factory):
    """Wide files of made-up towns: known (to train on), daily, half_hourly."""
    folder = tmp_path_factory.mktemp("towns")
    run("simulate", "--consumers", 400, "--days", 420, "--seed", 3, "--theft", 0.2, "--out", folder / "known.csv")
    run("simulate", "--consumers", 600, "--days", 420, "--seed", 4, "--out", folder / "daily.csv")
    run("simulate", "--consumers", 40, "--days", 60, "--seed", 5, "--half-hourly", "--out", folder / "half_hourly.csv")
    run("train", folder / "known.csv", "--out", folder, "--set", "detection.xgboost.n_estimators=60")
    return folder


@pytest.fixture(scope="session")
def daily(towns):
    """Lists with start and cadence in twelve files."""
    ids, values, _ = matrix_of(towns / "daily.csv")
    start = pa.array([16071] * len(ids), pa.int32()).cast(pa.date32())  # 2014-01-01
    table = pa.table({"id": ids, "start": start, "cadence": ["daily"] * len(ids), "values": lists_of(values)})
    return write_lists(towns / "daily", table, 12)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    with Cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="session")
def spark(cluster):
    """An application whose Python workers have the package."""
    from pyspark.sql import SparkSession

    os.environ.update(environment(PYTHONPATH=os.environ["PYTHONPATH"]))
    builder = SparkSession.builder
    for name, value in cluster.settings("tests", SITE).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
