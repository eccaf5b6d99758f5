#!/usr/bin/env python3
"""Holds the C++ tree to the dependency rule of docs/architecture.md; one line `file:line: what` for each breach.

    tools/check_includes.py [ROOT]

Exit status 0 when the tree keeps the rule, 1 when it does not, 2 when ROOT holds no src folder.
"""

import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

# What each room may include besides itself, nearest first; docs/architecture.md draws the same picture.
STAGES = ("numerics", "base")
ROOMS = {
    "base": (),
    "numerics": ("base",),
    "readings": STAGES,
    "clean": STAGES,
    "features": STAGES,
    "simulate": STAGES,
    "detectors": STAGES,
    "monitor": STAGES,
    "network": ("base",),
    "notify": ("network", "base"),
    "llm": ("network", "base"),
    "http": ("base",),
    "store": ("base",),
    "explain": ("detectors", *STAGES),
    "report": ("explain", "detectors", "monitor", *STAGES),
}
ROOMS["pipeline"] = ("llm", "network", "report", "explain", "detectors", "monitor", "simulate", "features", "clean", "readings", *STAGES)
ROOMS["serve"] = ("pipeline", "notify", "store", "http", *ROOMS["pipeline"])
ROOMS["cli"] = ("serve", *ROOMS["serve"])
APPS = ("cli", "serve", "llm", "base")

SUFFIXES = (".h", ".cc", ".h.in", ".cc.in")
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
NAMESPACE = re.compile(r"\s*(?:inline\s+)?namespace\s+(meterhound[\w:]*)\s*\{")


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Include:
    line: int
    target: str  # as written
    quoted: bool


class SourceFile:
    """One file of src, apps or tests, with what the rule asks about."""

    def __init__(self, root, path):
        self.name = path.relative_to(root).as_posix()
        self.top, _, self.below = self.name.partition("/")
        self.lines = path.read_text(encoding="utf-8").splitlines()
        self.is_header = self.name.removesuffix(".in").endswith(".h")
        self.stem = path.name.split(".")[0]
        # Where its declarations live: a room of src, otherwise apps or tests as a whole.
        self.room = self.below.partition("/")[0] if self.top == "src" else self.top
        self.includes = []
        self.namespaces = []  # (line, name), those under meterhound
        for number, text in enumerate(self.lines, start=1):
            if include := INCLUDE.match(text):
                self.includes.append(Include(number, include[2], include[1] == '"'))
            elif namespace := NAMESPACE.match(text):
                self.namespaces.append((number, namespace[1]))

    def finding(self, line, message):
        return Finding(self.name, line, message)


def read_tree(root):
    files = []
    for top in ("src", "apps", "tests"):
        for path in sorted((root / top).rglob("*")):
            if path.is_file() and path.name.endswith(SUFFIXES):
                files.append(SourceFile(root, path))
    return files


def includable(files):
    """What a quoted include may name: header's path from src (or tests) -> file. A .h.in stands for what it generates."""
    return {f.below.removesuffix(".in"): f for f in files if f.is_header and f.top in ("src", "tests")}


def check_rooms(files):
    for file in files:
        if file.top == "src" and file.room not in ROOMS:
            yield file.finding(1, f"room src/{file.room} is unknown to tools/check_includes.py; give it a line in ROOMS")


def check_includes(files):
    headers = includable(files)
    for file in files:
        for include in file.includes:
            if message := include_breach(file, include, headers):
                yield file.finding(include.line, message)


def include_breach(file, include, headers):
    target = headers.get(include.target)
    if not include.quoted:
        return f'"{include.target}" is ours: include it with quotes' if target and target.top == "src" else None
    if "." in include.target.split("/") or ".." in include.target.split("/"):
        return f'"{include.target}": write includes from src (in tests: from src or tests), without . and ..'
    if target is None or (target.top == "tests" and file.top != "tests"):
        return f'"{include.target}" is no header under src{" or tests" if file.top == "tests" else ""}'
    if file.top == "tests" or target.room == file.room:
        return None
    allowed = APPS if file.top == "apps" else ROOMS.get(file.room)
    if allowed is None or target.room in allowed:
        return None
    return f'{file.room} may not include {target.room} ("{include.target}"); it may include: {", ".join(allowed) or "only itself"}'


def check_circles(files):
    """Headers that include each other in a circle; each circle once, at the include that closes it."""
    headers = includable(files)
    done, trail = set(), []

    def walk(name):
        trail.append(name)
        for include in headers[name].includes:
            if not include.quoted or include.target not in headers:
                continue
            if include.target in trail:
                circle = [*trail[trail.index(include.target) :], include.target]
                yield headers[name].finding(include.line, "circle of includes: " + " -> ".join(circle))
            elif include.target not in done:
                yield from walk(include.target)
        done.add(trail.pop())

    for name in headers:
        if name not in done:
            yield from walk(name)


def check_stems(files):
    """One stem, one folder of src: a file name alone says which file is meant."""
    folders = defaultdict(dict)
    for file in files:
        if file.top == "src":
            folders[file.stem].setdefault(file.name.rpartition("/")[0], file)
    for stem, places in folders.items():
        first, *others = places.values()
        for other in others:
            yield other.finding(1, f"stem {stem} is taken by {first.name}; rename one")


def check_namespaces(files):
    for file in files:
        if file.top != "src":
            continue
        expected = "meterhound" if file.room == "base" else f"meterhound::{file.room}"
        if not file.namespaces:
            yield file.finding(1, f"opens no namespace {expected}")
        for line, name in file.namespaces:
            if name != expected and not name.startswith(expected + "::"):
                yield file.finding(line, f"namespace {name} in src/{file.room}, expected {expected}")
            elif file.room == "base" and name.split("::")[1:2] and name.split("::")[1] in ROOMS:
                yield file.finding(line, f"namespace {name} in src/base, expected {expected}")


def check_openings(files):
    for file in files:
        opening = []
        for text in file.lines:
            if not text.startswith("//"):
                break
            opening.append(text.lstrip("/ ").rstrip())
        if not " ".join(opening).endswith((".", ":", ")")):
            yield file.finding(1, "opens with no comment sentence that says what the file is for")
        if file.is_header and "#pragma once" not in file.lines:
            yield file.finding(1, "header without #pragma once")


CHECKS = (check_rooms, check_includes, check_circles, check_stems, check_namespaces, check_openings)


def check_tree(root):
    files = read_tree(root)
    return sorted(finding for check in CHECKS for finding in check(files))


def main(arguments):
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    if not (root / "src").is_dir():
        print(f"{root}: holds no src folder", file=sys.stderr)
        return 2
    findings = check_tree(root)
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
