"""The service as its users meet it: one process on SQLite, and (METERHOUND_SERVICE=distributed) API, workers, Redis and
PostgreSQL each on their own. Both pass the same tests."""
import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

from program import SOURCE, answer, rows, run, write_rows
from service import Client, Service, worker
from test_model import CAN_RUN

DISTRIBUTED = os.environ.get("METERHOUND_SERVICE") == "distributed"
PARQUET_TWIN = os.environ.get("METERHOUND_PARQUET_TWIN")
FAST = ["--set", "detection.xgboost.n_estimators=60", "--set", "feature_extraction.tsfresh_settings=minimal+theft"]


def iso(date):
    """2014/1/9 as 2014-01-09."""
    year, month, day = date.split("/")
    return f"{year}-{int(month):02}-{int(day):02}"


def consumer_of(row, dates):
    """A row of a wide file as the API takes it."""
    return {"id": row[0], "start": dates[0], "cadence": "daily", "readings": [float(x) if x else None for x in row[2:]]}


class Town:
    """A town to learn from and another to score, made once."""

    @classmethod
    def make(cls, path):
        for name, seed in (("learn", 2), ("next", 5)):
            run("simulate", "--consumers", 500, "--days", 400, "--theft", 0.15, "--seed", seed, "--out", path / f"{name}.csv")
        run("train", path / "learn.csv", "--out", path, *FAST)


class ServiceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        Town.make(cls.path)
        cls.servers, cls.processes, flags = None, [], []
        if DISTRIBUTED:
            state = cls.path / "servers.json"
            subprocess.run([sys.executable, SOURCE / "tests" / "support" / "store_servers.py", "start", state], check=True)
            cls.servers = state
            urls = json.loads(state.read_text())
            flags = ["--store", urls["postgresql"], "--queue", urls["redis"]]
            run("db", "migrate", "--store", urls["postgresql"])
        else:
            flags = ["--store", f"sqlite:{cls.path / 'service.db'}"]
        cls.flags = flags
        cls.service = Service(cls.path, *flags, "--model", cls.path / "model.mh", "--set", "service.check_answers=yes", *(["--workers", 0] if DISTRIBUTED else []))
        if DISTRIBUTED:
            cls.processes = [worker(cls.path, "-Q", queue, *flags) for queue in ("math_queue", "math_queue", "llm_queue")]
        cls.client = cls.service.client
        cls.header, *cls.consumers = rows(cls.path / "next.csv")
        cls.job = cls.client.job(cls.upload((cls.path / "next.csv").read_bytes()))
        cls.run_id = cls.job["result"]["run"]

    @classmethod
    def tearDownClass(cls):
        ended = cls.service.stop()
        for process in cls.processes:
            process.terminate()
            ended += process.wait(60)
        if cls.servers:
            subprocess.run([sys.executable, SOURCE / "tests" / "support" / "store_servers.py", "stop", cls.servers], check=True)
        cls.folder.cleanup()
        assert ended == 0, f"exit statuses sum to {ended}"

    @classmethod
    def upload(cls, data, name="next.csv", content_type="text/csv", **headers):
        return cls.client("POST", f"/v1/detect?filename={name}", data, content_type=content_type, **headers)

    def cases(self, query=""):
        return self.client.get(f"/v1/cases?run={self.run_id}&limit=200{query}").json

    # --- one answer, whichever way ------------------------------------------------------------------------------------
    def test_a_file_is_scored_as_the_program_scores_it(self):
        self.assertEqual(self.job["state"], "done", self.job)
        run("score", self.path / "next.csv", "--model", self.path / "model.mh", "--out", self.path / "cli")
        by_program = rows(self.path / "cli" / "scores.csv")[1:]
        served = list(csv.reader(io.StringIO(self.client.get(f"/v1/runs/{self.run_id}/scores.csv").text)))[1:]
        self.assertEqual([row[:10] for row in served], [row[:10] for row in by_program])

    def test_a_report_is_the_program_s_report(self):
        run("report", self.path / "next.csv", "--model", self.path / "model.mh", "--out", self.path / "cli")
        for rank in (1, 2, 7):
            case = f"{self.run_id}-{rank}"
            kept = next((self.path / "cli" / "cases").glob(f"{rank:04}-*.json"))
            self.assertEqual(self.client.get(f"/v1/reports/{case}").json, json.loads(kept.read_text()))
            self.assertEqual(self.client.get(f"/v1/reports/{case}?format=text").text, kept.with_suffix(".txt").read_text())
        french = self.client.get(f"/v1/reports/{self.run_id}-1?format=text&language=fr").text
        self.assertIn("Client SIM-", french)
        page = self.client.get(f"/v1/reports/{self.run_id}-1", Accept="text/html")
        self.assertIn("<!DOCTYPE html>", page.text)

    def test_json_consumers_score_as_the_file_does(self):
        chosen = [consumer_of(row, [iso(d) for d in self.header[2:]]) for row in self.consumers[:20]]
        scored = self.client.post("/v1/score", {"consumers": chosen}).json
        listed = {item["consumer_id"]: item for page in self.pages() for item in page}
        for result in scored["results"]:
            item = listed[result["id"]]
            self.assertEqual([result[k] for k in ("probability", "probability_low", "probability_high", "tier", "anomaly_score")],
                             [item[k] for k in ("probability", "probability_low", "probability_high", "tier", "anomaly_score")])
        job = self.client.job(self.client.post("/v1/detect", {"title": "twenty", "consumers": chosen}))
        items = self.client.get(job["links"]["result"]).json["items"]
        self.assertEqual(sorted((i["consumer_id"], i["probability"]) for i in items),
                         sorted((r["id"], r["probability"]) for r in scored["results"]))

    def pages(self, query="", limit=90):
        cursor = ""
        while cursor is not None:
            page = self.client.get(f"/v1/cases?run={self.run_id}&limit={limit}{query}" + (f"&cursor={cursor}" if cursor else "")).json
            yield page["items"]
            cursor = page["next"]

    # --- lists and cases ----------------------------------------------------------------------------------------------
    def test_pages_hold_everyone_once_in_every_order(self):
        for sort in ("rank", "-probability", "-missing_kwh", "-anomaly_score", "consumer_id"):
            items = [item for page in self.pages(f"&sort={sort}") for item in page]
            self.assertEqual(sorted(i["rank"] for i in items), list(range(1, 501)))
        ids = [i["consumer_id"] for page in self.pages("&sort=consumer_id") for i in page]
        self.assertEqual(ids, sorted(ids))

    def test_filters_and_search(self):
        everyone = [item for page in self.pages() for item in page]
        high = self.cases("&tier=high")
        self.assertEqual([i["rank"] for i in high["items"]], [i["rank"] for i in everyone if i["tier"] == "high"][:200])
        part = everyone[40]["consumer_id"][8:14]
        found = self.cases(f"&q={part.lower()}")
        self.assertIn(everyone[40]["rank"], [i["rank"] for i in found["items"]])
        self.assertEqual(found["total"], len([i for i in everyone if part in i["consumer_id"]]))
        self.assertEqual(self.cases("&q=%25")["total"], 0)  # a wildcard of SQL is a letter like any other

    def test_a_case_shows_what_was_read(self):
        case = self.client.get(f"/v1/cases/{self.run_id}-1").json
        row = next(r for r in self.consumers if r[0] == case["consumer_id"])
        self.assertEqual(case["series"]["times"], [iso(d) for d in self.header[2:]])
        self.assertEqual(case["series"]["values"], [float(x) if x else None for x in row[2:]])
        self.assertEqual(case["peers"]["consumers"], 500)
        self.assertEqual(len(case["peers"]["median"]), len(case["series"]["times"]))
        self.assertEqual(case["case"]["report"]["written_by"], "template")

    def test_an_unchanged_answer_costs_nothing(self):
        first = self.client.get(f"/v1/runs/{self.run_id}")
        self.assertEqual(self.client.get(f"/v1/runs/{self.run_id}", If_None_Match=first.headers["ETag"]).status, 304)

    def test_feedback_becomes_status_history_plan_and_labels(self):
        case = f"{self.run_id}-3"
        consumer = self.client.get(f"/v1/cases/{case}").json["consumer_id"]
        given = {"outcome": "found", "visited_on": "2026-11-02", "recovered_kwh": 120.5, "note": "bridge"}
        first = self.client.post(f"/v1/cases/{case}/feedback", given, Idempotency_Key="visit-3")
        self.assertEqual(first.status, 201)
        self.assertEqual(self.client.post(f"/v1/cases/{case}/feedback", given, Idempotency_Key="visit-3").json, first.json)
        after = self.client.get(f"/v1/cases/{case}").json
        self.assertEqual((after["status"], len(after["feedback"])), ("found", 1))
        self.assertIn("feedback.add", [entry["what"] for entry in after["history"]])
        plan = self.client.get("/v1/plan?visits=40").json
        self.assertNotIn(consumer, [visit["consumer_id"] for visit in plan["visits"]])
        (self.path / "feedback.csv").write_text(self.client.get("/v1/feedback.csv").text)
        again = self.client.get(f"/v1/feedback.csv?run={self.run_id}").text
        self.assertIn(f"{consumer},2026-11-02,found,120.5", again)
        run("evaluate", self.path / "next.csv", "--feedback", self.path / "feedback.csv", "--skip-unknown", "--out", self.path / "ev", *FAST,
            "--set", "evaluation.bootstraps=100")

    def test_wrong_feedback_is_refused_by_place(self):
        for body, pointer in (({"outcome": "stolen", "visited_on": "2026-11-02"}, "/outcome"),
                              ({"outcome": "found", "visited_on": "2026-02-30"}, "/visited_on"),
                              ({"outcome": "found", "visited_on": "2999-01-01"}, "/visited_on"),
                              ({"outcome": "not_found", "visited_on": "2026-11-02", "recovered_kwh": 4}, "/recovered_kwh")):
            refused = self.client.post(f"/v1/cases/{self.run_id}-5/feedback", body)
            self.assertEqual(refused.status, 422)
            self.assertEqual(refused.headers["Content-Type"], "application/problem+json")
            self.assertEqual(refused.json["errors"][0]["pointer"], pointer)

    # --- plans --------------------------------------------------------------------------------------------------------
    def test_plans_as_json_file_and_work_orders(self):
        plan = self.client.get("/v1/plan?budget=1000&visit_cost=50&tariff=0.2&random_share=0.1").json
        self.assertLessEqual(plan["cost"], 1000)
        self.assertEqual(plan["terms"]["tariff"], 0.2)
        self.assertTrue(all(visit["case"].startswith(plan["run"]) for visit in plan["visits"]))
        lines = list(csv.DictReader(io.StringIO(self.client.get("/v1/plan.csv?budget=1000&visit_cost=50&tariff=0.2&random_share=0.1").text)))
        self.assertEqual([line["consumer_id"] for line in lines], [visit["consumer_id"] for visit in plan["visits"]])
        orders = self.client.get("/v1/plan.html?visits=3&language=es")
        self.assertEqual(orders.text.count("Orden de trabajo"), 3)
        self.assertEqual(self.client.get("/v1/plan?visits=3&budget=4").status, 400)

    # --- jobs ---------------------------------------------------------------------------------------------------------
    def test_a_wrong_file_is_told_by_its_line_and_column(self):
        job = self.client.job(self.upload(b"CONS_NO,2014/1/1,2014/1/2\na,1,2\nb,many,3\n", "wrong.csv"))
        self.assertEqual(job["state"], "failed")
        self.assertEqual(job["attempts"], 1)
        self.assertEqual(job["error"]["where"], "wrong.csv:3:3")
        self.assertIn("many", job["error"]["message"])
        self.assertEqual(self.client.job(self.upload(b"\n", "empty.csv"))["state"], "failed")

    def test_a_packed_file_and_a_packed_body(self):
        text = (self.path / "next.csv").read_bytes()
        packed = self.client.job(self.upload(gzip.compress(text), "next.csv.gz", "application/gzip"))
        self.assertEqual(packed["state"], "done", packed)
        encoded = self.client.job(self.upload(gzip.compress(text), "next.csv", "text/csv", Content_Encoding="gzip"))
        self.assertEqual(encoded["state"], "done", encoded)

    @unittest.skipUnless(PARQUET_TWIN, "built without Parquet")
    def test_a_parquet_file_is_scored_as_its_csv_twin(self):
        whole = (self.path / "next.csv").read_text().splitlines()
        unlabelled = [",".join(line.split(",")[:1] + line.split(",")[2:]) for line in whole]
        (self.path / "twin.csv").write_text("\n".join(unlabelled) + "\n")
        subprocess.run([PARQUET_TWIN, self.path / "twin.csv", self.path / "twin.parquet", "100"], check=True)
        scores = []
        for name, media_type in (("twin.csv", "text/csv"), ("twin.parquet", "application/vnd.apache.parquet")):
            job = self.client.job(self.upload((self.path / name).read_bytes(), name, media_type))
            self.assertEqual(job["state"], "done", job)
            scores.append(self.client.get(f"/v1/runs/{job['result']['run']}/scores.csv").text)
        self.assertEqual(scores[0], scores[1])
        self.assertEqual(len(scores[0].splitlines()), 501)
        cut = self.client.job(self.upload((self.path / "twin.parquet").read_bytes()[:-9], "cut.parquet", media_type))
        self.assertEqual(cut["state"], "failed")
        self.assertIn("cut off", cut["error"]["message"])
        self.assertEqual(cut["error"]["where"], "cut.parquet")

    def test_the_same_request_twice_is_one_job(self):
        body = (self.path / "next.csv").read_bytes()
        first = self.upload(body, Idempotency_Key="abc")
        second = self.upload(body, Idempotency_Key="abc")
        self.assertEqual(first.json["id"], second.json["id"])
        other = self.upload(body + b"\n", Idempotency_Key="abc")
        self.assertEqual(other.status, 400)
        self.assertEqual(self.client.job(first)["state"], "done")

    def test_events_tell_each_change_until_the_end(self):
        accepted = self.upload((self.path / "next.csv").read_bytes(), "watched.csv")
        events = []
        with urllib.request.urlopen(self.service.url + accepted.json["links"]["events"], timeout=60) as stream:
            for line in stream:
                if line.startswith(b"data: "):
                    events.append(json.loads(line[6:]))
        self.assertEqual(events[-1]["state"], "done")
        self.assertEqual(len({event["id"] for event in events}), 1)

    def test_a_job_can_be_taken_back_once(self):
        accepted = self.upload((self.path / "next.csv").read_bytes(), "unwanted.csv")
        taken = self.client("DELETE", accepted.headers["Location"])
        self.assertIn(taken.status, (200, 409))
        if taken.status == 200:
            self.assertEqual(taken.json["state"], "cancelled")
            self.assertEqual(self.client("DELETE", accepted.headers["Location"]).status, 409)
            time.sleep(0.5)
            self.assertEqual(self.client.get(accepted.headers["Location"]).json["state"], "cancelled")

    def test_a_report_can_be_worded_anew(self):
        job = self.client.job(self.client.post(f"/v1/reports/{self.run_id}-12", {"language": "pt"}))
        self.assertEqual((job["state"], job["queue"]), ("done", "llm_queue"), job)
        case = self.client.get(f"/v1/cases/{self.run_id}-12").json
        self.assertEqual(case["case"]["report"]["language"], "pt")
        self.assertEqual(case["report_job"]["id"], job["id"])

    def test_names_of_the_reference_architecture(self):
        self.assertEqual(self.client.get("/health").json, {"status": "healthy"})
        accepted = self.client("POST", "/detect", (self.path / "next.csv").read_bytes(), content_type="text/csv")
        self.assertEqual(accepted.status, 202)
        until = time.monotonic() + 60
        while (told := self.client.get(f"/results/{accepted.json['job_id']}").json)["status"] != "done" and time.monotonic() < until:
            time.sleep(0.1)
        self.assertEqual(len(told["results"]), 500)

    # --- operations ---------------------------------------------------------------------------------------------------
    def test_health_and_system(self):
        self.assertEqual(self.client.get("/readyz").json["status"], "ready")
        system = self.client.get("/v1/system").json
        self.assertEqual(system["store"]["backend"], "postgresql" if DISTRIBUTED else "sqlite")
        self.assertEqual({queue["name"] for queue in system["queues"]}, {"math_queue", "llm_queue", "alert_queue"})
        self.assertTrue(system["workers"])
        self.assertGreater(system["requests"]["total"], 0)
        text = self.client.get("/metrics").text
        self.assertRegex(text, r'meterhound_queue_jobs\{queue="math_queue",state="queued"\} \d')

    def test_each_list_is_compared_with_what_the_model_learnt_from(self):
        check = self.client.get("/v1/drift").json
        self.assertIn(check["report"]["verdict"], ("stable", "drift"))
        self.assertGreaterEqual(check["report"]["current"]["consumers"], 500)
        history = self.client.get("/v1/drift/history").json["items"]
        self.assertIn(self.client.get("/v1/models").json["active"], {item["model"] for item in history})

    def test_the_audit_log_is_a_chain(self):
        page = self.client.get("/v1/audit?limit=1000").json
        self.assertTrue(page["intact"])
        self.assertTrue({"job.submit", "run.add", "model.activate"} <= {entry["action"] for entry in page["items"]})

    def test_models_are_added_activated_and_rolled_back(self):
        run("train", self.path / "learn.csv", "--out", self.path / "second", "--seed", 9, *FAST)
        before = self.client.get("/v1/models").json["active"]
        added = self.client("POST", "/v1/models?name=second", (self.path / "second" / "model.mh").read_bytes(), content_type="application/octet-stream")
        self.assertEqual(added.status, 201)
        fingerprint = added.json["fingerprint"]
        self.assertTrue(self.client.post(f"/v1/models/{fingerprint}/activate").json["active"])
        self.assertEqual(self.client.get("/v1/models").json["active"], fingerprint)
        self.assertEqual(self.client.post("/v1/models/rollback").json["fingerprint"], before)
        broken = self.client("POST", "/v1/models", b"MHBUNDLE but not really", content_type="application/octet-stream")
        self.assertGreaterEqual(broken.status, 400)
        self.assertEqual(self.client.post("/v1/models/none/activate").status, 404)

    def test_the_page_is_served_with_a_strict_policy(self):
        page = self.client.get("/")
        if page.status == 404:
            self.skipTest("built without the page")
        self.assertIn("script-src 'self'", page.headers["Content-Security-Policy"])
        for asset in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
            self.assertEqual(self.client.get(asset).status, 200, asset)

    def test_spreadsheets_take_no_name_for_a_formula(self):
        names = ["=1+1", "@x", "+a", "-b"] + [f"n{i}" for i in range(20)]
        days = [f"2014/1/{d}" for d in range(1, 29)]
        file = write_rows(self.path / "formula.csv", [["CONS_NO", *days]] + [[name, *range(i, i + 28)] for i, name in enumerate(names)])
        job = self.client.job(self.upload(file.read_bytes(), "formula.csv"))
        self.assertEqual(job["state"], "done", job)
        for path in (f"/v1/runs/{job['result']['run']}/scores.csv", f"/v1/plan.csv?run={job['result']['run']}&visits=24"):
            ids = [row[0] if "scores" in path else row[1] for row in csv.reader(io.StringIO(self.client.get(path).text))]
            self.assertFalse([name for name in ids if name[:1] in "=+-@"], path)


