"""Environments with the pinned libraries that benchmarks and parity tests run beside the program, made once and kept."""
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
    if not (folder / ".done").exists():
        print(f"==> installing the peers of {requirements.name} into {folder} (once)", file=sys.stderr)
        subprocess.run([interpreter, "-m", "venv", "--clear", folder], check=True)
        pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "-r", requirements]
        subprocess.run(pip, check=True)
        (folder / ".done").touch()
    return python
