"""The built program as its users meet it: run it, read what it writes."""
import csv
import json
import os
import subprocess
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("METERHOUND_PROGRAM", str(SOURCE / "bin" / "meterhound"))


def run(*args, env=None, status=0):
    """Runs `meterhound args`; fails with the program's own words unless it exits with `status`."""
    done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, env={**os.environ, **(env or {})})
    if done.returncode != status:
        raise AssertionError(f"meterhound {' '.join(map(str, args))}: exit {done.returncode}, expected {status}\n{done.stderr}")
    return done


def answer(*args):
    return json.loads(run(*args, "--json").stdout)


def rows(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))


def write_rows(path, lines):
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    return path
