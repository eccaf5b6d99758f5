"""One small town through the whole program: what a run folder holds, and the promises about it."""
import json
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program import SOURCE, answer, rows, run, write_rows

FAST = ["--set", "detection.xgboost.n_estimators=60", "--set", "evaluation.bootstraps=200", "--set",
        "feature_extraction.tsfresh_settings=minimal+theft"]


class TownCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        cls.town = cls.path / "town.csv"
        run("simulate", "--consumers", 900, "--days", 420, "--theft", 0.12, "--seed", 5, "--out", cls.town)
        cls.out = cls.path / "out"
        cls.outcome = answer("run", cls.town, "--out", cls.out, "--seed", 3, *FAST)
        cls.model = cls.out / "model.mh"

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def town_rows(self):
        lines = rows(self.town)
        return lines[0], lines[1:]


class RunFolder(TownCase):
    def test_scores_rank_every_consumer_once(self):
        header, *scores = rows(self.out / "scores.csv")
        self.assertEqual(header, ["consumer_id", "probability", "tier", "anomaly_score", "probability_low", "probability_high",
                                  "missing_kwh", "missing_kwh_low", "missing_kwh_high", "listed_for"])
        _, consumers = self.town_rows()
        self.assertEqual(sorted(row[0] for row in scores), sorted(row[0] for row in consumers))
        # Every twentieth place is for the rarest sign, whatever the probability.
        for_sign = [place for place, row in enumerate(scores, 1) if row[9] == "sign"]
        self.assertEqual(for_sign, [20 * i for i in range(1, len(for_sign) + 1)])
        self.assertGreater(len(for_sign), 1)
        scores = [row for row in scores if row[9] == "probability"]
        probabilities = [float(row[1]) for row in scores]
        self.assertEqual(probabilities, sorted(probabilities, reverse=True))
        self.assertTrue(all(0 <= p <= 1 for p in probabilities))
        self.assertTrue(all(float(row[4]) <= float(row[1]) <= float(row[5]) for row in scores))
        order = {"high": 0, "medium": 1, "low": 2}
        tiers = [order[row[2]] for row in scores]
        self.assertEqual(tiers, sorted(tiers))
        self.assertTrue(all(0 <= float(row[3]) <= 1 for row in scores))

    def test_evaluation_agrees_with_the_scores(self):
        evaluation = json.loads((self.out / "evaluation.json").read_text())
        for key in ("roc_auc", "pr_auc", "brier", "ece"):
            self.assertLessEqual(evaluation[key]["low"], evaluation[key]["value"])
            self.assertLessEqual(evaluation[key]["value"], evaluation[key]["high"])
        self.assertIn("coverage", [view["name"] for view in evaluation["views"]])
        label = {row[0]: row[1] for row in self.town_rows()[1]}
        scored = [(float(row[1]), label[row[0]] == "1") for row in rows(self.out / "scores.csv")[1:]]
        thefts = [p for p, theft in scored if theft]
        honest = [p for p, theft in scored if not theft]
        wins = sum((a > b) + 0.5 * (a == b) for a in thefts for b in honest)
        self.assertAlmostEqual(wins / len(thefts) / len(honest), evaluation["roc_auc"]["value"], places=9)
        self.assertGreater(evaluation["roc_auc"]["low"], 0.6)

    def test_every_case_adds_up(self):
        files = sorted((self.out / "cases").glob("*.json"))
        self.assertEqual(len(files), 50)
        listed = rows(self.out / "scores.csv")[1:]
        for rank, file in enumerate(files, 1):
            case = json.loads(file.read_text())
            self.assertEqual(case["rank"], rank)
            missing = case["evidence"]["missing_kwh"]
            self.assertEqual(listed[rank - 1][6:9], [repr(missing[k]) for k in ("value", "low", "high")] if missing else [""] * 3)
            explanation = case["explanation"]
            total = explanation["base_log_odds"] + explanation["rest_log_odds"]
            total += sum(c["log_odds"] for c in explanation["contributions"])
            self.assertAlmostEqual(total, explanation["margin"], places=5)
            text = file.with_suffix(".txt").read_text()
            self.assertIn(case["consumer_id"], text)
            self.assertNotRegex(text.lower(), r"\b(nan|inf|thief|guilty|criminal)\b")
            self.assertLessEqual(max(map(len, text.splitlines())), 100)

    def test_no_text_says_what_its_facts_do_not(self):
        done = subprocess.run([sys.executable, SOURCE / "tools" / "check_reports.py", self.out / "cases"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("50 reports checked", done.stderr)

    def test_the_page_needs_nothing_from_outside(self):
        page = (self.out / "report.html").read_text()
        self.assertNotRegex(page, r"<script|javascript:|https?://|\bnan\b|url\(")
        self.assertIn("Simulated data", page)
        self.assertEqual(page.count("<article"), 10)
        self.assertEqual(page.count('<details class="case"'), 40)

    def test_a_second_run_replaces_the_cases(self):
        again = self.path / "again"
        run("report", self.town, "--model", self.model, "--out", again, "--set", "report.cases=20")
        run("report", self.town, "--model", self.model, "--out", again, "--set", "report.cases=3")
        self.assertEqual(len(list((again / "cases").glob("*.json"))), 3)


class Promises(TownCase):
    def train(self, lines, name, *flags, seed=3):
        file = write_rows(self.path / f"{name}.csv", lines)
        run("train", file, "--out", self.path / name, "--seed", seed, *FAST, *flags)
        return (self.path / name / "model.mh").read_bytes()

    def test_neither_row_order_nor_threads_change_a_byte_of_the_model(self):
        header, consumers = self.town_rows()
        plain = self.train([header, *consumers], "plain", "--jobs", 1)
        random.Random(1).shuffle(consumers)
        self.assertEqual(plain, self.train([header, *consumers], "permuted", "--jobs", 4))
        renamed = [[f"C{i}", *row[1:]] for i, row in enumerate(consumers)]
        self.assertEqual(plain, self.train([header, *renamed], "renamed"))

    def test_another_seed_is_another_model(self):
        header, consumers = self.town_rows()
        self.assertNotEqual(self.train([header, *consumers], "seed3"), self.train([header, *consumers], "seed4", seed=4))

    def test_one_consumer_scores_as_in_the_batch(self):
        run("score", self.town, "--model", self.model, "--out", self.path / "batch")
        batch = {row[0]: row[1:] for row in rows(self.path / "batch" / "scores.csv")[1:]}
        header, consumers = self.town_rows()
        for consumer in consumers[::90]:
            file = write_rows(self.path / "one.csv", [header, consumer])
            run("score", file, "--model", self.model, "--out", self.path / "one")
            (alone,) = rows(self.path / "one" / "scores.csv")[1:]
            self.assertEqual(alone[1:9], batch[consumer[0]][:8])  # listed_for is the list's: one of one has no place for signs

    def test_shuffled_labels_are_worth_nothing(self):
        header, consumers = self.town_rows()
        labels = [row[1] for row in consumers]
        random.Random(2).shuffle(labels)
        shuffled = [[row[0], label, *row[2:]] for row, label in zip(consumers, labels)]
        file = write_rows(self.path / "shuffled.csv", [header, *shuffled])
        evaluation = answer("evaluate", file, "--out", self.path / "shuffled", *FAST)
        self.assertLessEqual(evaluation["roc_auc"]["low"], 0.5)
        self.assertGreaterEqual(evaluation["roc_auc"]["high"], 0.5)

    def test_unlabelled_consumers_are_ranked_too(self):
        header, consumers = self.town_rows()
        mixed = [[row[0], "" if i % 3 == 0 else row[1], *row[2:]] for i, row in enumerate(consumers)]
        file = write_rows(self.path / "mixed.csv", [header, *mixed])
        outcome = answer("run", file, "--out", self.path / "mixed", *FAST)
        self.assertEqual(outcome["evaluation"]["consumers"], 600)
        self.assertEqual(len(rows(self.path / "mixed" / "scores.csv")), 901)

    def test_a_saved_model_is_measured_on_others_than_it_learnt_from(self):
        header, consumers = self.town_rows()
        half = write_rows(self.path / "half.csv", [header, *consumers[:600]])
        run("train", half, "--out", self.path / "half", *FAST)
        evaluation = answer("evaluate", self.town, "--model", self.path / "half" / "model.mh", "--out", self.path / "half")
        self.assertEqual(evaluation["consumers"], 300)
        failed = run("evaluate", half, "--model", self.path / "half" / "model.mh", "--out", self.path / "half", status=2)
        self.assertIn("not trained on", failed.stderr)

    def test_explain_says_the_same_as_the_case(self):
        best = rows(self.path / "out" / "scores.csv")[1][0]
        run("report", self.town, "--model", self.model, "--out", self.path / "told")
        first = json.loads(next((self.path / "told" / "cases").glob("0001-*.json")).read_text())
        (told,) = answer("explain", self.town, "--model", self.model, "--id", first["consumer_id"])["cases"]
        self.assertEqual(told, first)
        failed = run("explain", self.town, "--model", self.model, "--id", best[:-1] + "?", status=2)
        self.assertIn(best, failed.stderr)


class Bundles(TownCase):
    def test_damaged_models_are_refused_by_name(self):
        whole = self.model.read_bytes()
        damaged = self.path / "damaged.mh"
        for at in range(0, len(whole), max(1, len(whole) // 23)):
            damaged.write_bytes(whole[:at])
            failed = run("score", self.town, "--model", damaged, "--out", self.path / "no", status=2)
            self.assertIn("damaged.mh", failed.stderr)
            altered = bytearray(whole)
            altered[at] ^= 0x20
            damaged.write_bytes(altered)
            failed = run("score", self.town, "--model", damaged, "--out", self.path / "no", status=2)
            self.assertIn("damaged.mh", failed.stderr)
        self.assertFalse((self.path / "no").exists())

    def test_other_readings_than_the_model_knows_are_refused(self):
        long_file = write_rows(self.path / "long.csv", [["id", "time", "kwh"], *([["a", t, 1.5] for t in range(60)])])
        failed = run("score", long_file, "--model", self.model, "--out", self.path / "no", status=2)
        self.assertIn("expected 'value'", failed.stderr)


if __name__ == "__main__":
    unittest.main()
