#!/usr/bin/env python3
"""Runs the tests of the Spark route on a real cluster on the loopback interface.

    tests/spark/run.py FOLDER [PYTEST ARGUMENT ...]

The wheel is built from this tree and installed into FOLDER/site, as tests/python/run.py does (METERHOUND_PYTHON_SITE names a folder
with the package instead). The environment with Spark is made once in the cache folder; it lacks the package. Java is installed where it
is missing. Exit status 77, with a line that says so, where that cannot be done or pip reaches no index.
"""
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
PACKAGE_TESTS = HERE.parent / "python"
sys.path[:0] = [str(SOURCE / "tools"), str(PACKAGE_TESTS)]
from peers import peer_python  # noqa: E402
from run import SKIPPED, install  # noqa: E402


def has_java():
    return shutil.which("java") is not None or "JAVA_HOME" in os.environ


def main():
    folder, *arguments = sys.argv[1:]
    if not has_java():
        subprocess.run([SOURCE / "tools" / "install_packages.sh", SOURCE / "tools" / "packages-spark.txt"])
    if not has_java():
        print("SKIPPED: found no Java, and it could not be installed", file=sys.stderr)
        return SKIPPED
    try:
        python = peer_python(HERE / "requirements.txt")
        builder = peer_python(PACKAGE_TESTS / "requirements.txt")
    except subprocess.CalledProcessError as error:
        print(f"SKIPPED: the environment of Spark's tests cannot be made here: {error}", file=sys.stderr)
        return SKIPPED
    site = os.environ.get("METERHOUND_PYTHON_SITE")
    if site is None:
        site = Path(folder).resolve() / "site"
        install(builder, site)
    pytest = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", HERE, *arguments]
    return subprocess.run(pytest, cwd=HERE, env=os.environ | {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}).returncode


if __name__ == "__main__":
    sys.exit(main())
