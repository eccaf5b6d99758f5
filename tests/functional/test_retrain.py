"""Retraining on simulated towns: who is promoted, what is refused, the card, the store, the service and the way back."""
import json
import random
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from program import PROGRAM, answer, rows, run, write_rows
from service import Service

FAST = ["--set", "detection.xgboost.n_estimators=60", "--set", "detection.xgboost.learning_rate=0.1", "--set",
        "feature_extraction.tsfresh_settings=minimal+theft", "--set", "evaluation.bootstraps=200", "--set", "detection.xgboost.max_depth=4"]
USED = 500  # consumers that the champion learns from


class Town:
    """One town a process: a champion of its first consumers, and what came in since."""
    made = None

    def __init__(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        whole = self.folder / "whole.csv"
        run("simulate", "--consumers", 1500, "--days", 200, "--theft", 0.25, "--seed", 3, "--no-gaps", "--out", whole)
        self.header, *self.lines = rows(whole)
        self.old = self.write("old.csv", self.lines[:USED])
        self.new = self.write("new.csv", self.lines)
        run("train", self.old, "--out", self.folder / "champion", *FAST)
        self.champion = self.folder / "champion" / "model.mh"

    def write(self, name, lines, label=None):
        table = [[line[0], label(i, line[1]) if label else line[1], *line[2:]] for i, line in enumerate(lines)]
        return write_rows(self.folder / name, [self.header, *table])

    def retrain(self, data, *args, status=0, name="retrained"):
        done = run("retrain", data, "--model", self.champion, "--out", self.folder / name, *FAST, *args, "--json", status=status)
        return json.loads(done.stdout)


def town():
    if Town.made is None:
        Town.made = Town()
    return Town.made


def tearDownModule():
    if Town.made is not None:
        Town.made.scratch.cleanup()


def failed(outcome):
    return [gate["name"] for gate in outcome["gates"] if not gate["passed"]]


class Files(unittest.TestCase):
    def test_more_of_the_same_town_is_promoted(self):
        found = town().retrain(town().new)
        self.assertEqual((found["verdict"], failed(found)), ("promote", []))
        self.assertEqual([gate["name"] for gate in found["gates"]],
                         ["labels", "label_rate", "readings", "untouched_rows", "missing_readings", "champion", "leaks"])
        compared = found["comparison"]
        self.assertAlmostEqual(compared["consumers"], 250, delta=50)  # of the thousand that are new to the champion
        for figure in ("roc_auc", "pr_auc"):
            one, other, difference = (compared[key][figure] for key in ("champion", "challenger", "difference"))
            self.assertAlmostEqual(other["value"] - one["value"], difference["value"], places=12)
            self.assertGreaterEqual(difference["low"], -0.02)
            # Paired: both go up and down together.
            self.assertLess(difference["high"] - difference["low"], one["high"] - one["low"] + other["high"] - other["low"])

    def test_the_challenger_scores_as_any_model_and_its_card_says_what_its_file_holds(self):
        found = town().retrain(town().new, name="carded")
        folder = town().folder / "carded"
        self.assertEqual(found["file"], str(folder / "challenger.mh"))
        run("score", town().old, "--model", folder / "challenger.mh", "--out", town().folder / "scored", *FAST)
        run("report", town().old, "--model", folder / "challenger.mh", "--out", town().folder / "reported", *FAST)
        self.assertIn("laid aside before it was trained", (town().folder / "reported" / "report.html").read_text())
        card = (folder / "model-card.md").read_text()
        facts = json.loads((folder / "model-card.json").read_text())
        self.assertEqual(facts["fingerprint"], found["challenger"])
        learnt = facts["training_data"]["consumers"]
        self.assertAlmostEqual(learnt, 1125, delta=60)  # a quarter is laid aside, those that the champion knows among them
        self.assertEqual(facts["retraining"]["champion"], found["champion"])
        self.assertEqual(facts["retraining"]["comparison"], found["comparison"])
        for words in (found["challenger"], found["champion"], "Not for:", f"| consumers | {learnt:,} |", "Verdict: **promote**",
                      f"{found['comparison']['challenger']['roc_auc']['value']:.3f}", "The way back", facts["training_data"]["first_day"]):
            self.assertIn(words, card)
        self.assertNotIn("unknown |", card.split("## What it was trained on")[1].split("nothing later than")[0])

    def test_a_model_that_was_only_trained_has_a_card_too(self):
        card = (town().champion.parent / "model-card.md").read_text()
        for words in ("It was not measured when it was made", "no earlier model is named", "| consumers | 500 |"):
            self.assertIn(words, card)

    def test_the_same_again_by_any_number_of_threads(self):
        one, two = (town().retrain(town().new, "--jobs", jobs, name=f"jobs{jobs}") for jobs in (1, 3))
        del one["seconds"], two["seconds"], one["file"], two["file"]
        self.assertEqual(one, two)

    # Whom the first one laid aside, the second one lays aside again: it learns from the same rows and is the same.
    def test_the_next_one_follows_the_challenger(self):
        first = town().retrain(town().new, name="first")
        self.assertIn("the comparison then favours it", first["notes"][-1])
        done = run("retrain", town().new, "--model", town().folder / "first" / "challenger.mh", "--out", town().folder / "second", *FAST, "--json")
        second = json.loads(done.stdout)
        self.assertEqual((second["champion"], second["verdict"]), (first["challenger"], "promote"))
        self.assertEqual([note for note in second["notes"] if "favours" in note], [])
        self.assertGreater(second["comparison"]["consumers"], first["comparison"]["consumers"])  # with those the first champion knew
        self.assertEqual(second["comparison"]["difference"]["roc_auc"], {"value": 0, "low": 0, "high": 0})
        self.assertIn("when it was made", next(gate["finding"] for gate in second["gates"] if gate["name"] == "champion"))

    def test_a_first_champion_can_lay_aside_too(self):
        run("train", town().old, "--out", town().folder / "aside", "--lay-aside", *FAST)
        done = run("retrain", town().new, "--model", town().folder / "aside" / "model.mh", "--out", town().folder / "aside", *FAST, "--json",
                   "--promote", "ask", status=3)
        found = json.loads(done.stdout)
        self.assertEqual([note for note in found["notes"] if "favours" in note], [])
        self.assertAlmostEqual(found["comparison"]["consumers"], 375, delta=60)

    def test_ask_leaves_it_to_a_person(self):
        found = town().retrain(town().new, "--promote", "ask", status=3)
        self.assertEqual(found["verdict"], "ask")
        self.assertIn("A person decides", found["reasons"][-1])

    # The champion knows two thirds of the town: the challenger is about as good, which thirty thefts cannot show.
    def test_too_few_to_tell_is_no_promotion(self):
        run("train", town().write("two_thirds.csv", town().lines[:1000]), "--out", town().folder / "two_thirds", *FAST)
        done = run("retrain", town().new, "--model", town().folder / "two_thirds" / "model.mh", "--out", town().folder / "few", *FAST, status=3)
        self.assertIn("too few to tell", done.stdout)
        self.assertIn("Waits for a person", done.stdout)

    def refused(self, data, *gates):
        found = town().retrain(data, status=3, name="refused")
        self.assertEqual((found["verdict"], found["challenger"], found["comparison"]), ("reject", None, None))
        self.assertEqual(failed(found), list(gates))
        self.assertFalse((town().folder / "refused" / "challenger.mh").exists())
        return found

    def test_a_flood_of_labels_is_refused(self):
        found = self.refused(town().write("flood.csv", town().lines, lambda i, label: "1" if i % 2 else label), "label_rate")
        self.assertIn("the champion was trained on", found["reasons"][0])

    def test_shuffled_labels_are_refused(self):
        labels = [line[1] for line in town().lines]
        random.Random(1).shuffle(labels)
        found = self.refused(town().write("shuffled.csv", town().lines, lambda i, label: labels[i]), "champion")
        self.assertIn("ROC-AUC of the champion", found["reasons"][0])

    def test_inverted_labels_are_refused(self):
        self.refused(town().write("inverted.csv", town().lines, lambda i, label: "1" if label == "0" else "0"), "label_rate")

    # With as many thefts as honest consumers the share says nothing.
    def test_inverted_labels_of_an_even_town_are_refused(self):
        thefts = [line for line in town().lines if line[1] == "1"]
        honest = [line for line in town().lines if line[1] == "0"][:len(thefts)]
        half = len(thefts) // 2
        old = town().write("even_old.csv", thefts[:half] + honest[:half])
        run("train", old, "--out", town().folder / "even", *FAST)
        new = town().write("even_new.csv", thefts[half:] + honest[half:], lambda i, label: "1" if label == "0" else "0")
        done = run("retrain", new, "--model", town().folder / "even" / "model.mh", "--out", town().folder / "even_out", *FAST, "--json", status=3)
        self.assertEqual(failed(json.loads(done.stdout)), ["champion"])

    def test_a_constant_file_is_refused(self):
        table = [[line[0], line[1], *(["7.5"] * (len(line) - 2))] for line in town().lines]
        self.refused(write_rows(town().folder / "constant.csv", [town().header, *table]), "readings")

    def test_a_file_that_lost_its_readings_is_refused(self):
        dice = random.Random(2)
        table = [[line[0], line[1], *("" if dice.random() < 0.4 else value for value in line[2:])] for line in town().lines]
        found = self.refused(write_rows(town().folder / "lost.csv", [town().header, *table]), "missing_readings")
        self.assertTrue(any("missing" in note for note in found["notes"]), found["notes"])

    def test_what_the_champion_knows_already_is_no_measure(self):
        self.refused(town().old, "untouched_rows")

    def test_a_worse_challenger_is_rejected_and_says_so(self):
        worse = ["--set", "detection.xgboost.n_estimators=1", "--set", "detection.xgboost.max_depth=1", "--set",
                 "feature_extraction.tsfresh_settings=minimal"]
        done = run("retrain", town().new, "--model", town().champion, "--out", town().folder / "worse", *FAST, *worse, status=3)
        self.assertIn("worse.", done.stdout)
        self.assertIn("Rejected: the champion stays", done.stdout)
        self.assertTrue((town().folder / "worse" / "challenger.mh").exists())  # to look at

    def test_visits_become_labels(self):
        visits = town().folder / "visits.csv"
        visited = town().lines[USED:USED + 40]
        write_rows(visits, [["consumer_id", "visited_on", "outcome"],
                            *([line[0], "2017-02-01", "found" if line[1] == "1" else "not_found"] for line in visited)])
        unknown = town().write("unlabelled.csv", town().lines, lambda i, label: "" if USED <= i < USED + 40 else label)
        with_visits, without = (town().retrain(unknown, *flags, "--promote", "ask", status=3) for flags in (["--feedback", visits], []))
        self.assertGreater(with_visits["comparison"]["consumers"], without["comparison"]["consumers"])

    def test_bad_input_is_named(self):
        for args, words in ((["--help"], None), ([], "expected FILE"), ([town().new], "expected --model FILE, or --store URL"),
                            ([town().new, "--model", town().champion, "--promote", "yes"], "expected one of auto, ask"),
                            ([town().new, "--modell", town().champion], "--model"), ([town().new, "--model", "none.mh"], "none.mh"),
                            (["none.csv", "--model", town().champion], "none.csv"), (["--rollback"], "--store")):
            if words is None:
                self.assertIn("--rollback", run("retrain", *args).stdout)
            else:
                self.assertIn(words, run("retrain", *args, *FAST, status=2).stderr)
        empty = town().folder / "empty.csv"
        empty.write_text("")
        self.assertIn("empty.csv", run("retrain", empty, "--model", town().champion, status=2).stderr)
        self.assertIn("retraining.margin", run("retrain", town().new, "--set", "retraining.margin=2", status=2).stderr)
        self.assertIn("retraining.schedule", run("config", "--set", "retraining.schedule=often", status=2).stderr)
        run("config", "--set", "retraining.schedule=")
        run("config", "--set", "monitoring.check_frequency=", status=2)

    def test_ctrl_c_leaves_nothing_behind(self):
        out = town().folder / "stopped"
        process = subprocess.Popen([PROGRAM, "retrain", town().new, "--model", town().champion, "--out", out, "--quiet"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertFalse((out / "challenger.mh").exists())


class Store(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.store = ["--store", f"sqlite:{self.folder / 'store.db'}"]

    def serve(self, *flags):
        service = Service(self.folder, *self.store, "--workers", 1, *FAST, *flags)
        self.addCleanup(service.stop)
        return service

    def test_the_program_promotes_in_a_store_and_goes_back(self):
        service = self.serve("--model", town().champion)
        before = service.client.get("/v1/models").json["active"]
        found = answer("retrain", town().new, *self.store, "--out", self.folder / "out", *FAST)
        self.assertEqual((found["verdict"], found["champion"]), ("promote", before))
        listed = service.client.get("/v1/models").json
        self.assertEqual(listed["active"], found["challenger"])
        self.assertEqual(len(listed["items"]), 2)
        self.assertEqual(listed["before"], before)
        self.assertEqual(answer("retrain", "--rollback", *self.store)["active"], before)
        listed = service.client.get("/v1/models").json
        self.assertEqual((listed["active"], listed["before"]), (before, None))
        actions = [entry["action"] for entry in service.client.get("/v1/audit").json["items"]]
        self.assertEqual(actions[:3], ["model.rollback", "model.activate", "model.add"])
        self.assertIn("no model was active before", run("retrain", "--rollback", *self.store, status=2).stderr)

    def test_the_service_retrains_on_an_upload(self):
        client = self.serve("--model", town().champion).client
        before = client.get("/v1/models").json["active"]
        accepted = client("POST", "/v1/models/retrain?filename=new.csv", town().new.read_bytes(), "text/csv")
        second = client("POST", "/v1/models/retrain", town().new.read_bytes(), "text/csv")
        self.assertEqual(second.status, 409, second.text)
        job = client.job(accepted)
        self.assertEqual((job["state"], job["kind"], job["queue"], job["title"]), ("done", "retrain", "math_queue", "Retraining on new.csv"))
        result = job["result"]
        self.assertEqual((result["verdict"], result["cause"], result["champion"], result["kept"]), ("promote", "hand", before, True))
        self.assertEqual(client.get("/v1/models").json["active"], result["challenger"])
        card = client.get(job["links"]["result"])
        self.assertEqual(card.headers["Content-Type"].split(";")[0], "text/markdown")
        self.assertIn(result["challenger"], card.text)
        facts = client.get(job["links"]["result"] + "?format=json").json
        self.assertEqual(facts["retraining"]["comparison"], result["comparison"])
        self.assertEqual(client.post("/v1/models/rollback").json["fingerprint"], before)
        self.assertEqual(client.get("/v1/models/none/card").status, 404)

    def test_the_service_retrains_on_its_settings_and_refuses_poison(self):
        poison = town().write("flood2.csv", town().lines, lambda i, label: "1" if i % 2 else label)
        client = self.serve("--model", town().champion, "--set", f"retraining.data={poison}").client
        before = client.get("/v1/models").json["active"]
        job = client.job(client.post("/v1/models/retrain"))
        self.assertEqual((job["state"], job["result"]["verdict"], job["result"]["kept"]), ("done", "reject", False))
        self.assertEqual([gate["name"] for gate in job["result"]["gates"] if not gate["passed"]], ["label_rate"])
        listed = client.get("/v1/models").json
        self.assertEqual((listed["active"], len(listed["items"])), (before, 1))
        self.assertEqual(client.get("/v1/audit").json["items"][0]["action"], "model.reject")

    def test_a_challenger_that_waits_is_promoted_by_a_person(self):
        client = self.serve("--model", town().champion, "--set", f"retraining.data={town().new}", "--set", "retraining.promote=ask").client
        before = client.get("/v1/models").json["active"]
        result = client.job(client.post("/v1/models/retrain"))["result"]
        self.assertEqual((result["verdict"], result["kept"]), ("ask", True))
        self.assertEqual(client.get("/v1/models").json["active"], before)
        alert = client.get("/v1/alerts").json["items"][0]
        self.assertEqual((alert["alert"], alert["state"]), ("retraining", "firing"))
        client.post(f"/v1/models/{result['challenger']}/activate")
        self.assertEqual(client.get("/v1/models").json["active"], result["challenger"])
        self.assertEqual(client.get("/v1/alerts").json["items"][0]["state"], "resolved")

    # The comparison takes seconds (its bootstraps), in which somebody else's model becomes the active one.
    def test_a_champion_that_is_replaced_meanwhile_is_not_replaced_again(self):
        run("train", town().write("some.csv", town().lines[200:600]), "--out", self.folder / "other", *FAST)
        client = self.serve("--model", town().champion, "--set", f"retraining.data={town().new}", "--set", "evaluation.bootstraps=8000").client
        other = client("POST", "/v1/models", (self.folder / "other" / "model.mh").read_bytes(), "application/octet-stream").json["fingerprint"]
        accepted = client.post("/v1/models/retrain")
        until = time.monotonic() + 60
        while client.get(accepted.headers["Location"]).json["state"] == "queued" and time.monotonic() < until:
            time.sleep(0.02)
        self.assertEqual(client.post(f"/v1/models/{other}/activate").status, 200)
        job = client.job(accepted)
        self.assertEqual((job["state"], job["attempts"]), ("done", 2))
        self.assertEqual(job["result"]["champion"], other)
        actions = [(entry["action"], entry["target"]) for entry in client.get("/v1/audit").json["items"] if entry["action"] == "model.activate"]
        self.assertEqual(actions[:2], [("model.activate", f"model:{job['result']['challenger']}"), ("model.activate", f"model:{other}")])

    def test_without_data_or_model_nothing_is_ordered(self):
        client = self.serve().client
        self.assertEqual(client("POST", "/v1/models/retrain", town().new.read_bytes(), "text/csv").status, 409)
        refused = client.post("/v1/models/retrain")
        self.assertEqual(refused.status, 400, refused.text)
        self.assertIn("retraining.data", refused.text)


if __name__ == "__main__":
    unittest.main()
