#!/usr/bin/env python3
"""tools/watch_model.py on the built program: verdicts, the issue's text, and the calls of gh, which a recorder stands in for since no
GitHub is here; where gh is installed its own help must know each flag.

    tests/ship/test_watch_model.py
"""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program_words import PROGRAM, unknown

TOOL = Path(__file__).resolve().parents[2] / "tools" / "watch_model.py"
RECORDER = """#!/usr/bin/env python3
import json, sys
with open({calls!r}, "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[1:3] == ["issue", "list"]:
    print(open({open!r}).read())
"""


def louder(source, target, factor):
    """The same town with all readings times a factor."""
    with open(source, newline="") as file:
        head, *rows = csv.reader(file)
    days = [i for i, name in enumerate(head) if re.match(r"\d{4}/", name)]
    for row in rows:
        for i in days:
            row[i] = row[i] and str(float(row[i]) * factor)
    with open(target, "w", newline="") as file:
        csv.writer(file).writerows([head, *rows])


class WatchModelTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        for seed, name in ((7, "then.csv"), (8, "now.csv")):
            subprocess.run([PROGRAM, "simulate", "--consumers", "700", "--days", "200", "--theft", "0.2", "--seed", str(seed), "--out", cls.folder / name, "--quiet"], check=True)
        louder(cls.folder / "now.csv", cls.folder / "louder.csv", 2)
        subprocess.run([PROGRAM, "train", cls.folder / "then.csv", "--out", cls.folder, "--set", "feature_extraction.tsfresh_settings=minimal", "--quiet"],
                       check=True)

    def watch(self, *words, **environment):
        return subprocess.run([sys.executable, TOOL, *map(str, words)], capture_output=True, text=True, env={**os.environ, **environment})

    def drift(self, readings, out):
        output = self.folder / f"{out}.output"
        done = self.watch("drift", PROGRAM, self.folder / "model.mh", self.folder / readings, self.folder / out, GITHUB_OUTPUT=str(output))
        return done, output.read_text() if output.exists() else ""

    def test_an_unchanged_town_is_stable_and_no_issue_is_written(self):
        done, output = self.drift("now.csv", "stable")
        self.assertEqual((done.returncode, output), (0, "verdict=stable\n"), done.stderr)
        self.assertFalse((self.folder / "stable/issue.md").exists())
        self.assertIn("<html", (self.folder / "stable/drift.html").read_text())

    def test_drift_is_a_verdict_and_its_issue_names_no_consumer(self):
        done, output = self.drift("louder.csv", "moved")
        self.assertEqual((done.returncode, output), (0, "verdict=drift\n"), done.stderr)
        text = (self.folder / "moved/issue.md").read_text()
        self.assertIn("- Typical consumption is", text)
        self.assertNotIn("SIM-", text)

    def test_retraining_ends_in_a_verdict_and_its_card_is_the_summary(self):
        if unknown(["retrain"]):
            self.skipTest("this build has no retrain")
        out, output, summary = (self.folder / name for name in ("retrained", "retrain.output", "retrain.summary"))
        done = self.watch("retrain", PROGRAM, self.folder / "model.mh", self.folder / "now.csv", out, GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(output.read_text(), ("outcome=promoted\n", "outcome=kept\n"))
        self.assertTrue((out / "challenger.mh").exists())
        self.assertEqual(summary.read_text().strip(), (out / "model-card.md").read_text().strip())

    def test_what_cannot_be_checked_fails(self):
        done, output = self.drift("missing.csv", "missing")
        self.assertEqual((done.returncode, output), (2, ""))
        self.assertIn("missing.csv", done.stderr)

    def calls(self, still_open):
        out = self.folder / f"issues-{len(still_open)}"
        out.mkdir()
        (out / "issue.md").write_text("- Typical consumption is 29 % higher.\n")
        (out / "open.json").write_text(json.dumps(still_open))
        (out / "gh").write_text(RECORDER.format(calls=str(out / "calls"), open=str(out / "open.json")))
        (out / "gh").chmod(0o755)
        done = self.watch("issue", out, PATH=f"{out}:{os.environ['PATH']}")
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in (out / "calls").read_text().splitlines()]

    def test_one_issue_is_open_at_a_time(self):
        first, second = self.calls([]), self.calls([{"number": 12}])
        self.assertEqual([call[:2] for call in first], [["issue", "list"], ["label", "create"], ["issue", "create"]])
        self.assertEqual([call[:3] for call in second], [["issue", "list", "--label"], ["issue", "comment", "12"]])
        if shutil.which("gh") is None:
            self.skipTest("no gh to ask for its flags")
        for call in first + second + [["workflow", "run", "retrain.yml"], ["release", "create", "--verify-tag", "--generate-notes"]]:
            known = subprocess.run(["gh", *call[:2], "--help"], capture_output=True, text=True, check=True).stdout
            self.assertLessEqual({word for word in call if word.startswith("--")}, set(re.findall(r"--[\w-]+", known)), call)


if __name__ == "__main__":
    unittest.main()
