"""The source distribution holds all that is under version control, and nothing that a build made."""
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
MOST_BYTES = 5_000_000


def test_files(tmp_path):
    listed = subprocess.run(["git", "-C", SOURCE, "ls-files", "-z"], capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("the files are not under version control here")
    line = f"from scikit_build_core.build import build_sdist; build_sdist({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", line], cwd=SOURCE, check=True, capture_output=True,
                   env=os.environ | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])})
    archive, = tmp_path.glob("meterhound-*.tar.gz")
    with tarfile.open(archive) as tar:
        held = {name.partition("/")[2] for name in tar.getnames()}
    assert archive.stat().st_size < MOST_BYTES
    assert not set(filter(None, listed.stdout.split("\0"))) - held
    assert not {name for name in held if name.startswith(("build/", "bin/", "out/", "data/")) or name.endswith((".so", ".pyc"))}
