"""What /metrics tells, the rules, the alerts and the dashboard, held against the real Prometheus and Alertmanager; on SQLite, or
(METERHOUND_SERVICE=distributed) on PostgreSQL and Redis."""
import csv
import io
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import SOURCE, answer, rows, run, write_rows
from service import Client, Service, worker
from watchers import MONITORING, RULES, WatchedService, measured, until

from store_servers import Postgres, Redis  # noqa: E402  (watchers knows where)

DISTRIBUTED = os.environ.get("METERHOUND_SERVICE") == "distributed"
FAST = ["--set", "detection.xgboost.n_estimators=40", "--set", "feature_extraction.tsfresh_settings=minimal+theft"]


class FilesTest(unittest.TestCase):
    def tool(self, *command):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_tools_accept_rules_and_settings(self):
        self.tool("promtool", "check", "rules", RULES)
        self.tool("promtool", "test", "rules", MONITORING / "prometheus" / "rules_test.yml")
        self.tool("promtool", "check", "config", "--syntax-only", MONITORING / "prometheus" / "prometheus.yml")
        self.tool("amtool", "check-config", MONITORING / "alertmanager" / "alertmanager.yml")

    def test_each_alert_is_tested_and_has_a_runbook(self):
        text = RULES.read_text()
        alerts = re.findall(r"- alert: (\w+)", text)
        self.assertGreater(len(alerts), 5)
        tested = (MONITORING / "prometheus" / "rules_test.yml").read_text()
        for alert in alerts:
            self.assertRegex(tested, rf"alertname: {alert}\n\s+exp_alerts:", alert)
        runbooks = re.findall(r"runbook: docs/operations\.md#(\S+)", text)
        self.assertEqual(len(runbooks), len(alerts))
        headings = re.findall(r"^### (.*)$", (SOURCE / "docs" / "operations.md").read_text(), re.M)
        self.assertEqual({heading.lower().replace(" ", "-") for heading in headings}, set(runbooks))


