"""The package travels in an archive: neither the driver's nor the executors' Python has it."""
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cluster import HOME, environment
from conftest import SITE, assert_same_bits, run, table_of

import meterhound
from meterhound import spark as ms

JOB = Path(meterhound.__file__).parent / "spark_job.py"


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A Python with nothing installed."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    for name in ("meterhound", "numpy", "pandas", "pyarrow", "pyspark"):
        done = subprocess.run([python, "-c", f"import {name}"], capture_output=True, text=True, env=environment(), cwd="/")
        assert f"No module named '{name}'" in done.stderr
    return python


def submit(cluster, arguments, *flags, python=sys.executable):
    settings = cluster.settings("archive") | {"spark.pyspark.python": python, "spark.pyspark.driver.python": python}
    line = [HOME / "bin" / "spark-submit", *(part for each in settings.items() for part in ("--conf", "=".join(map(str, each)))), *flags]
    # spark-submit lets a Python application's two streams come out as one.
    return subprocess.run([str(part) for part in (*line, *arguments)], capture_output=True, text=True, env=environment(), cwd="/")


def test_everything_arrives_in_the_archive(cluster, bare, daily, tmp_path):
    """Neither driver nor executors have anything but Python; the job's file lies alone."""
    packed = [each.split()[0] for each in ms.pack(tmp_path / "meterhound.zip")]
    assert {"meterhound", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy"} <= set(packed)
    shutil.copy(JOB, tmp_path)
    done = submit(cluster, [tmp_path / JOB.name, "extract", daily, tmp_path / "out", "--settings", "efficient"], "--archives",
                  f"{tmp_path}/meterhound.zip#meterhound-env", "--conf", "spark.executorEnv.PYTHONPATH=meterhound-env", python=bare)
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "meterhound.zip").unlink()
    assert json.loads(done.stdout.splitlines()[-1])["consumers"] == 600
    run("extract", daily.with_suffix(".parquet"), "--settings", "efficient", "--out", tmp_path / "whole.parquet")
    assert_same_bits(table_of(tmp_path / "out" / "features"), table_of(tmp_path / "whole.parquet"))


def test_the_package_alone_under_its_own_name(cluster, towns, daily, tmp_path):
    """Spark's Python has what the package needs, and not the package; the detector finds Arrow in the pyarrow that the process has loaded."""
    assert ms.pack(tmp_path / "small.zip", without=["*"]) == [f"meterhound {meterhound.__version__}"]
    done = subprocess.run([sys.executable, "-c", "import meterhound"], env=environment(), cwd="/", capture_output=True, text=True)
    assert "No module named 'meterhound'" in done.stderr
    done = submit(cluster, [JOB, "score", daily, tmp_path / "out", "--model", towns / "model.mh"], "--archives",
                  f"{tmp_path}/small.zip#meterhound")
    assert done.returncode == 0, done.stdout + done.stderr
    run("score", daily.with_suffix(".parquet"), "--model", towns / "model.mh", "--out", tmp_path)
    listed = {line.split(",")[0]: float(line.split(",")[1]) for line in (tmp_path / "scores.csv").read_text().splitlines()[1:]}
    scores = table_of(tmp_path / "out" / "scores")
    assert dict(zip(scores["id"].to_pylist(), scores["probability"].to_pylist())) == listed


def test_without_the_archive_it_says_so(cluster, daily, tmp_path):
    done = submit(cluster, [JOB, "extract", daily, tmp_path / "out"])
    assert done.returncode != 0 and "found no package meterhound" in done.stdout


def test_the_job_explains_itself():
    done = subprocess.run([sys.executable, JOB, "--help"], capture_output=True, text=True, env=environment(PYTHONPATH=str(SITE)))
    assert done.returncode == 0 and all(command in done.stdout for command in ("extract", "score", "first", "compact", "pack"))


def test_a_clear_error_without_spark():
    code = ("import sys; sys.modules['pyspark'] = None; from meterhound import spark; spark.main(['extract', 'a', 'b'])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(PYTHONPATH=str(SITE)))
    assert done.returncode == 1 and done.stderr.strip() == "meterhound.spark needs pyspark: pip install 'meterhound[spark]'"
