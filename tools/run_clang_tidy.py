#!/usr/bin/env python3
"""Runs clang-tidy over the sources that a build compiles, several at a time; prints each finding once.

    tools/run_clang_tidy.py BUILD

BUILD holds compile_commands.json and should be up to date. A file found clean is left alone until its object file is
rebuilt (so until it, or a header it includes, changes) or .clang-tidy changes; BUILD/tidy/ keeps that. Exit status 1
when there is a finding.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src", "apps", "tests")
DIAGNOSTIC = re.compile(r"^(\S+:\d+:\d+): (?:error|warning): ", re.MULTILINE)
# Flags of the build that mean something to GCC alone: its own warnings, its OpenMP header.
ARGUMENTS = ("--quiet", "--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-fno-openmp")


def sources(build):
    """(source relative to ROOT, its object file) of everything compiled from the tree; generated files are left out."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        folder = Path(entry["directory"])
        source = (folder / entry["file"]).resolve()
        if not source.is_relative_to(ROOT) or source.relative_to(ROOT).parts[0] not in FOLDERS:
            continue
        command = shlex.split(entry["command"])
        found[source.relative_to(ROOT)] = folder / command[command.index("-o") + 1]
    return sorted(found.items())


def modified(path):
    return path.stat().st_mtime_ns if path.exists() else None


def is_clean(stamp, source, object_file):
    last = modified(stamp)
    inputs = [modified(ROOT / ".clang-tidy"), modified(ROOT / source), modified(object_file)]
    return last is not None and all(when is not None and when < last for when in inputs)


def diagnostics(output):
    """(place and message, whole text) of each; a note belongs to the diagnostic before it."""
    block = []
    for line in output.splitlines():
        if DIAGNOSTIC.match(line) and block:
            yield block[0], "\n".join(block)
            block = []
        if block or DIAGNOSTIC.match(line):
            block.append(line)
    if block:
        yield block[0], "\n".join(block)


def tidy(program, build, source):
    return subprocess.run([program, "-p", build, *ARGUMENTS, source], cwd=ROOT, capture_output=True, text=True)


def main(build):
    build = Path(build).resolve()
    program = os.environ.get("CLANG_TIDY", "clang-tidy-14")
    todo = []
    for source, object_file in sources(build):
        stamp = build / "tidy" / f"{source}.clean"
        if not is_clean(stamp, source, object_file):
            todo.append((source, stamp))

    said, failed, done = set(), False, 0
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        runs = {pool.submit(tidy, program, build, source): (source, stamp) for source, stamp in todo}
        for run in as_completed(runs):
            source, stamp = runs[run]
            result = run.result()
            done += 1
            if sys.stderr.isatty():
                print(f"\rclang-tidy {done}/{len(todo)}", end="\n" if done == len(todo) else "", file=sys.stderr)
            if result.returncode == 0:
                stamp.parent.mkdir(parents=True, exist_ok=True)
                stamp.touch()
                continue
            failed = True
            found = [(first, text) for first, text in diagnostics(result.stdout) if first not in said]
            said.update(first for first, _ in found)
            for _, text in found:
                print(text.replace(f"{ROOT}/", ""), flush=True)
            if not DIAGNOSTIC.search(result.stdout):  # it did not get as far as looking
                print(f"{source}:1: clang-tidy failed: {(result.stderr or result.stdout).strip()}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
