#!/usr/bin/env python3
"""Builds the wheel from this tree, installs it into a folder and runs the tests of the package on that.

    tests/python/run.py FOLDER [PYTEST ARGUMENT ...]

The environment with pytest, tsfresh and the other frames is made once in the cache folder. Exit status 77, with a line
that says so, where pip reaches no index. METERHOUND_PYTHON_SITE names a folder with the package instead of building it.
"""
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
sys.path.append(str(SOURCE / "tools"))
sys.path.append(str(HERE))
from fetch_tsfresh import tsfresh_source  # noqa: E402
from peers import peer_python  # noqa: E402

SKIPPED = 77


def install(python, site):
    """The wheel, built as `pip install .` builds it, in a folder of its own."""
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-build-isolation", "--no-deps",
           "--upgrade", "--target", site, SOURCE]
    beside = os.pathsep.join([str(Path(python).parent), os.environ.get("PATH", "")])
    # The compiler by the name that the rest of the tree is built with, so that ccache knows its files.
    subprocess.run(pip, check=True, env={"CC": "cc", "CXX": "c++"} | os.environ | {"PATH": beside})
    # In any site-packages pyarrow lies beside the package.
    where = [python, "-c", "import pathlib, pyarrow; print(pathlib.Path(pyarrow.__file__).parent)"]
    arrow = Path(site) / "pyarrow"
    arrow.unlink(missing_ok=True)
    arrow.symlink_to(subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip())


def main():
    folder, *arguments = sys.argv[1:]
    try:
        python = peer_python(HERE / "requirements.txt")
        tsfresh = tsfresh_source(python)
    except subprocess.CalledProcessError as error:
        print(f"SKIPPED: the environment of the package's tests cannot be made here: {error}", file=sys.stderr)
        return SKIPPED
    site = os.environ.get("METERHOUND_PYTHON_SITE")
    if site is None:
        site = Path(folder).resolve() / "site"
        install(python, site)
    # One thread for the peer's linear algebra; NumPy's sorts and ours have the same order of ties.
    environment = os.environ | {"PYTHONPATH": str(site), "METERHOUND_TSFRESH_SOURCE": str(tsfresh), "OPENBLAS_NUM_THREADS": "1",
                                "PYTHONDONTWRITEBYTECODE": "1"}
    pytest = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", HERE, "--ignore", HERE / "tsfresh_suite", *arguments]
    return subprocess.run(pytest, env=environment, cwd=HERE).returncode


if __name__ == "__main__":
    sys.exit(main())
