"""A utility's bills through a source mapping: learn from last year's inspections, rank consumers nobody has visited."""
import json
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program import SOURCE, answer, rows, run, write_rows

MAPPING = """\
name: town
consumers:
  file: [known.csv, unknown.csv]
  id: client
  label: {column: found, theft: yes, honest: no}
  unknown_clients: error
  attributes:
    - {name: district, column: district, type: categorical}
bills:
  file: bills.csv
  consumer: client
  date: billed
  series:
    - {name: use, sum: [day, night], unit: kWh}
    - {name: remark, column: remark, group: inspection}
features:
  default: {}
  kinds:
    use: [bill_statistic, bill_recent_ratio, bill_step, bill_count]
    remark: [bill_statistic]
"""
FAST = ["--set", "detection.xgboost.n_estimators=60", "--set", "evaluation.bootstraps=200"]


def write_town(folder, consumers, seed, labels):
    """Two-monthly bills of four years; a thief's fall to a third after the second year."""
    folder.mkdir()
    dice = random.Random(seed)
    table, bills, thieves = [["client", "district", *(["found"] if labels else [])]], [["client", "billed", "day", "night", "remark"]], set()
    for number in range(consumers):
        client, level = f"c{seed}-{number}", dice.uniform(100, 900)
        thief = dice.random() < 0.15
        if thief:
            thieves.add(client)
        table.append([client, dice.choice("NSEW"), *(["yes" if thief else "no"] if labels else [])])
        for bill in range(24):
            use = level * dice.uniform(0.8, 1.2) * (0.33 if thief and bill >= 12 else 1)
            bills.append([client, f"{2020 + bill // 6}-{1 + 2 * (bill % 6):02d}-15", round(use * 0.7), round(use * 0.3), 6])
    write_rows(folder / ("known.csv" if labels else "unknown.csv"), table)
    write_rows(folder / "bills.csv", bills)
    return thieves


class Bills(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        cls.mapping = cls.path / "town.yaml"
        cls.mapping.write_text(MAPPING)
        write_town(cls.path / "past", 600, 1, labels=True)
        cls.thieves = write_town(cls.path / "new", 300, 2, labels=False)
        cls.out = cls.path / "out"
        cls.outcome = answer("run", "--source", cls.mapping, "--data", cls.path / "past", "--out", cls.out, *FAST)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_unlabelled_bills_are_ranked_by_the_saved_model(self):
        found = answer("score", "--source", self.mapping, "--data", self.path / "new", "--model", self.out / "model.mh",
                       "--out", self.path / "ranked")
        self.assertEqual((found["consumers"], found["trained_on"]), (300, 0))
        ranked = [row[0] for row in rows(self.path / "ranked" / "scores.csv")[1:]]
        self.assertEqual(len(set(ranked)), 300)
        first = ranked[:len(self.thieves)]
        self.assertGreater(sum(client in self.thieves for client in first) / len(first), 0.9)

    def test_the_high_tier_is_everybody_more_likely_a_theft_than_not(self):
        header, *ranked = rows(self.out / "scores.csv")
        at = {name: header.index(name) for name in ("probability", "tier")}
        likely = [row for row in ranked if float(row[at["probability"]]) >= 0.5]
        self.assertGreater(len(likely), 50)
        self.assertEqual({row[at["tier"]] for row in likely}, {"high"})

    def test_where_no_bill_is_missing_coverage_is_worth_nothing(self):
        views = {view["name"]: view for view in json.loads((self.out / "evaluation.json").read_text())["views"]}
        self.assertEqual(views["coverage"]["roc_auc"]["value"], 0.5)
        self.assertGreater(views["all"]["roc_auc"]["value"], 0.95)

    def test_the_report_of_bills_shows_the_change(self):
        page = (self.out / "report.html").read_text()
        self.assertIn("kWh", page)
        self.assertRegex(page, r"202[12]-\d\d-\d\d")
        done = subprocess.run([sys.executable, SOURCE / "tools" / "check_reports.py", self.out / "cases"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_a_wrong_bill_is_named_by_file_line_and_column(self):
        wrong = self.path / "wrong"
        wrong.mkdir()
        write_rows(wrong / "known.csv", [["client", "district", "found"], ["a", "N", "no"]])
        write_rows(wrong / "bills.csv", [["client", "billed", "day", "night", "remark"], ["a", "2020-01-15", "many", 2, 6]])
        said = run("check", "--source", self.mapping, "--data", wrong, status=2).stderr
        self.assertIn("bills.csv:2:", said)
        self.assertIn("many", said)

    def test_other_bills_than_the_model_knows_are_refused(self):
        other = self.path / "other.yaml"
        other.write_text(MAPPING.replace("{name: use,", "{name: consumption,").replace("    use:", "    consumption:"))
        said = run("score", "--source", other, "--data", self.path / "new", "--model", self.out / "model.mh",
                   "--out", self.path / "x", status=2).stderr
        self.assertIn("use", said)


if __name__ == "__main__":
    unittest.main()
