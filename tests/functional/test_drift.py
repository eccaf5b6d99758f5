"""The drift command on simulated towns: verdicts, exit statuses, every kind of reference, and what it refuses."""
import json
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import PROGRAM, rows, run, write_rows

FAST = ["--set", "detection.xgboost.n_estimators=60", "--set", "feature_extraction.tsfresh_settings=minimal+theft"]

MAPPING = """\
name: town
consumers:
  file: clients.csv
  id: client
  attributes:
    - {name: district, column: district, type: categorical}
bills:
  file: bills.csv
  consumer: client
  date: billed
  series:
    - {name: use, column: use, unit: kWh}
features:
  default: {}
  kinds:
    use: [bill_statistic, bill_recent_ratio, bill_step]
"""


def drift(*args, status=0):
    """The document, and the exit status that goes with it."""
    done = run("drift", *args, *FAST, "--json", status=status)
    return json.loads(done.stdout)


class Drift(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        cls.town = cls.folder / "town.csv"
        run("simulate", "--consumers", 900, "--days", 420, "--theft", 0.15, "--seed", 3, "--no-gaps", "--out", cls.town)
        header, *lines = rows(cls.town)
        cls.header, cls.lines = header, lines
        # Two windows of the same days, of other consumers, each with his district.
        cls.before = cls.write("before.csv", lines[:450])
        cls.after = cls.write("after.csv", lines[450:])
        run("train", cls.before, "--out", cls.folder / "model", *FAST)
        cls.model = cls.folder / "model" / "model.mh"

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    @classmethod
    def write(cls, name, lines, change=None, days=slice(0, 90)):
        header = cls.header[:2] + cls.header[2:][days]
        table = [[*line[:2], *(change(i, value) if change else value for value in line[2:][days])] for i, line in enumerate(lines)]
        return write_rows(cls.folder / name, [header, *table])

    def scaled(self, name, factor, rows_of=lambda i: True):
        return self.write(name, self.lines[450:], lambda i, value: f"{float(value) * factor:.2f}" if value and rows_of(i) else value)

    def test_unchanged_is_stable(self):
        found = drift(self.before, self.after)
        self.assertEqual(found["verdict"], "stable")
        self.assertEqual((found["kinds"], found["reasons"]), ([], []))
        self.assertEqual(found["current"]["readings"], 90)
        self.assertGreater(len(found["features"]), 100)

    def test_units_are_seen_and_named(self):
        found = drift(self.before, self.scaled("watts.csv", 1000), status=3)
        self.assertIn("covariate", found["kinds"])
        self.assertTrue(found["level"]["drifted"])
        self.assertGreater(found["level"]["change"], 100)
        moved = [feature["name"] for feature in found["features"] if feature["drifted"]]
        self.assertIn("value__mean", moved)
        self.assertEqual(found["features"][0]["name"] in moved, True)

    def test_lost_readings_are_missingness(self):
        lost = self.write("lost.csv", self.lines[450:], lambda i, value: "" if sum(map(ord, value)) % 5 == 0 else value)
        found = drift(self.before, lost, status=3)
        self.assertIn("missingness", found["kinds"])
        self.assertGreater(found["missing_readings"]["current"], found["missing_readings"]["reference"] + 0.1)

    def test_twice_as_many_thefts_is_label_drift(self):
        flagged = [[line[0], "1" if i % 3 == 0 else line[1], *line[2:]] for i, line in enumerate(self.lines[450:])]
        found = drift(self.before, self.write("flagged.csv", flagged), status=3)
        self.assertEqual(found["kinds"], ["label"])

    def test_a_model_is_a_reference(self):
        found = drift(self.model, self.after)
        self.assertEqual(found["reference"]["consumers"], 450)
        self.assertIsNotNone(found["score"]["psi"])
        found = drift(self.model, self.scaled("more.csv", 3), status=3)
        self.assertIn("covariate", found["kinds"])
        both = drift(self.before, self.after, "--model", self.model)
        self.assertIsNotNone(both["score"]["ks"])

    def test_features_and_scores(self):
        for name, readings in (("f1.csv", self.before), ("f2.csv", self.after), ("f3.csv", self.scaled("twice.csv", 2))):
            run("extract", readings, "--out", self.folder / name, *FAST)
        self.assertEqual(drift(self.folder / "f1.csv", self.folder / "f2.csv")["verdict"], "stable")
        found = drift(self.folder / "f1.csv", self.folder / "f3.csv", status=3)
        self.assertIsNone(found["level"])
        for name, readings in (("s1", self.before), ("s2", self.after)):
            run("score", readings, "--model", self.model, "--out", self.folder / name, *FAST)
        found = drift(self.folder / "s1", self.folder / "s2" / "scores.csv")
        self.assertEqual(found["features"], [])
        self.assertEqual(found["current"]["consumers"], 450)

    # The whole town's year against a winter: the same season is taken; without one the latest days, and it says so.
    def test_the_same_season_is_taken(self):
        later = self.write("later.csv", self.lines[450:], days=slice(370, 420))
        found = drift(self.write("year.csv", self.lines[:450], days=slice(0, 370)), later)
        self.assertTrue(found["same_season"])
        self.assertEqual(found["reference"]["first"], "2014-01-06")
        self.assertEqual(found["reference"]["readings"], 50)
        short = self.write("spring.csv", self.lines[:450], days=slice(60, 180))
        answer = json.loads(subprocess.run([PROGRAM, "drift", short, later, "--json", *FAST], capture_output=True, text=True).stdout)
        self.assertFalse(answer["same_season"])
        self.assertTrue(any("holds no year" in note for note in answer["notes"]))

    # Bills carry what a district needs: a table of consumers.
    def test_a_district_that_stepped_is_named(self):
        mapping = self.folder / "bills.yaml"
        mapping.write_text(MAPPING)
        before = self.bills("b1", 2016, {})
        found = drift(before, self.bills("b2", 2020, {}), "--source", mapping)
        self.assertEqual((found["verdict"], found["segmented_by"], len(found["segments"])), ("stable", "district", 4))
        found = drift(before, self.bills("b3", 2020, {"N": 0.6}), "--source", mapping, "--by", "district", status=3)
        self.assertEqual([segment["name"] for segment in found["segments"] if segment["level"]["drifted"]], ["N"])
        self.assertTrue(found["segments"][0]["level"]["paired"])
        self.assertAlmostEqual(found["segments"][0]["level"]["change"], -0.4, delta=0.08)
        self.assertTrue(any("district N" in reason for reason in found["reasons"]))

    def bills(self, name, year, factors):
        folder, dice = self.folder / name, random.Random(year)
        folder.mkdir()
        clients, bills = [["client", "district"]], [["client", "billed", "use"]]
        for client in range(400):
            clients.append([client, "NSEW"[client % 4]])
            level = 100 + 3 * (client * 37 % 400)
            bills += [[client, f"{year + bill // 6}-{1 + 2 * (bill % 6):02d}-15", round(level * dice.uniform(0.5, 1.5) * factors.get("NSEW"[client % 4], 1))]
                      for bill in range(24)]
        write_rows(folder / "clients.csv", clients)
        write_rows(folder / "bills.csv", bills)
        return folder

    def test_text_and_page(self):
        page = self.folder / "drift.html"
        text = run("drift", self.before, self.scaled("page.csv", 3), "--html", page, *FAST, status=3).stdout
        self.assertTrue(text.startswith("Drift: covariate"), text)
        self.assertTrue(all(len(line) <= 130 for line in text.splitlines()))
        html = page.read_text()
        self.assertIn("The town has drifted", html)
        for forbidden in ("http://", "https://", "<script", "src="):
            self.assertNotIn(forbidden, html)

    def test_what_it_refuses(self):
        scores = self.folder / "s"
        run("score", self.after, "--model", self.model, "--out", scores, *FAST)
        for args, words in (
            ((self.before, self.folder / "none.csv"), "none.csv"),
            ((self.before, scores), "expected readings as in the reference"),
            ((self.before, self.model), "is a model"),
            ((self.model, self.after, "--model", self.model), "expected no other"),
            ((self.before, self.after, "--by", "zone"), "'zone'"),
            ((scores, scores, "--by", "zone"), "needs readings"),
            ((self.folder, self.after), "scores.csv"),
        ):
            error = run("drift", *args, *FAST, status=2).stderr
            self.assertIn(words, error, args)
        error = run("drift", self.before, self.after, "--set", "monitoring.check_frequency=often", status=2).stderr
        self.assertIn("five fields of cron", error)
        run("config", "--set", "monitoring.check_frequency=30 6 * * mon-fri")


if __name__ == "__main__":
    unittest.main()