class MonitoringTest(WatchedService):
    """An API without workers of its own, two workers beside it, and everything that watches them."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = Path(folder.name)
        run("simulate", "--consumers", 400, "--days", 250, "--theft", 0.15, "--seed", 2, "--out", cls.path / "learn.csv")
        run("train", cls.path / "learn.csv", "--out", cls.path, *FAST)
        cls.store = ["--store", f"sqlite:{cls.path / 'service.db'}"]
        queue = []
        if DISTRIBUTED:
            state = cls.path / "servers.json"
            cls.servers("start", state)
            cls.addClassCleanup(cls.servers, "stop", state)
            urls = json.loads(state.read_text())
            cls.store, queue = ["--store", urls["postgresql"]], ["--queue", urls["redis"]]
        run("db", "migrate", *cls.store)
        cls.scraper = answer("keys", "add", "prometheus", "--scope", "admin", *cls.store)["key"]
        analyst = answer("keys", "add", "analyst", "--scope", "score,review", *cls.store)["key"]
        service = Service(cls.path, *cls.store, *queue, "--model", cls.path / "model.mh", "--workers", 0)
        cls.addClassCleanup(service.stop)
        cls.url = service.url
        cls.client = Client(service.url, analyst)
        for name in ("math_queue", "llm_queue"):
            cls.keep(worker(cls.path, "-Q", name, *cls.store, *queue))
        cls.watch()
        cls.work()

    @classmethod
    def work(cls):
        """A town that uses much more than the one that was learnt from, a few consumers by themselves, and a visit."""
        header, *lines = rows(cls.path / "learn.csv")
        more = [line[:2] + [str(2.5 * float(x)) if x else "" for x in line[2:]] for line in lines[:150]]
        write_rows(cls.path / "more.csv", [header, *more])
        cls.job = cls.client.job(cls.client("POST", "/v1/detect?filename=more.csv", (cls.path / "more.csv").read_bytes(), content_type="text/csv"))
        assert cls.job["state"] == "done", cls.job
        unreadable = cls.client("POST", "/v1/detect?filename=none.csv", b"no,readings\n1,2\n", content_type="text/csv")
        cls.failed = cls.client.job(unreadable)
        assert cls.failed["state"] == "failed", cls.failed
        few = [{"id": row[0], "start": "2014-01-01", "cadence": "daily", "readings": [float(x) if x else None for x in row[2:]]} for row in lines[:5]]
        cls.scored = cls.client.post("/v1/score", {"consumers": few}).json["results"]
        visited = cls.client.post(f"/v1/cases/{cls.job['result']['run']}-1/feedback", {"outcome": "found", "visited_on": "2015-02-01"})
        assert visited.status in (200, 201), visited.text
        # A list counts a quarter of a minute after it was written, and a rate needs the scrape before and the one after.
        until(60, lambda: cls.query('rate(meterhound_consumers_scored_total{way="list", tier="high"}[1m]) > 0'), "the list is counted")

    def metrics(self):
        return measured(Client(self.url, self.scraper).get("/metrics").text)

    def test_prometheus_needs_the_key(self):
        self.assertEqual(Client(self.url).get("/metrics").status, 401)
        self.assertEqual([one["value"][1] for one in self.query('up{job="meterhound"}')], ["1"])

    def test_the_api_tells_what_the_workers_did(self):
        found = self.metrics()

        def value(name, **labels):
            return found["meterhound_" + name, frozenset(labels.items())]

        def jobs(state):
            return value("jobs_total", queue="math_queue", kind="detect", state=state)

        self.assertEqual((jobs("done"), jobs("failed"), jobs("dead")), (1, 1, 0))
        self.assertEqual(value("job_duration_seconds_count", queue="math_queue", kind="detect"), 2)
        listed = list(csv.DictReader(io.StringIO(self.client.get(f"/v1/runs/{self.job['result']['run']}/scores.csv").text)))
        self.assertEqual(len(listed), 150)
        at_once = [{"tier": one["tier"], "probability": one["probability"]} for one in self.scored]
        for way, scored in (("list", listed), ("request", at_once)):
            for tier in ("high", "medium", "low"):
                expected = sum(one["tier"] == tier for one in scored)
                self.assertEqual(value("consumers_scored_total", tier=tier, way=way), expected, (tier, way))
            probabilities = [float(one["probability"]) for one in scored]
            self.assertAlmostEqual(value("scored_probability_sum", way=way), sum(probabilities), 6)
            buckets = {dict(labels)["le"]: count for (name, labels), count in found.items()
                       if name == "meterhound_scored_probability_bucket" and ("way", way) in labels}
            self.assertGreater(len(buckets), 5)
            for bound, count in buckets.items():
                self.assertEqual(count, sum(one <= float(bound) for one in probabilities), (way, bound))

    def test_drift_feedback_model_and_workers_are_the_store_s(self):
        found = self.metrics()

        def by(name, label):
            return {dict(labels)[label]: value for (one, labels), value in found.items() if one == "meterhound_" + name}

        report = self.client.get("/v1/drift").json["report"]
        self.assertEqual(report["verdict"], "drift")
        self.assertEqual(found["meterhound_drift_verdict", frozenset()], 1)
        self.assertEqual(set(report["kinds"]), {kind for kind, value in by("drift_kind", "kind").items() if value})
        for group in report["groups"]:
            self.assertAlmostEqual(by("drift_psi", "group")[group["group"]], group["psi_median"], 6)
        self.assertAlmostEqual(found["meterhound_drift_score_psi", frozenset()], report["score"]["psi"], 6)
        self.assertEqual(by("feedback_total", "outcome"), {"found": 1, "not_found": 0, "no_access": 0})
        self.assertEqual(by("model_info", "fingerprint"), {self.client.get("/v1/models").json["active"]: 1})
        self.assertEqual(by("workers", "queue"), {"math_queue": 1, "llm_queue": 1, "alert_queue": 1})
        self.assertEqual(by("ready", "check"), {"store": 1, "queue": 1, "model": 1})
        self.assertGreater(found["meterhound_store_bytes", frozenset()], 100_000)

    def test_one_model_is_the_active_one(self):
        run("train", self.path / "learn.csv", "--out", self.path / "other", *FAST, "--seed", 9)
        admin = Client(self.url, self.scraper)
        added = admin("POST", "/v1/models", (self.path / "other" / "model.mh").read_bytes(), content_type="application/octet-stream")
        self.assertEqual(added.status, 201, added.text)
        other = added.json["fingerprint"]
        self.assertEqual(admin.post(f"/v1/models/{other}/activate").status, 200)

        def models():
            return [dict(labels)["fingerprint"] for name, labels in self.metrics() if name == "meterhound_model_info"]

        until(15, lambda: other in models(), "the other model")
        self.assertEqual(models(), [other])
        self.assertEqual(admin.post("/v1/models/rollback").status, 200)

    def test_every_panel_shows_something(self):
        panels = json.loads((MONITORING / "grafana" / "dashboards" / "meterhound.json").read_text())["panels"]
        queries = [(panel["title"], target["expr"]) for panel in panels for target in panel["targets"]]
        self.assertGreater(len(queries), 20)
        for title, expression in queries:
            expression = expression.replace("$__rate_interval", "1m")
            self.assertNotIn("$", expression)
            self.assertTrue(self.query(expression), f"{title}: {expression}")

    def test_drift_reaches_the_operators(self):
        until(30, lambda: [one for one in self.receiver.received if "MeterhoundDrift" in json.dumps(one)], "the message")
        message = json.dumps(next(one for one in self.receiver.received if "MeterhoundDrift" in json.dumps(one)))
        self.assertIn("firing: MeterhoundDrift", message)
        self.assertIn("docs/operations.md#drift", message)
        others = {one["metric"]["alertname"] for one in self.query('ALERTS{alertstate="firing"}')}
        self.assertEqual(others, {"MeterhoundDrift"})


@unittest.skipUnless(DISTRIBUTED, "needs servers that can be stopped")
class AwayTest(unittest.TestCase):
    """What Prometheus sees of an API whose queue or store is away, and when it is back."""

    def test_queue_and_store(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        redis, postgres = Redis(folder / "redis"), Postgres(folder / "postgres")
        for server in (redis, postgres):
            server.start()
            self.addCleanup(server.stop)
        run("db", "migrate", "--store", postgres.url)
        service = Service(folder, "--store", postgres.url, "--queue", redis.url, "--workers", 0)
        self.addCleanup(service.stop)

        def ready(check):
            answered = service.client.get("/metrics")
            return answered.status == 200 and measured(answered.text)["meterhound_ready", frozenset({("check", check)})]

        self.assertEqual((ready("store"), ready("queue"), ready("model")), (1, 1, 0))
        redis.stop()
        until(15, lambda: ready("queue") == 0, "the queue is away")
        self.assertEqual(ready("store"), 1)
        redis.start()
        until(15, lambda: ready("queue") == 1, "the queue is back")
        postgres.stop()
        until(15, lambda: service.client.get("/metrics").status == 503, "the store is away")
        self.assertEqual(service.client.get("/healthz").status, 200)
        postgres.start()
        until(15, lambda: ready("store") == 1, "the store is back")


if __name__ == "__main__":
    unittest.main()
