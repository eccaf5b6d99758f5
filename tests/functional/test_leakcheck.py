"""Leaks planted in a utility's files, each caught by the built program; groups of features left out; days cut off."""
import datetime
import json
import random
import tempfile
import unittest
from pathlib import Path

from program import answer, rows, run, write_rows

MAPPING = """\
name: town
consumers:
  file: clients.csv
  id: client
  label: {column: found, theft: 1, honest: 0, date: visited}
  attributes:
    - {name: district, column: district, type: categorical}
    - {name: extra, column: extra, type: numeric}
bills:
  file: bills.csv
  consumer: client
  date: billed
  series:
    - {name: use, column: use, unit: kWh}
    - {name: days, column: days, group: coverage}
    - {name: remark, column: remark, group: inspection}
features:
  default: {}
  kinds:
    use: [bill_statistic, bill_recent_ratio, bill_step, bill_count]
    days: [bill_statistic]
    remark: [bill_statistic]
"""
FAST = ["--set", "detection.xgboost.n_estimators=60", "--set", "evaluation.bootstraps=200", "--set", "evaluation.folds=3"]
VIEWS = ["all", "prospective", "behaviour", "coverage"]


def write_town(folder, extra=None, visited=None, labels=None, twins=0, bills_until=24):
    """Bills of four years, every two months; a thief's use falls, and the remark about half of them says so."""
    folder.mkdir()
    dice = random.Random(7)
    clients, bills = [["client", "district", "extra", "found", "visited"]], [["client", "billed", "use", "days", "remark"]]
    numbers = dice.sample(range(10_000, 99_999), 500)
    for row, number in enumerate(numbers):
        thief = dice.random() < 0.25
        caught = thief and dice.random() < 0.5
        label = int(thief) if labels is None else labels(dice)
        level, district = dice.uniform(100, 900), dice.choice("NSEW")
        fallen = dice.uniform(0.4, 1.1) if thief else 1
        held = [[f"{2016 + bill // 6}-{1 + 2 * (bill % 6):02d}-15",
                 round(level * dice.uniform(0.5, 1.5) * (fallen if bill >= 12 else 1)), dice.randint(55, 65),
                 9 if caught and bill >= 20 else 6] for bill in range(24)]
        for copy in range(2 if row < twins else 1):
            client = f"c{number}" + "x" * copy
            clients.append([client, district if copy == 0 else "NSEW"[("NSEW".index(district) + 1) % 4],
                            extra(row, number, label, dice) if extra else dice.randint(1, 9), label,
                            visited or "2021-01-01"])
            bills += [[client, *bill] for bill in held[:bills_until]]
    write_rows(folder / "clients.csv", clients)
    write_rows(folder / "bills.csv", bills)
    return folder


