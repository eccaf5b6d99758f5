#!/usr/bin/env python3
"""The commands of README and docs/: those of the program are run, in a folder that holds what they name; of all others what can be
held against this tree is.

    tests/ship/test_docs_commands.py

Each line of a block marked sh is a command. A command of the program is run unless it serves, fetches or waits, or names a file that
the folder lacks; in any case its subcommand and flags must be in the program's help, as must those of commands within a text. make's targets,
tools' flags, copied files and the service's paths must exist. A command of none of these kinds fails: say here how it is to be held.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program_words import PROGRAM, help_of, unknown

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tools"))

import api_page  # noqa: E402

PAGES = [SOURCE / "README.md", *sorted((SOURCE / "docs").glob("*.md"))]
# Run word for word by a test of its own.
ELSEWHERE = {"adding-a-calculator.md"}
# Commands whose words outside options are files to be read.
READING = {"run", "check", "extract", "select", "train", "evaluate", "leakcheck", "score", "explain", "report", "drift", "plan"}
# What is run. Others serve, wait, fetch, or need what a folder cannot hold; their words are held against the help.
RUN = READING | {"simulate", "features", "config", "db", "keys", "jobs"}
WRITTEN = {"--out", "--html", "--page"}
# Of the system, with nothing of ours in their words.
FOREIGN = {"kubectl", "openssl", "printf", "export", "pip", "systemctl", "apt-get", "cosign", "tar", "mkdir"}
PROGRAMS = {"meterhound", "bin/meterhound", "build/release/bin/meterhound"}


def commands(page):
    """(line number, command) of each line in blocks marked sh, continued lines joined, remarks left out."""
    text = page.read_text()
    for block in re.finditer(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        first = text[:block.start(1)].count("\n") + 1
        lines = re.sub(r"\\\n", "  ", block[1]).splitlines()
        for number, line in enumerate(lines, first):
            words = shlex.split(line, comments=True)
            if words:
                yield number, words


def spans(page):
    """Commands of the program within the text."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    for span in re.findall(r"`((?:bin/)?meterhound [^`]+)`", prose):
        try:
            yield shlex.split(span, comments=True)[1:]
        except ValueError:
            continue  # an apostrophe: words about it, not a command


def alternatives(words):
    """`jobs show|retry ID` is two commands."""
    for at, word in enumerate(words):
        if re.fullmatch(r"[a-z]+(\|[a-z]+)+", word):
            return [[*words[:at], one, *words[at + 1:]] for one in word.split("|")]
    return [words]


def flags_with_values(command):
    text = help_of([command])
    return set(re.findall(r"(?<![\w-])(--?[A-Za-z][\w-]*)(?:,--[\w-]+)? [A-Z]", text)) | set(re.findall(r"-\w,(--[\w-]+) [A-Z]", text))


class DocsCommandsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.base = cls.folder / "base"
        cls.base.mkdir()
        cls.fill()
        cls.paths = [path.split("/") for path in api_page.served(PROGRAM)["paths"]]
        cls.run_count = cls.held_count = 0

    @classmethod
    def fill(cls):
        """A town then and now, what a run over it leaves, and the names under which pages speak of them."""

        def program(*words):
            subprocess.run([PROGRAM, *words, "--quiet"], cwd=cls.base, check=True)

        program("simulate", "--consumers", "600", "--days", "200", "--seed", "7", "--out", "readings.csv")
        program("simulate", "--consumers", "600", "--days", "200", "--seed", "8", "--out", "new.csv")
        program("run", "readings.csv", "--out", "out", "--set", "evaluation.folds=3", "--set", "evaluation.bootstraps=100")
        program("score", "new.csv", "--model", "out/model.mh", "--out", "out/new")
        for number, name in ((1, "readings.csv"), (2, "new.csv")):
            program("extract", name, "--set", "feature_extraction.tsfresh_settings=minimal", "--out", f"features_{number}.csv")
        program("db", "migrate")  # as the service does at its first start
        for name, copies in (("readings.csv", ("last.csv", "last_winter.csv", "town.csv")), ("new.csv", ("this.csv", "this_winter.csv", "this_month.csv"))):
            for copy in copies:
                (cls.base / copy).symlink_to(name)
        (cls.base / "out_1").symlink_to("out")
        (cls.base / "out_2").symlink_to("out/new")
        (cls.base / "model.mh").symlink_to("out/model.mh")
        (cls.base / "config").symlink_to(SOURCE / "config")

    def known(self, words, place):
        if words[0].isupper():  # any of them
            return
        for one in alternatives(words):
            self.assertEqual(unknown(one), [], f"{place}: meterhound {' '.join(one)}")

    def runnable(self, words, folder):
        command = words[0]
        if command not in RUN or any(re.fullmatch(r"[A-Z]{2,}\.*|.*\|.*", word) for word in words[1:] if command != "db") or "llm.engine" in " ".join(words):
            return False
        valued, before = flags_with_values(command), ""
        for word in words[1:]:
            is_file = re.search(r"\.(csv|mh|json|ya?ml|pem|parquet)$|/$", word) or (command in READING and not word.startswith("-") and before not in valued)
            if is_file and before not in WRITTEN and not (folder / word).exists():
                return False
            before = word
        return True

    def program_command(self, words, folder, place):
        type(self).held_count += 1
        self.known(words, place)
        if not self.runnable(words, folder):
            return
        type(self).run_count += 1
        environment = {name: value for name, value in os.environ.items() if not name.startswith("METERHOUND_") and name != "MODEL_PATH"}
        done = subprocess.run([PROGRAM, *words], cwd=folder, capture_output=True, text=True, env=environment)
        self.assertIn(done.returncode, (0, 3) if words[0] == "drift" else (0,), f"{place}: {' '.join(words)}\n{done.stdout}{done.stderr}")

    def other_command(self, words, place):
        while words and re.fullmatch(r"\w+=.*", words[0], re.DOTALL):  # variables before a command
            words = words[1:]
        if not words or words[0] in FOREIGN:
            pass
        elif words[0] == "make":
            targets = re.findall(r"^([a-z-]+):", (SOURCE / "Makefile").read_text(), re.MULTILINE)
            for word in words[1:]:
                self.assertTrue(word in targets or re.fullmatch(r"[A-Z_]+=.*", word), f"{place}: no target {word}")
        elif words[0] in ("cp", "cmake", "ctest", "docker", "$run") or words[0].startswith("build/"):
            for word in [word for word in words[1:-1] if not word.startswith("-")] if words[0] == "cp" else []:
                names = re.fullmatch(r"(.*)\{(.*)\}(.*)", word)
                for name in [names[1] + part + names[3] for part in names[2].split(",")] if names else [word]:
                    self.assertTrue((SOURCE / name).exists() or name.startswith(("/", "out/")), f"{place}: no file {name}")
        elif words[0].split("/")[0] in ("tools", "bench", "oracles", "tests"):
            text = (SOURCE / words[0]).read_text()
            for word in words[1:]:
                self.assertTrue(not word.startswith("--") or word in text, f"{place}: {words[0]} has no {word}")
        elif words[0] == "curl":
            for word in words:
                path = re.fullmatch(r"https?://127\.0\.0\.1:8000([^?]*)(\?.*)?", word)
                if path:
                    parts = path[1].split("/")
                    self.assertTrue(any(len(one) == len(parts) and all(a == b or a.startswith("{") for a, b in zip(one, parts)) for one in self.paths),
                                    f"{place}: the service has no {path[1]}")
        else:
            self.fail(f"{place}: nothing here says how to hold `{' '.join(words)}`")
        for at, word in enumerate(words):  # the program within kubectl or docker
            if word == "meterhound" and at and words[at - 1] != "-n" and at + 1 < len(words):
                self.known(words[at + 1:], place)

    def test_commands_in_blocks(self):
        for page in PAGES:
            if page.name in ELSEWHERE:
                continue
            folder = self.folder / page.stem
            shutil.copytree(self.base, folder, symlinks=True)
            for number, words in commands(page):
                with self.subTest(f"{page.name}:{number}"):
                    if words[0] in PROGRAMS:
                        self.program_command(words[1:], folder, f"{page.name}:{number}")
                    else:
                        self.other_command(words, f"{page.name}:{number}")
        print(f"{self.run_count} of {self.held_count} commands of the program were run, of the others the flags were held against its help")
        self.assertGreaterEqual(self.run_count, 15)

    def test_commands_within_text(self):
        found = [(page.name, words) for page in PAGES for words in spans(page)]
        self.assertGreater(len(found), 10)
        for name, words in found:
            with self.subTest(f"{name}: {' '.join(words)}"):
                self.known(words, name)

    def test_what_is_wrong_is_found(self):
        for words in (["runn", "readings.csv"], ["drift", "a.csv", "b.csv", "--htm", "x"]):
            with self.assertRaises(AssertionError):
                self.known(words, "here")
        for words in (["make", "no-such-target"], ["tools/build_site.py", "--no-such-flag"], ["curl", "http://127.0.0.1:8000/v1/nothing"], ["unheard-of"],
                      ["cp", "k8s/no_such.yaml", "x"], ["kubectl", "exec", "--", "meterhound", "keyz", "add"]):
            with self.assertRaises(AssertionError, msg=words):
                self.other_command(words, "here")


if __name__ == "__main__":
    unittest.main()
