"""The whole of operations as one story, with real parts: PostgreSQL, Redis, workers, Prometheus, Alertmanager, a chat's hook and a
mail server. A model is served; a month comes in that it was not made for; people are told; a new model is trained, compared and put in
its place; and all is well again."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program import SOURCE, answer, rows, run, write_rows
from receivers import PASSWORD, Chat, Mailbox, certificate, read
from service import Client, Service, worker
from watchers import WatchedService, measured, until

sys.path.append(str(SOURCE / "tools"))
from peers import peer_python  # noqa: E402

FAST = ["--set", "detection.xgboost.n_estimators=60", "--set", "detection.xgboost.learning_rate=0.1", "--set", "detection.xgboost.max_depth=4",
        "--set", "feature_extraction.tsfresh_settings=minimal+theft", "--set", "evaluation.bootstraps=200"]


class OperationsTest(WatchedService):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = Path(folder.name)
        cls.towns()
        run("train", cls.path / "learn.csv", "--out", cls.path, *FAST)
        cls.receivers()
        state = cls.path / "servers.json"
        cls.servers("start", state)
        cls.addClassCleanup(cls.servers, "stop", state)
        urls = json.loads(state.read_text())
        store, queue = ["--store", urls["postgresql"]], ["--queue", urls["redis"]]
        run("db", "migrate", *store)
        cls.scraper = answer("keys", "add", "prometheus", "--scope", "admin", *store)["key"]
        analyst = answer("keys", "add", "analyst", "--scope", "score,review", *store)["key"]
        settings = [*cls.channels, *FAST, "--set", f"retraining.data={cls.path / 'since.csv'}", "--set", "retraining.on_drift=yes", "--set",
                    "retraining.margin=0.1", "--set", "retraining.holdout_share=0.4", "--set", "monitoring.check_frequency=* * * * *"]
        service = Service(cls.path, *store, *queue, "--model", cls.path / "model.mh", "--workers", 0, *settings, environment=cls.secrets)
        cls.addClassCleanup(service.stop)
        cls.url = service.url
        cls.client, cls.admin = Client(service.url, analyst), Client(service.url, cls.scraper)
        for name in ("math_queue", "math_queue", "llm_queue"):
            cls.keep(worker(cls.path, "-Q", name, *store, *queue, *settings))
        cls.watch()

    @classmethod
    def towns(cls):
        """One town: half of it as the model knows it, half after everyone began to use much more."""
        run("simulate", "--consumers", 3400, "--days", 250, "--theft", 0.25, "--seed", 4, "--out", cls.path / "town.csv")
        header, *lines = rows(cls.path / "town.csv")
        more = [line[:2] + [repr(2.5 * float(value)) if value else "" for value in line[2:]] for line in lines]
        unlabelled = [header[0], *header[2:]]
        for name, part in (("learn", lines[:900]), ("since", more[1200:2600])):
            write_rows(cls.path / f"{name}.csv", [header, *part])
        for name, part in (("usual", lines[900:1200]), ("changed", more[2600:3000]), ("after", more[3000:])):
            write_rows(cls.path / f"{name}.csv", [unlabelled, *([line[0], *line[2:]] for line in part)])

    @classmethod
    def receivers(cls):
        try:
            python = peer_python(Path(__file__).parent / "requirements.txt")
        except subprocess.CalledProcessError as error:
            raise unittest.SkipTest(f"the mail server's libraries cannot be installed here: {error}") from error
        chain, key = certificate(cls.path, "ours")
        cls.chat = Chat(chain, key)
        cls.addClassCleanup(cls.chat.stop)
        cls.mailbox = Mailbox(python, cls.path / "mails", "starttls", chain, key, "meterhound", PASSWORD)
        cls.addClassCleanup(cls.mailbox.stop)
        values = {"webhook_hosts": "localhost", "ca_file": chain, "mail_server": f"smtp://localhost:{cls.mailbox.port}",
                  "mail_from": "meterhound@example.org", "mail_to": "operators@example.org", "mail_user": "meterhound"}
        cls.channels = [word for name, value in values.items() for word in ("--set", f"alerts.{name}={value}")]
        cls.secrets = {"METERHOUND_ALERTS_WEBHOOK": cls.chat.url(), "METERHOUND_ALERTS_MAIL_PASSWORD": PASSWORD}

    def score(self, name):
        """The verdict on a list."""
        body = (self.path / f"{name}.csv").read_bytes()
        job = self.client.job(self.client("POST", f"/v1/detect?filename={name}.csv", body, content_type="text/csv"))
        self.assertEqual(job["state"], "done", job)
        return self.client.get("/v1/drift").json["report"]["verdict"]

    def told(self, begin):
        """How often chat and mailbox were told something that begins so."""
        subjects = [read(mail)["subject"] for mail in self.mailbox.mails()]
        return [sum(begin in line for line in lines) for lines in (self.chat.headlines, subjects)]

    def alarms(self, status):
        """What Alertmanager told of drift."""
        return [one for one in self.receiver.received if f"{status}: MeterhoundDrift" in json.dumps(one)]

    def jobs(self, kind):
        return [job for job in self.client.get(f"/v1/jobs?kind={kind}").json["items"] if job["state"] == "done"]

    def test_from_drift_to_a_new_model(self):
        champion = self.client.get("/v1/models").json["active"]
        self.assertEqual(self.score("usual"), "stable")
        # By the clock, from what was scored, without anybody asking.
        check = until(90, lambda: self.jobs("drift"), "the check of the clock")[-1]
        self.assertEqual((check["result"]["verdict"], check["result"]["consumers"]), ("stable", 300), check)
        self.assertEqual((self.told(""), self.alarms("firing")), ([0, 0], []))

        self.assertEqual(self.score("changed"), "drift")
        until(30, lambda: self.told("Warning: what is scored no longer looks like") == [1, 1], "chat and mail are told")
        until(30, lambda: self.alarms("firing"), "Alertmanager tells")

        retrained = until(120, lambda: self.jobs("retrain"), "the retraining that drift orders")
        result = retrained[0]["result"]
        self.assertEqual((len(retrained), result["cause"], result["verdict"], result["champion"]), (1, "drift", "promote", champion), result)
        compared = result["comparison"]
        self.assertGreater(compared["consumers"], 500)  # that neither had seen
        self.assertGreater(compared["difference"]["pr_auc"]["low"], -0.1)
        challenger = self.client.get("/v1/models").json["active"]
        self.assertEqual(challenger, result["challenger"])
        self.assertNotEqual(challenger, champion)
        until(30, lambda: self.told("a new model is in use") == [1, 1], "chat and mail are told of the new model")

        self.assertEqual(self.score("after"), "stable")
        until(30, lambda: self.told("Resolved: what is scored no longer looks like") == [1, 1], "chat and mail are told that it is over")
        until(60, lambda: self.alarms("resolved"), "Alertmanager tells that it is over")

        self.assertEqual(self.told("Warning"), [1, 1])
        found = measured(self.admin.get("/metrics").text)
        self.assertEqual([dict(labels)["fingerprint"] for name, labels in found if name == "meterhound_model_info"], [challenger])
        self.assertEqual(found["meterhound_drift_verdict", frozenset()], 0)
        self.assertEqual(self.query('ALERTS{alertstate="firing"}'), [])
        audit = self.admin.get("/v1/audit?limit=1000").json
        self.assertTrue(audit["intact"])
        done = {(one["action"], one["target"]) for one in audit["items"]}
        self.assertIn(("model.activate", f"model:{challenger}"), done)
        # And the way back.
        self.assertEqual(self.admin.post("/v1/models/rollback").status, 200)
        self.assertEqual(self.client.get("/v1/models").json["active"], champion)


if __name__ == "__main__":
    unittest.main()