class Town(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        cls.mapping = cls.path / "town.yaml"
        cls.mapping.write_text(MAPPING)
        cls.clean = write_town(cls.path / "clean")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def source(self, folder):
        return ["--source", self.mapping, "--data", folder]


class Leaks(Town):
    def found(self, folder, *flags, status=0):
        done = run("leakcheck", *self.source(folder), "--json", *flags, status=status)
        return [(f["severity"], f["check"], f["subject"]) for f in json.loads(done.stdout)["findings"]]

    def refused(self, folder, word, *flags):
        """No command learns from it, and none leaves anything behind."""
        for command in ("run", "train", "evaluate"):
            out = self.path / "refused"
            said = run(command, *self.source(folder), "--out", out, *FAST, *flags, status=2).stderr
            self.assertIn(word, said)
            self.assertFalse(out.exists())

    def test_a_clean_town_passes_and_lists_its_features(self):
        out = self.path / "listed"
        found = answer("leakcheck", *self.source(self.clean), "--strict", "--out", out)
        self.assertTrue(found["passed"])
        self.assertIn("shuffled_labels", [check["name"] for check in found["checks"]])
        header, *features = rows(out / "features.csv")
        self.assertEqual(header, ["feature", "group", "auc", "missing"])
        groups = {row[0]: row[1] for row in features}
        self.assertEqual(groups["attribute__district"], "attributes")
        self.assertEqual({group for name, group in groups.items() if name.startswith("remark__")}, {"inspection"})
        self.assertEqual(groups["use__bill_count"], "coverage")
        self.assertEqual(sum(found["features"].values()), len(features))

    def test_a_row_number_in_a_column_is_caught(self):
        town = write_town(self.path / "numbered", extra=lambda row, *_: 100 + 3 * row)
        self.assertEqual(self.found(town, status=2), [("failure", "order", "attribute__extra")])
        self.refused(town, "attribute__extra")
        self.assertEqual(self.found(town, "--without", "attributes"), [])

    def test_an_id_in_a_column_is_caught(self):
        town = write_town(self.path / "ids", extra=lambda row, number, *_: 7 * number)
        self.assertEqual(self.found(town, status=2), [("failure", "order", "attribute__extra")])

    def test_the_label_with_noise_is_questioned(self):
        town = write_town(self.path / "told", extra=lambda row, number, label, dice: round(label + dice.gauss(0, 0.3), 3))
        self.assertEqual(self.found(town), [("warning", "single_features", "attribute__extra")])
        self.assertEqual(self.found(town, "--strict", status=2), [("warning", "single_features", "attribute__extra")])
        self.refused(town, "attribute__extra", "--strict")
        out = self.path / "told out"
        said = run("run", *self.source(town), "--out", out, *FAST).stdout
        self.assertIn("attribute__extra", said)
        self.assertIn("Before you believe the figures", (out / "report.html").read_text())
        evaluation = json.loads((out / "evaluation.json").read_text())
        self.assertEqual([f["subject"] for f in evaluation["leak_check"]["findings"]], ["attribute__extra"])

    def test_the_same_bills_under_other_districts_are_caught(self):
        town = write_town(self.path / "twins", twins=40)
        self.assertEqual([f[:2] for f in self.found(town, status=2)], [("failure", "twins")])
        self.refused(town, "twins")

    def test_bills_from_after_the_visit_are_questioned_until_cut_off(self):
        town = write_town(self.path / "visited", visited="2019-02-01")
        self.assertEqual(self.found(town), [("warning", "label_dates", "")])
        self.assertEqual(self.found(town, "--as-of", "2019-02-01"), [])

    def test_bills_of_the_future_are_questioned(self):
        town = write_town(self.path / "future")
        bills = rows(town / "bills.csv")
        year = datetime.date.today().year + 2
        bills[-1][1] = f"{year}-01-01"
        write_rows(town / "bills.csv", bills)
        self.assertEqual([f[1] for f in self.found(town)], ["dates", "label_dates"])

    def test_a_file_sorted_by_label_is_noted(self):
        town = write_town(self.path / "sorted")
        header, *clients = rows(town / "clients.csv")
        write_rows(town / "clients.csv", [header, *sorted(clients, key=lambda row: row[3])])
        self.assertEqual(self.found(town), [("note", "label_order", "the row's place in the file")])

    def test_labels_dealt_at_random_are_worth_nothing(self):
        town = write_town(self.path / "dealt", labels=lambda dice: int(dice.random() < 0.25))
        evaluation = answer("evaluate", *self.source(town), "--out", self.path / "dealt out", *FAST)
        for view in evaluation["views"]:
            self.assertLessEqual(view["roc_auc"]["low"], 0.5)
            self.assertGreaterEqual(view["roc_auc"]["high"], 0.5)

    def test_what_comes_later_changes_nothing(self):
        """Up to a day: the model of files that end there, whatever stands behind it in longer ones."""
        short = write_town(self.path / "short", bills_until=18)
        changed = write_town(self.path / "changed")
        bills = rows(changed / "bills.csv")
        for bill in bills[1:]:
            if bill[1] > "2018-12-31":
                bill[2:] = [9999, 1, 9]
        write_rows(changed / "bills.csv", bills)
        models = []
        for town in (short, self.clean, changed):
            out = self.path / f"{town.name} as of"
            run("train", *self.source(town), "--out", out, "--as-of", "2018-12-31", *FAST)
            models.append((out / "model.mh").read_bytes())
        self.assertEqual(models[0], models[1])
        self.assertEqual(models[1], models[2])
        said = run("train", *self.source(short), "--as-of", "1999-01-01", status=2).stderr
        self.assertIn("2016-01-15", said)
        self.assertIn("--as-of", run("train", *self.source(short), "--as-of", "soon", status=2).stderr)


class Groups(Town):
    def test_what_an_inspection_wrote_does_not_lead(self):
        out = self.path / "led"
        said = run("run", *self.source(self.clean), "--out", out, *FAST).stdout
        evaluation = json.loads((out / "evaluation.json").read_text())
        views = {view["name"]: view for view in evaluation["views"]}
        self.assertEqual(list(views), VIEWS)
        self.assertEqual(evaluation["headline"], "prospective")
        self.assertEqual(evaluation["roc_auc"], views["prospective"]["roc_auc"])
        self.assertGreater(views["all"]["roc_auc"]["value"], views["prospective"]["roc_auc"]["value"])
        self.assertRegex(said, r"> prospective")
        self.assertIn("where nobody has been yet, expect", said)
        page = (out / "report.html").read_text()
        self.assertIn("where nobody has been yet, expect", page)
        for name in ("all features", "prospective:", "behaviour only", "coverage only"):
            self.assertIn(name, page)
        self.assertIn("With all features it is", page)

    def test_without_a_group_nothing_of_it_is_learnt(self):
        settings = self.path / "settings.yaml"
        settings.write_text("detection:\n  without: [inspection]\n")
        models = []
        for name, flags in (("flag", ["--without", "inspection"]), ("file", ["--config", settings])):
            out = self.path / name
            evaluation = answer("run", *self.source(self.clean), "--out", out, *FAST, *flags)["evaluation"]
            self.assertEqual((evaluation["without"], evaluation["headline"]), (["inspection"], "all"))
            self.assertEqual([view["name"] for view in evaluation["views"]], VIEWS)
            models.append((out / "model.mh").read_bytes())
        self.assertEqual(*models)
        self.assertNotIn(b'"remark__', models[0].split(b'"features"')[1].split(b'"fit"')[0])
        # Whoever scores may write what he likes into the remarks.
        other = self.path / "other"
        write_town(other)
        bills = rows(other / "bills.csv")
        for bill in bills[1:]:
            bill[4] = 1
        write_rows(other / "bills.csv", bills)
        scores = []
        for town in (self.clean, other):
            run("score", *self.source(town), "--model", self.path / "flag" / "model.mh", "--out", self.path / "scored")
            scores.append(rows(self.path / "scored" / "scores.csv"))
        self.assertEqual(*scores)

    def test_unknown_groups_and_empty_remainders_are_named(self):
        said = run("train", *self.source(self.clean), "--without", "inspections", status=2).stderr
        self.assertIn("did you mean 'inspection'", said)
        said = run("train", *self.source(self.clean), "--without", "behaviour,coverage,attributes,inspection", status=2).stderr
        self.assertIn("no feature is left without", said)

    def test_fairness_stands_beside_the_figures(self):
        out = self.path / "fair"
        run("run", *self.source(self.clean), "--out", out, *FAST)
        (table,) = json.loads((out / "evaluation.json").read_text())["fairness"]
        self.assertEqual(table["attribute"], "district")
        district = {row[0]: row[1] for row in rows(self.clean / "clients.csv")[1:]}
        first = [row[0] for row in rows(out / "scores.csv")[1:51]]
        for one in table["categories"]:
            self.assertEqual(one["consumers"], sum(d == one["category"] for d in district.values()))
            visits = one["at_share"][2]["visits"]["value"]
            self.assertAlmostEqual(visits, sum(district[c] == one["category"] for c in first) / 50, delta=0.021)
        self.assertIn("Whom the visits fall on", (out / "report.html").read_text())


if __name__ == "__main__":
    unittest.main()
