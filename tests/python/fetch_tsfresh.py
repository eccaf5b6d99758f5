"""tsfresh's source distribution, whose tests we run, in the cache folder; fetched from PyPI once."""
import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))
from peers import cache_folder  # noqa: E402

VERSION = "0.21.2"
SHA256 = "a960f474498da07f5ed9992f2054db1d7483e224fdf91d89c28535c3af5cb17d"


def tsfresh_source(python):
    """The unpacked folder. `python` is an interpreter with unearth, which fetches without building."""
    folder = cache_folder() / f"tsfresh-{VERSION}"
    if (folder / ".done").exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    fetch = [Path(python).parent / "unearth", f"tsfresh=={VERSION}", "--no-binary", "-d", folder.parent]
    subprocess.run(fetch, check=True, stdout=subprocess.DEVNULL)
    archive = folder.parent / f"tsfresh-{VERSION}.tar.gz"
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        raise RuntimeError(f"{archive.name} does not have the expected sha256")
    with tarfile.open(archive) as tar:
        tar.extractall(folder.parent, filter="data") if hasattr(tarfile, "data_filter") else tar.extractall(folder.parent)
    archive.unlink()
    (folder / ".done").touch()
    return folder
