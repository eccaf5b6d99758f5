"""The package travels in an archive: neither the driver's nor the executors' Python has it."""
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cluster import HOME, environment
from conftest import SITE, assert_same_bits, run, table_of

import meterhound
from meterhound import spark as ms

JOB = Path(meterhound.__file__).parent / "spark_job.py"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The package alone: Spark's Python has what it needs besides."""
    path = tmp_path_factory.mktemp("archive") / "meterhound.zip"
    assert ms.pack(path, without=["*"]) == [f"meterhound {meterhound.__version__}"]
    return path


def submit(cluster, arguments, *flags):
    settings = [part for name, value in cluster.settings("archive").items() for part in ("--conf", f"{name}={value}")]
    line = [HOME / "bin" / "spark-submit", *settings, *flags, *arguments]
    # spark-submit lets a Python application's two streams come out as one.
    return subprocess.run([str(part) for part in line], capture_output=True, text=True, env=environment(), cwd=Path(__file__).parent)


def test_the_python_lacks_the_package():
    done = subprocess.run([sys.executable, "-c", "import meterhound"], env=environment(), cwd="/", capture_output=True, text=True)
    assert done.returncode != 0 and "No module named 'meterhound'" in done.stderr


def test_extraction(cluster, archive, daily, tmp_path):
    done = submit(cluster, [JOB, "extract", daily, tmp_path / "out", "--settings", "efficient"], "--archives", f"{archive}#meterhound-env")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["consumers"] == 600
    run("extract", daily.with_suffix(".parquet"), "--settings", "efficient", "--out", tmp_path / "whole.parquet")
    assert_same_bits(table_of(tmp_path / "out" / "features"), table_of(tmp_path / "whole.parquet"))


def test_scores_under_another_name(cluster, archive, towns, daily, tmp_path):
    """The detector's module finds Arrow in the pyarrow that the process has loaded."""
    done = submit(cluster, [JOB, "score", daily, tmp_path / "out", "--model", towns / "model.mh", "--archive", "other"], "--archives",
                  f"{archive}#other")
    assert done.returncode == 0, done.stdout + done.stderr
    run("score", daily.with_suffix(".parquet"), "--model", towns / "model.mh", "--out", tmp_path)
    listed = {line.split(",")[0]: float(line.split(",")[1]) for line in (tmp_path / "scores.csv").read_text().splitlines()[1:]}
    scores = table_of(tmp_path / "out" / "scores")
    assert dict(zip(scores["id"].to_pylist(), scores["probability"].to_pylist())) == listed


def test_without_the_archive_it_says_so(cluster, daily, tmp_path):
    done = submit(cluster, [JOB, "extract", daily, tmp_path / "out"])
    assert done.returncode != 0 and "found no package meterhound" in done.stdout


def test_the_whole_archive_stands_alone(tmp_path):
    """With everything in it, a Python with nothing installed computes features."""
    path = tmp_path / "all.zip"
    names = [each.split()[0] for each in ms.pack(path)]
    assert {"meterhound", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy"} <= set(names)
    with zipfile.ZipFile(path) as zipped:
        zipped.extractall(tmp_path / "all")
    bare = Path(os.path.realpath(sys.executable))
    code = ("import sys; sys.path[:] = [sys.argv[1]] + [each for each in sys.path if 'packages' not in each]; "
            "import numpy as np, meterhound.spark, meterhound._detector; from meterhound import _native; "
            "assert np.__file__.startswith(sys.argv[1]); "
            "print(_native.Extractor({'default': 'minimal', 'kinds': {}}, ['value']).extract("
            "[(np.arange(9.0), np.array([0, 9]), None)]).shape)")
    done = subprocess.run([bare, "-I", "-c", code, tmp_path / "all"], capture_output=True, text=True, cwd="/")
    assert done.stdout.strip() == "(1, 10)", done.stderr


def test_the_job_explains_itself():
    done = subprocess.run([sys.executable, JOB, "--help"], capture_output=True, text=True, env=environment(PYTHONPATH=str(SITE)))
    assert done.returncode == 0 and all(command in done.stdout for command in ("extract", "score", "first", "compact", "pack"))


def test_a_clear_error_without_spark():
    code = ("import sys; sys.modules['pyspark'] = None; from meterhound import spark; spark.main(['extract', 'a', 'b'])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(PYTHONPATH=str(SITE)))
    assert done.returncode == 1 and done.stderr.strip() == "meterhound.spark needs pyspark: pip install 'meterhound[spark]'"
