"""Environments with the pinned libraries that benchmarks and parity tests run beside the program, made once and kept."""
import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path


def cache_folder():
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "meterhound"


def peer_python(requirements):
    """The interpreter of an environment with these requirements, which is complete once it holds a file .done."""
    interpreter = os.environ.get("METERHOUND_PYTHON", "/usr/bin/python3")
    version = subprocess.run([interpreter, "-VV"], check=True, capture_output=True).stdout
    key = hashlib.sha256(version + requirements.read_bytes()).hexdigest()[:12]
    folder = cache_folder() / f"peers-{key}"
    python = folder / "bin" / "python"
    cache_folder().mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "w") as lock:  # whoever comes second waits for the first
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".done").exists():
            make(interpreter, folder, requirements)
    return python


def enter(requirements):
    """Starts the running script again in the environment with these requirements, unless it is there already."""
    python = str(peer_python(requirements))
    if sys.executable != python:
        os.execv(python, [python, *sys.argv])


def make(interpreter, folder, requirements):
    print(f"==> installing the peers of {requirements.name} into {folder} (once)", file=sys.stderr)
    subprocess.run([interpreter, "-m", "venv", "--clear", folder], check=True)
    pip = [folder / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "-r", requirements]
    subprocess.run(pip, check=True)
    (folder / ".done").touch()
