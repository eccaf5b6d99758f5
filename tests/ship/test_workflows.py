#!/usr/bin/env python3
"""Workflows by actionlint; and each of their commands is a make target or a tool of this tree. Exit status 77: actionlint cannot be had.

    tests/ship/test_workflows.py        # builds actionlint through Go into the cache folder, once
"""
import re
import subprocess
import sys
import unittest

from go_tools import SOURCE, go_tool

# What a bare Debian lacks to check out the tree and call make.
FIRST = {"apt-get update && apt-get install -y --no-install-recommends ca-certificates git make",
         "apt-get update && apt-get install -y --no-install-recommends ca-certificates git gh make"}


class WorkflowsTest(unittest.TestCase):
    workflows = sorted((SOURCE / ".github" / "workflows").glob("*.yml"))

    def lint(self, text):
        return subprocess.run([PROGRAM, "-no-color", "-shellcheck=", "-pyflakes=", "-"], input=text, capture_output=True, text=True)

    def test_actionlint_finds_nothing(self):
        self.assertGreaterEqual(len(self.workflows), 4)
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
            for command in set(commands) - FIRST:
                with self.subTest(f"{path.name}: {command}"):
                    made = re.fullmatch(r"make ([a-z-]+|\$\{\{ matrix\.target \}\})( [A-Z]+=\S+)*", command)
                    self.assertTrue(made)
                    if made[1] in targets:
                        continue
                    listed = re.search(r"^ +target: \[(.+)\]$", path.read_text(), re.MULTILINE)
                    self.assertLessEqual(set(listed[1].split(", ")), targets)


if __name__ == "__main__":
    PROGRAM = go_tool("github.com/rhysd/actionlint/cmd/actionlint", "v1.7.12")
    if PROGRAM is None:
        sys.exit(77)
    unittest.main()
