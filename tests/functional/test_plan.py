"""Plans from lists, what crews bring back, and what is learnt from it."""
import csv
import json
import math
import re
import tempfile
import unittest
from pathlib import Path

from program import answer, rows, run, write_rows
from test_bills import MAPPING, write_town

FAST = ["--set", "detection.xgboost.n_estimators=60", "--set", "evaluation.bootstraps=200", "--set",
        "feature_extraction.tsfresh_settings=minimal+theft"]


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


class PlanCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        cls.town = cls.simulate("town", 900, 5)
        cls.out = cls.path / "out"
        run("run", cls.town, "--out", cls.out, *FAST)
        cls.model = cls.out / "model.mh"

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def simulate(cls, name, consumers, seed):
        file = cls.path / f"{name}.csv"
        run("simulate", "--consumers", consumers, "--days", 420, "--theft", 0.12, "--seed", seed, "--out", file)
        return file

    def plan(self, *args, name="plan"):
        document = answer("plan", "--out", self.path / name, *args)
        return document, table(self.path / name / "plan.csv")


class Plans(PlanCase):
    def test_a_plan_adds_up_and_keeps_the_budget(self):
        listed = {row["consumer_id"]: row for row in table(self.out / "scores.csv")}
        for asked in (["--visits", 60, "--visit-cost", 40], ["--budget", 1234, "--visit-cost", 37.5]):
            document, visits = self.plan("--scores", self.out, "--tariff", 0.2, *asked)
            self.assertEqual(len({v["consumer_id"] for v in visits}), len(visits))
            self.assertEqual([int(v["rank"]) for v in visits], list(range(1, len(visits) + 1)))
            for visit in visits:
                self.assertEqual(visit["probability"], listed[visit["consumer_id"]]["probability"])
                missing = listed[visit["consumer_id"]]["missing_kwh"]
                self.assertEqual(visit["energy_from"], "dated_drop" if missing else "typical")
                kwh = float(missing) if missing else document["typical_kwh"]["value"]
                self.assertAlmostEqual(float(visit["expected_kwh"]), float(visit["probability"]) * kwh, places=6)
            total = lambda key: math.fsum(float(v[key]) for v in visits)
            self.assertAlmostEqual(total("probability"), document["expected"]["hits"]["value"], places=6)
            self.assertAlmostEqual(total("expected_net"), document["expected"]["net"]["value"], places=6)
            self.assertAlmostEqual(total("cost"), document["cost"], places=6)
            drawn = [v for v in visits if v["reason"] == "random"]
            self.assertEqual(len(drawn), document["drawn"])
            self.assertGreater(len(drawn), 0)
            for visit in drawn:
                self.assertAlmostEqual(float(visit["selection_probability"]), document["drawn"] / document["drawn_from"])
            if asked[0] == "--budget":
                self.assertLessEqual(document["cost"], 1234)
                self.assertGreater(document["cost"], 1234 - 2 * 37.5)
            else:
                self.assertEqual((len(visits), len(drawn)), (60, 3))
            self.assertEqual(json.loads((self.path / "plan" / "plan.json").read_text()), document)

    def test_list_folder_model_and_threads_give_the_same_plan(self):
        run("score", self.town, "--model", self.model, "--out", self.path / "scored")
        plans = [self.plan(*source, "--visits", 40, "--visit-cost", 30, name="same")[1] for source in (
            ["--scores", self.path / "scored"], ["--scores", self.path / "scored" / "scores.csv"],
            [self.town, "--model", self.model], [self.town, "--model", self.model, "--jobs", 1])]
        for other in plans[1:]:
            self.assertEqual(other, plans[0])
        again = self.plan("--scores", self.path / "scored", "--visits", 40, "--visit-cost", 30, "--seed", 9, name="other")[1]
        ranked = lambda plan: [v["consumer_id"] for v in plan if v["reason"] == "ranked"]
        self.assertEqual(ranked(again), ranked(plans[0]))
        self.assertNotEqual(again, plans[0])

    def test_the_words_hold_the_numbers_and_accuse_nobody(self):
        document, visits = self.plan("--scores", self.out, "--visits", 60, "--visit-cost", 40)
        text = (self.path / "plan" / "plan.txt").read_text()
        self.assertLessEqual(max(map(len, text.splitlines())), 100)
        self.assertNotRegex(text.lower(), r"\b(nan|inf|unknown|thief|thieves|guilty|criminal|suspect)\b")
        flat = " ".join(text.split())
        self.assertIn("SIMULATED DATA", flat)
        self.assertIn("A score is a reason to look, not proof", flat)
        hits = document["expected"]["hits"]
        self.assertIn(f"{hits['value']:.1f} ({hits['low']:.0f} to {hits['high']:.0f}) of the 60 visits find theft", flat)
        evaluation = json.loads((self.out / "evaluation.json").read_text())
        curve = evaluation["views"][0]["hit_rate"]
        share = 57 / 900
        measured = document["measured_precision"]["all"]["value"]
        near = [point[1] for point in curve if abs(point[0] - share) < 0.01]
        self.assertTrue(min(near) <= measured <= max(near))
        self.assertIn(f"{100 * measured:.0f} % (", flat)

    def test_visits_that_do_not_pay_are_not_planned(self):
        document, visits = self.plan("--scores", self.out, "--visits", 900, "--visit-cost", 1000, "--random-share", 0)
        self.assertTrue(0 < len(visits) < 900)
        self.assertTrue(all(float(v["expected_net"]) > 0 for v in visits))
        self.assertIn("less than asked for", " ".join((self.path / "plan" / "plan.txt").read_text().split()))

    def test_bad_input_is_named(self):
        def refused(*args):
            return run("plan", "--out", self.path / "no", *args, status=2).stderr
        visits = ["--visits", 10]
        self.assertIn("--visits N or --budget MONEY", refused("--scores", self.out))
        self.assertIn("--budget", refused("--scores", self.out, "--visits", 10, "--budget", 100))
        self.assertIn("--visit-cost", refused("--scores", self.out, "--budget", 100))
        self.assertIn("--visits", refused("--scores", self.out, "--visits", -3))
        self.assertIn("plan.random_share: found '1.5'", refused("--scores", self.out, *visits, "--random-share", 1.5))
        self.assertIn("no such file", refused("--scores", self.path / "none.csv", *visits))
        self.assertIn("no input given", refused(*visits, "--model", self.model))
        self.assertIn("--model", refused(self.town, *visits))
        self.assertIn("--scores", refused(self.town, "--scores", self.out, *visits))
        self.assertIn("--travel-by", refused("--scores", self.out, *visits, "--travel-cost", 20))
        self.assertIn("--travel-cost", refused("--scores", self.out, *visits, "--travel-by", "district"))
        self.assertIn("found no column 'district'",
                      refused("--scores", self.out, *visits, "--travel-by", "district", "--travel-cost", 20))
        header, *consumers = rows(self.out / "scores.csv")
        old = write_rows(self.path / "old.csv", [header[:4], *[row[:4] for row in consumers]])
        self.assertRegex(refused("--scores", old, *visits), r"old\.csv:1: found no column probability_low")
        consumers[1][1] = "x"
        bad = write_rows(self.path / "bad.csv", [header, *consumers])
        self.assertRegex(refused("--scores", bad, *visits), r"bad\.csv:3:\d+: found 'x'")
        costs = write_rows(self.path / "costs.csv", [["district", "cost"], ["N", "-4"]])
        self.assertRegex(refused("--scores", self.out, *visits, "--travel-by", "d", "--travel-costs", costs), r"costs\.csv:2:3")
        self.assertFalse((self.path / "no").exists())