@unittest.skipUnless(CAN_RUN, "no models: built without llama.cpp")
class Worded(unittest.TestCase):
    """A worker with a real language model."""

    def test_the_head_of_a_list_is_worded_after_it_was_scored(self):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name)
            Town.make(path)
            service = Service(path, "--store", f"sqlite:{path / 'worded.db'}", "--model", path / "model.mh", "--set", "llm.engine=llama",
                              "--set", "llm.timeout=600", "--set", "llm.threads=1", "--set", "service.worded_cases=2")
            self.addCleanup(service.stop)
            client = service.client
            run_id = client.job(client("POST", "/v1/detect", (path / "next.csv").read_bytes(), content_type="text/csv"))["result"]["run"]
            ordered = [job for job in client.get("/v1/jobs?kind=report").json["items"]]
            self.assertEqual(len(ordered), 1)
            until = time.monotonic() + 300
            while client.get(ordered[0]["links"]["self"]).json["state"] in ("queued", "running") and time.monotonic() < until:
                time.sleep(0.5)
            reports = [client.get(f"/v1/reports/{run_id}-{rank}").json["report"] for rank in (1, 2, 3)]
            self.assertEqual([report["mode"] for report in reports], ["plan", "plan", "template"], reports[0]["fallback"])
            self.assertIn("smollm2", reports[0]["written_by"])


