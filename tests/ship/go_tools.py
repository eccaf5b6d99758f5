"""Validators that are built through Go, one pinned version each, into the cache folder, once."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tools"))

import peers  # noqa: E402


def go_tool(package, version):
    """The program of a package, or nothing, with the reason said on standard error, where there is no Go or no module proxy."""
    name = package.rsplit("/", 1)[1]
    folder = peers.cache_folder() / "go" / f"{package.replace('/', '-')}-{version}"
    if (folder / name).exists():
        return folder / name
    if shutil.which("go") is None:
        print(f"SKIPPED: no Go to build {package} with", file=sys.stderr)
        return None
    done = subprocess.run(["go", "install", f"{package}@{version}"], capture_output=True, text=True, env={**os.environ, "GOBIN": str(folder)})
    if done.returncode:
        print(f"SKIPPED: {package} cannot be had: {done.stderr}", file=sys.stderr)
        return None
    return folder / name