class Districts(unittest.TestCase):
    def test_the_first_visit_of_a_district_pays_the_travel(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            (path / "town.yaml").write_text(MAPPING)
            write_town(path / "bills", 400, 1, labels=True)
            run("run", "--source", path / "town.yaml", "--data", path / "bills", "--out", path / "out", *FAST)
            listed = table(path / "out" / "scores.csv")
            self.assertEqual({row["district"] for row in listed}, set("NSEW"))
            costs = write_rows(path / "costs.csv", [["district", "cost"], ["N", "0"], ["S", "25"], ["E", "100000"]])
            terms = ["--scores", path / "out", "--visits", 30, "--visit-cost", 10, "--random-share", 0, "--travel-by", "district"]
            failed = run("plan", *terms, "--travel-costs", costs, "--out", path / "no", status=2)
            self.assertIn("found no cost for district 'W'", failed.stderr)
            document = answer("plan", *terms, "--travel-costs", costs, "--travel-cost", 40, "--out", path / "plan")
            visits = table(path / "plan" / "plan.csv")
            seen = set()
            for visit in visits:
                travel = {"N": 0, "S": 25, "W": 40}[visit["district"]]  # E is too far for anybody
                self.assertEqual(float(visit["cost"]), 10 + (0 if visit["district"] in seen else travel))
                seen.add(visit["district"])
            self.assertEqual(document["districts"], len(seen))
            self.assertLessEqual(document["expected"]["ranked_net"], document["expected"]["ranked_net_at_most"] + 1e-9)


class FeedbackLoop(PlanCase):
    """A model from elsewhere plans the first campaign in a town without labels; the town then learns from it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        second = cls.simulate("second", 1500, 6)
        header, *consumers = rows(second)
        cls.truth = {row[0]: row[1] for row in consumers}
        cls.blank = write_rows(cls.path / "blank.csv", [header, *[[row[0], "0", *row[2:]] for row in consumers]])
        run("plan", cls.blank, "--model", cls.model, "--visits", 300, "--random-share", 0.3, "--out", cls.path / "campaign")
        visits = table(cls.path / "campaign" / "plan.csv")
        for number, visit in enumerate(visits):
            visit["visited_on"] = f"2016-{1 + number % 12:02d}-{1 + number % 28:02d}"
            visit["outcome"] = "no_access" if number % 25 == 7 else "found" if cls.truth[visit["consumer_id"]] == "1" else "not_found"
        cls.feedback = write_rows(cls.path / "feedback.csv", [list(visits[0]), *[list(v.values()) for v in visits]])
        cls.visits = visits

    def judged(self, model, name):
        """Mean probability over the true share, and the share of pairs in order, in a third town."""
        third = self.simulate("third", 1500, 8)
        run("score", third, "--model", model, "--out", self.path / name)
        label = {row[0]: row[1] == "1" for row in rows(third)[1:]}
        scored = [(float(row["probability"]), label[row["consumer_id"]]) for row in table(self.path / name / "scores.csv")]
        thefts = [p for p, theft in scored if theft]
        honest = [p for p, theft in scored if not theft]
        auc = sum((a > b) + 0.5 * (a == b) for a in thefts for b in honest) / len(thefts) / len(honest)
        return math.fsum(p for p, _ in scored) / len(thefts), auc

    def test_probabilities_learn_that_the_not_inspected_are_not_honest(self):
        said = run("train", self.blank, "--feedback", self.feedback, "--labels-from", "inspections", "--out",
                   self.path / "aware", *FAST).stdout
        self.assertIn("Feedback: 300 visits", said)
        self.assertRegex(said, r"taken to hold \d+\.\d % thefts, by visits drawn at random")
        run("train", self.blank, "--feedback", self.feedback, "--out", self.path / "naive", *FAST)
        aware, aware_auc = self.judged(self.path / "aware" / "model.mh", "by_aware")
        naive, naive_auc = self.judged(self.path / "naive" / "model.mh", "by_naive")
        self.assertLess(abs(aware - 1), abs(naive - 1))
        self.assertGreater(aware_auc, naive_auc - 0.02)

    def test_the_town_is_measured_by_those_inspected(self):
        evaluation = answer("evaluate", self.blank, "--feedback", self.feedback, "--labels-from", "inspections", "--out",
                            self.path / "measured", *FAST)
        inspected = [v for v in self.visits if v["outcome"] != "no_access"]
        self.assertEqual(evaluation["consumers"], len(inspected))
        self.assertEqual(evaluation["labels_from"], "inspections")
        weight = [1 / float(v["selection_probability"]) for v in inspected]
        found = math.fsum(w for w, v in zip(weight, inspected) if v["outcome"] == "found")
        self.assertAlmostEqual(evaluation["base_rate"], found / math.fsum(weight), places=9)
        self.assertAlmostEqual(evaluation["effective_consumers"], math.fsum(weight) ** 2 / math.fsum(w * w for w in weight), places=6)
        self.assertIsNone(evaluation["map_at_100"]["value"])
        outcome = answer("run", self.blank, "--feedback", self.feedback, "--labels-from", "inspections", "--out",
                         self.path / "rerun", *FAST)
        self.assertEqual(outcome["evaluation"]["roc_auc"], evaluation["roc_auc"])
        self.assertNotRegex((self.path / "rerun" / "report.html").read_text(), r"\bnan\b")

    def test_a_second_campaign_leaves_out_whom_the_first_reached(self):
        document, visits = self.plan(self.blank, "--model", self.model, "--visits", 300, "--feedback", self.feedback, name="next")
        reached = {v["consumer_id"] for v in self.visits if v["outcome"] != "no_access"}
        self.assertEqual(document["visited_before"], len(reached))
        self.assertFalse(reached & {v["consumer_id"] for v in visits})

    def test_bad_feedback_is_named(self):
        header = ["consumer_id", "visited_on", "outcome", "kwh_found"]
        someone = self.visits[0]["consumer_id"]
        def refused(*lines, command="train"):
            file = write_rows(self.path / "bad_feedback.csv", [header, *lines])
            extra = [self.blank, "--out", self.path / "no"] + (["--visits", 5, "--model", self.model] if command == "plan" else [])
            return run(command, *extra, "--feedback", file, status=2).stderr
        for command in ("train", "run", "evaluate", "plan"):
            self.assertRegex(refused(["nobody", "2016-01-01", "found", ""], command=command),
                             r"bad_feedback\.csv:2:1: found consumer 'nobody'.*--skip-unknown")
            self.assertRegex(refused([someone, "2016-01-01", "maybe", ""], command=command),
                             r"bad_feedback\.csv:2:\d+: found 'maybe', expected found, not_found or no_access")
        self.assertRegex(refused([someone, "2016-13-01", "found", ""]), r"bad_feedback\.csv:2:\d+: found '2016-13-01'")
        self.assertRegex(refused([someone, "2016-01-01", "found", "much"]), r"bad_feedback\.csv:2:\d+: found 'much'")
        self.assertRegex(refused([someone, "2016-01-01", "found", ""], [someone, "2016-01-01", "not_found", ""]),
                         r"bad_feedback\.csv:3:1: found outcome not_found")
        self.assertIn("labels_from", run("train", self.blank, "--labels-from", "crews", "--out", self.path / "no", status=2).stderr)
        too_few = run("evaluate", self.town, "--labels-from", "inspections", "--out", self.path / "no", status=2).stderr
        self.assertIn("--feedback", too_few)
        wrong = run("train", self.town, "--labels-from", "inspections", "--set", "detection.class_prior=0.01", "--out",
                    self.path / "no", status=2).stderr
        self.assertIn("detection.class_prior", wrong)
        self.assertFalse((self.path / "no").exists())


if __name__ == "__main__":
    unittest.main()