class Restart(unittest.TestCase):
    """What was decided while a service ran holds when it starts anew."""

    def test_the_model_that_was_activated_stays(self):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name)
            Town.make(path)
            run("train", path / "learn.csv", "--out", path / "other", *FAST, "--seed", 9)

            def start():
                service = Service(path, "--store", f"sqlite:{path / 'restart.db'}", "--model", path / "model.mh", "--workers", 0)
                self.addCleanup(service.stop)
                return service

            service = start()
            first = service.client.get("/v1/models").json["active"]
            added = service.client("POST", "/v1/models", (path / "other" / "model.mh").read_bytes(), content_type="application/octet-stream")
            other = added.json["fingerprint"]
            self.assertNotEqual(other, first)
            self.assertEqual(service.client.post(f"/v1/models/{other}/activate").status, 200)
            service.stop()
            service = start()
            self.assertEqual(service.client.get("/v1/models").json["active"], other)
            self.assertEqual(service.client.post("/v1/models/rollback").status, 200)
            service.stop()
            self.assertEqual(start().client.get("/v1/models").json["active"], first)


class Keys(unittest.TestCase):
    """With a key in the store nothing is open any more."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        self.store = f"sqlite:{self.path / 'keys.db'}"

    def key(self, name, scopes):
        run("db", "migrate", "--store", self.store)
        return answer("keys", "add", name, "--scope", scopes, "--store", self.store)["key"]

    def serve(self, *flags):
        service = Service(self.path, "--store", self.store, *flags)
        self.addCleanup(service.stop)
        return service

    def test_without_or_with_the_wrong_key_there_is_nothing(self):
        key = self.key("analyst", "review")
        service = self.serve()
        for client in (service.client, Client(service.url, "mh_" + "0" * 64)):
            for path in ("/v1/cases", "/v1/runs", "/v1/models", "/v1/system", "/v1/audit", "/metrics", "/v1/session"):
                refused = client.get(path)
                self.assertEqual(refused.status, 401, path)
                self.assertIn("WWW-Authenticate", refused.headers)
            self.assertEqual(client.get("/healthz").status, 200)
        allowed = Client(service.url, key)
        self.assertEqual(allowed.get("/v1/cases").status, 200)
        self.assertEqual(allowed.get("/v1/audit").status, 403)
        self.assertNotIn(key, (self.path / "serve.log").read_text())
        run("keys", "revoke", "analyst", "--store", self.store)
        time.sleep(2.5)
        self.assertEqual(allowed.get("/v1/cases").status, 401)

    def test_a_session_needs_the_page_s_header_to_change_anything(self):
        key = self.key("chief", "score,review,admin")
        client = self.serve().client
        signed = client.post("/v1/session", {"key": key})
        self.assertEqual(signed.status, 204)
        cookie = signed.headers["Set-Cookie"]
        for word in ("HttpOnly", "SameSite=Strict"):
            self.assertIn(word, cookie)
        cookie = cookie.split(";")[0]
        self.assertEqual(client.get("/v1/session", Cookie=cookie).json["name"], "chief")
        self.assertEqual(client.post("/v1/models/rollback", Cookie=cookie).status, 403)
        self.assertEqual(client.post("/v1/models/rollback", Cookie=cookie, X_Meterhound="page").status, 409)
        self.assertEqual(client("DELETE", "/v1/session", Cookie=cookie, X_Meterhound="page").status, 204)
        time.sleep(2.5)
        self.assertEqual(client.get("/v1/session", Cookie=cookie).status, 401)
        self.assertEqual(client.post("/v1/session", {"key": "mh_wrong"}).status, 401)

    def test_no_key_means_loopback_alone(self):
        refused = run("serve", "--address", "0.0.0.0", "--port", 0, "--store", self.store, status=2)
        self.assertIn("keys add", refused.stderr)
        service = self.serve()
        self.assertEqual(service.client.get("/v1/runs", Host="evil.example").status, 400)
        self.assertEqual(service.client.post("/v1/detect", b"x", content_type="text/csv").status, 503)  # no model yet


if __name__ == "__main__":
    unittest.main()
