"""`python -m meterhound` is the program."""
import subprocess
import sys

import pytest

import meterhound
from meterhound.__main__ import program

pytestmark = pytest.mark.skipif(not program().is_file(), reason="the package was built without the program")


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "meterhound", *map(str, arguments)], capture_output=True, text=True)


def test_version():
    assert run("--version").stdout.strip() == f"meterhound {meterhound.__version__}"


def test_its_exit_status_and_errors_are_the_programs():
    done = run("extract", "/nowhere.csv", "--out", "x.csv")
    assert done.returncode == 2 and "/nowhere.csv" in done.stderr


def test_it_writes_parquet(tmp_path):
    town = tmp_path / "town.csv"
    assert run("simulate", "--consumers", 40, "--out", town, "--quiet").returncode == 0
    done = run("extract", town, "--settings", "minimal", "--out", tmp_path / "features.parquet", "--quiet")
    assert done.returncode == 0, done.stderr
