#!/usr/bin/env python3
"""Workflows by actionlint; and each of their commands is a make target or a tool of this tree. Exit status 77: actionlint cannot be had.

    tests/ship/test_workflows.py        # builds actionlint through Go into the cache folder, once
"""
import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
ACTIONLINT = "1.7.12"
# What a bare Debian lacks to check out the tree and call make.
FIRST = "apt-get update && apt-get install -y --no-install-recommends ca-certificates git make"
sys.path.insert(0, str(SOURCE / "tools"))

import peers  # noqa: E402


def actionlint():
    """The pinned actionlint, or nothing, with the reason said, where there is no Go or no module proxy."""
    folder = peers.cache_folder() / f"actionlint-{ACTIONLINT}"
    program = folder / "actionlint"
    if program.exists():
        return program
    if shutil.which("go") is None:
        print("SKIPPED: no Go to build actionlint with", file=sys.stderr)
        return None
    done = subprocess.run(["go", "install", f"github.com/rhysd/actionlint/cmd/actionlint@v{ACTIONLINT}"], capture_output=True, text=True,
                          env={**os.environ, "GOBIN": str(folder)})
    if done.returncode:
        print(f"SKIPPED: actionlint cannot be had: {done.stderr}", file=sys.stderr)
        return None
    return program


class WorkflowsTest(unittest.TestCase):
    workflows = sorted((SOURCE / ".github" / "workflows").glob("*.yml"))

    def lint(self, text):
        return subprocess.run([PROGRAM, "-no-color", "-shellcheck=", "-pyflakes=", "-"], input=text, capture_output=True, text=True)

    def test_actionlint_finds_nothing(self):
        self.assertGreaterEqual(len(self.workflows), 2)
        for path in self.workflows:
            done = self.lint(path.read_text())
            self.assertEqual(done.returncode, 0, f"{path.name}\n{done.stdout}{done.stderr}")

    def test_actionlint_finds_what_is_wrong(self):
        for path in self.workflows:
            self.assertEqual(self.lint(path.read_text().replace("runs-on:", "run-on:")).returncode, 1)

    def test_each_command_is_a_target_or_a_tool_of_this_tree(self):
        targets = set(re.findall(r"^([a-z-]+):", (SOURCE / "Makefile").read_text(), re.MULTILINE))
        for path in self.workflows:
            commands = re.findall(r"^ *(?:- )?run: (.+)$", path.read_text(), re.MULTILINE)
            self.assertTrue(commands, path.name)
            for command in set(commands) - {FIRST}:
                with self.subTest(f"{path.name}: {command}"):
                    made = re.fullmatch(r"make ([a-z-]+|\$\{\{ matrix\.target \}\})( [A-Z]+=\S+)*", command)
                    self.assertTrue(made)
                    if made[1] in targets:
                        continue
                    listed = re.search(r"^ +target: \[(.+)\]$", path.read_text(), re.MULTILINE)
                    self.assertLessEqual(set(listed[1].split(", ")), targets)


if __name__ == "__main__":
    PROGRAM = actionlint()
    if PROGRAM is None:
        sys.exit(77)
    unittest.main()
