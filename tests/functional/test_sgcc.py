"""bench/sgcc.py on files of exactly SGCC's form, made up: dates out of order in either way of writing, id and label anywhere."""
import datetime
import json
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program import PROGRAM, SOURCE, rows, run, write_rows

FAST = ["--set", "detection.xgboost.n_estimators=40", "--set", "evaluation.bootstraps=100", "--set",
        "feature_extraction.tsfresh_settings=minimal+theft"]


class SgccForm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        run("simulate", "--consumers", 500, "--days", 400, "--theft", 0.12, "--seed", 8, "--out", cls.path / "town.csv")
        cls.town = rows(cls.path / "town.csv")
        cls.plain = cls.protocol(cls.path / "town.csv", "plain")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def protocol(cls, file, out):
        command = [sys.executable, SOURCE / "bench" / "sgcc.py", file, "--program", PROGRAM, "--out", cls.path / out, *FAST]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done

    def disordered(self, name, write, ids_last):
        """Columns shuffled, as SGCC's are; rows too."""
        header, *consumers = self.town
        days = list(range(2, len(header)))
        random.Random(4).shuffle(days)
        dates = {i: write(datetime.date(*map(int, header[i].split("/")))) for i in days}
        random.Random(5).shuffle(consumers)
        lines = []
        for row in [header, *consumers]:
            cells = [dates[i] if row is header else row[i] for i in days]
            lines.append([*cells, *row[:2]] if ids_last else [*row[:2], *cells])
        return write_rows(self.path / name, lines)

    def test_order_and_writing_of_columns_change_no_figure(self):
        said = json.loads((self.path / "plain" / "sgcc.json").read_text())
        forms = {"ymd": (lambda d: f"{d.year}/{d.month}/{d.day}", False), "mdy": (lambda d: f"{d.month}/{d.day}/{d.year}", True),
                 "padded": (lambda d: f"{d:%m/%d/%Y}" if d.month < 7 else f"{d.month}/{d.day}/{d.year}", True)}
        for name, form in forms.items():
            self.protocol(self.disordered(f"{name}.csv", *form), name)
            again = json.loads((self.path / name / "sgcc.json").read_text())
            for evaluation in (said["evaluation"], again["evaluation"]):
                evaluation.pop("seconds", None)
            self.assertEqual(again["evaluation"], said["evaluation"], name)
            self.assertEqual(again["f1"], said["f1"], name)

    def test_the_table_stands_beside_the_published_one(self):
        for words in ("all (", "behaviour (", "coverage (", "ROC-AUC", "PR-AUC", "MAP@200", "P@5 %", "R@10 %", "F1", "Finardi 2020",
                      ".901 +- .005"):
            self.assertIn(words, self.plain.stdout)

    def test_another_file_is_said_not_to_be_the_set(self):
        self.assertIn("not SGCC's data.csv", self.plain.stdout)
        self.assertFalse(json.loads((self.path / "plain" / "sgcc.json").read_text())["is_sgcc"])

    def test_f1_is_that_of_its_definition(self):
        sys.path.insert(0, str(SOURCE / "bench"))
        import sgcc
        perfect = [(f"c{i}", 0.9 if i % 5 == 0 else 0.1) for i in range(200)]
        labels = {consumer: int(probability > 0.5) for consumer, probability in perfect}
        self.assertEqual(sgcc.f1(perfect, labels), 1)
        scored = [(0.9, 1), (0.8, 0), (0.7, 1), (0.6, 0), (0.5, 0)]
        self.assertEqual(sgcc.best_threshold(scored), 0.7)  # F1 .8 there; .67, .5, .67, .57 elsewhere
        everybody = [(consumer, 0.5) for consumer, _ in perfect]
        self.assertAlmostEqual(sgcc.f1(everybody, labels), 2 * 40 / 240)


if __name__ == "__main__":
    unittest.main()
