"""Flags, errors, signals and exit statuses of the built program."""
import gzip
import json
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from program import PROGRAM, SOURCE, answer, rows, run, write_rows

COMMANDS = ["run", "check", "simulate", "extract", "features", "select", "train", "evaluate", "leakcheck", "score", "explain", "report", "plan",
            "model", "config", "completion"]


class CommandLine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)

    def refused(self, *args):
        return run(*args, status=2).stderr

    def test_every_command_explains_itself(self):
        overview = run("--help").stdout
        for command in COMMANDS:
            self.assertIn(command, overview)
            self.assertIn(f"Example: meterhound {command}", run(command, "--help").stdout)

    def test_version_says_what_it_was_built_from_when_asked(self):
        short = run("--version").stdout
        self.assertRegex(short, r"^meterhound \d+\.\d+\.\d+\n$")
        locked = dict(line.split()[:2] for line in (SOURCE / "tools" / "deps.lock").read_text().splitlines() if not line.startswith("#"))
        for flags in (("--version", "--verbose"), ("--verbose", "--version")):
            long = run(*flags).stdout
            self.assertTrue(long.startswith(short))
            parts = {line.split()[0]: line.split(maxsplit=1)[1:] for line in long.splitlines()[1:]}
            self.assertEqual(parts["XGBoost"], [locked["xgboost"]])
            self.assertLessEqual({"compiler", "build", "Arrow", "llama.cpp", "SQLite", "Boost"}, set(parts))
            self.assertNotIn([], parts.values())

    def test_typos_are_answered_with_what_was_meant(self):
        self.assertIn("'--out'", self.refused("run", "x.csv", "--ot", "y"))
        self.assertIn("'simulate'", self.refused("simulat", "--out", "y.csv"))
        self.assertIn("max_depth", self.refused("config", "--set", "detection.xgboost.max_dept=3"))
        self.assertIn("'random_mean'", self.refused("simulate", "--attacks", "scale,random_meen", "--out", self.path / "t.csv"))
        self.assertIn("expected KEY=VALUE", self.refused("config", "--set", "seed"))

    def test_settings_come_from_file_then_flags(self):
        file = self.path / "settings.yaml"
        file.write_text("seed: 4\ndetection:\n  xgboost:\n    max_depth: 3\n")
        settings = answer("config", "--config", file, "--seed", 9)
        self.assertEqual((settings["seed"], settings["detection"]["xgboost"]["max_depth"]), (9, 3))
        file.write_text("detection:\n  xgbost:\n    max_depth: 3\n")
        self.assertRegex(self.refused("config", "--config", file), r"settings\.yaml:3:\d+: .*xgboost")
        shipped = answer("config", "--config", SOURCE / "config" / "pipeline_config.yaml")
        self.assertEqual(shipped, answer("config"))

    def test_what_cannot_be_read_is_named(self):
        empty = self.path / "empty.csv"
        empty.write_text("")
        binary = self.path / "binary.csv"
        binary.write_bytes(bytes(range(256)) * 40)
        for command in ("run", "check", "train", "evaluate"):
            self.assertIn("empty.csv: is empty", self.refused(command, empty))
            self.assertIn("is a directory", self.refused(command, self.path))
            self.assertIn("binary data", self.refused(command, binary))
            self.assertIn("no such file", self.refused(command, self.path / "none.csv"))
            self.assertIn("no input given", self.refused(command))
        self.assertEqual(sorted(p.name for p in self.path.iterdir()), ["binary.csv", "empty.csv"])

    def test_errors_name_line_and_column(self):
        header = ["CONS_NO", "FLAG", "2014/1/1", "2014/1/2", "2014/1/3"]
        file = write_rows(self.path / "bad.csv", [header, ["a", "0", "1", "2", "3"], ["b", "1", "1", "x2", "3"]])
        self.assertRegex(self.refused("check", file), r"bad\.csv:3:\d+: .*'x2'")
        write_rows(file, [header, ["a", "0", "1", "2", "3"], ["a", "1", "1", "2", "3"]])
        self.assertRegex(self.refused("check", file), r"bad\.csv:3.*'a'")
        write_rows(file, [header, ["a", "0", "1", "2"]])
        self.assertRegex(self.refused("check", file), r"bad\.csv:2")
        write_rows(file, [["CONS_NO", "FLAG", "2014/1/1", "2014/01/01"], ["a", "0", "1", "2"]])
        self.assertRegex(self.refused("check", file), r"bad\.csv:1.*2014")

    def test_labels_are_asked_for(self):
        dates = [f"2014/{m}/{d}" for m in range(1, 4) for d in range(1, 29)]
        file = write_rows(self.path / "plain.csv", [["CONS_NO", *dates], *[[f"c{i}", *[i] * len(dates)] for i in range(50)]])
        self.assertIn("labels", self.refused("run", file, "--out", self.path / "out"))
        self.assertFalse((self.path / "out").exists())
        self.assertIn("--model", self.refused("score", file))

    def test_extract_is_the_same_for_any_number_of_threads(self):
        town = self.path / "town.csv"
        run("simulate", "--consumers", 60, "--days", 90, "--seed", 2, "--out", town)
        run("extract", town, "--settings", "efficient+theft", "--out", self.path / "one.csv", "--jobs", 1)
        run("extract", town, "--settings", "efficient+theft", "--out", self.path / "four.csv", "--jobs", 4)
        self.assertEqual((self.path / "one.csv").read_bytes(), (self.path / "four.csv").read_bytes())
        packed = self.path / "packed.csv.gz"
        packed.write_bytes(gzip.compress(town.read_bytes()))
        run("extract", packed, "--settings", "efficient+theft", "--out", self.path / "packed_features.csv")
        self.assertEqual((self.path / "one.csv").read_bytes(), (self.path / "packed_features.csv").read_bytes())
        self.assertIn("efficient", self.refused("extract", town, "--settings", "eficient", "--out", self.path / "no.csv"))

    def test_simulate_writes_what_it_says(self):
        town = self.path / "town.csv"
        said = answer("simulate", "--consumers", 200, "--days", 60, "--theft", 0.1, "--seed", 1, "--out", town)
        header, *consumers = rows(town)
        self.assertEqual((len(header), len(consumers)), (62, 200))
        self.assertEqual(sum(row[1] == "1" for row in consumers), 20)
        self.assertEqual(said["thefts"], 20)
        truth = rows(said["truth"])
        self.assertEqual(len(truth), 201)
        self.assertIn("--theft", run("simulate", "--help").stdout)
        self.refused("simulate", "--theft", "2", "--out", self.path / "no.csv")
        self.assertFalse((self.path / "no.csv").exists())

    def test_ctrl_c_leaves_nothing_half_written(self):
        town = self.path / "town.csv"
        run("simulate", "--consumers", 2000, "--seed", 2, "--out", town)
        out = self.path / "out"
        process = subprocess.Popen([PROGRAM, "run", town, "--out", out], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, error)
        self.assertIn(b"stopping", error)
        self.assertEqual(list(out.glob("**/*")) if out.exists() else [], [])

    def test_a_pipe_gets_no_progress(self):
        town = self.path / "town.csv"
        done = run("simulate", "--consumers", 300, "--days", 60, "--out", town)
        self.assertEqual(done.stderr, "")
        self.assertEqual(run("simulate", "--consumers", 30, "--days", 60, "--out", town, "--quiet").stdout, "")
        json.loads(run("simulate", "--consumers", 30, "--days", 60, "--out", town, "--json").stdout)

    def test_completion_is_valid_bash(self):
        script = run("completion", "bash").stdout
        checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
        self.assertEqual(checked.stderr, "")
        ask = script + '\nCOMP_WORDS=(meterhound sco); COMP_CWORD=1; _meterhound; echo "${COMPREPLY[@]}"'
        self.assertEqual(subprocess.run(["bash"], input=ask, text=True, capture_output=True).stdout.strip(), "score")
        self.assertIn("bash, zsh or fish", self.refused("completion", "tcsh"))

    def test_missing_folders_are_made_and_blocked_ones_named(self):
        run("simulate", "--consumers", 30, "--days", 60, "--out", self.path / "new" / "town.csv")
        (self.path / "file").write_text("")
        said = self.refused("simulate", "--consumers", 30, "--days", 60, "--out", self.path / "file" / "x.csv")
        self.assertIn(str(self.path / "file"), said)



if __name__ == "__main__":
    unittest.main()
