"""Alerts of the service's own: a real service that finds drift, a chat's hook over HTTPS and a mail server with TLS and login, and
what happens when they fail."""
import base64
import json
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
from pathlib import Path

from program import SOURCE, rows, run, write_rows
from receivers import HOOK, PASSWORD, Chat, Mailbox, certificate, read
from service import Service, worker
from watchers import until

sys.path.append(str(SOURCE / "tools"))
from peers import peer_python  # noqa: E402

FAST = ["--set", "detection.xgboost.n_estimators=40", "--set", "feature_extraction.tsfresh_settings=minimal+theft"]


class AlertTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.python = peer_python(Path(__file__).parent / "requirements.txt")
        except subprocess.CalledProcessError as error:
            raise unittest.SkipTest(f"the mail server's libraries cannot be installed here: {error}") from error
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = Path(folder.name)
        cls.ours, cls.other = certificate(cls.path, "ours"), certificate(cls.path, "other")

    def chat(self, *pair, **options):
        chat = Chat(*pair, **options)
        self.addCleanup(chat.stop)
        return chat

    def mailbox(self, mode, pair=(), login=()):
        box = Mailbox(self.python, Path(tempfile.mkdtemp(dir=self.path)) / "mails", mode, *pair, *login)
        self.addCleanup(box.stop)
        return box

    def to_chat(self, chat, host="localhost"):
        """Settings and secrets."""
        return ["--set", f"alerts.webhook_hosts={host}", "--set", f"alerts.ca_file={self.ours[0]}"], {"METERHOUND_ALERTS_WEBHOOK": chat.url(host)}

    def to_mail(self, box, scheme="smtps", to="anna@example.org,bert@example.org", host="localhost", user="meterhound"):
        flags = ["--set", f"alerts.mail_server={scheme}://{host}:{box.port}", "--set", "alerts.mail_from=meterhound@example.org", "--set",
                 f"alerts.mail_to={to}", "--set", f"alerts.ca_file={self.ours[0]}"]
        return flags + (["--set", f"alerts.mail_user={user}"] if user else []), {"METERHOUND_ALERTS_MAIL_PASSWORD": PASSWORD} if user else {}


class ChannelTest(AlertTest):
    """`meterhound alerts test` and the check at the start: each channel by itself, and what each failure says."""

    def send(self, channel, status=0):
        flags, secrets = channel
        told = run("alerts", "test", *flags, env=secrets, status=status)
        self.assertNotIn(HOOK, told.stdout + told.stderr)
        self.assertNotIn(PASSWORD, told.stdout + told.stderr)
        return told.stdout + told.stderr

    def test_both_are_told(self):
        chat, box = self.chat(*self.ours), self.mailbox("smtps", self.ours, ["meterhound", PASSWORD])
        flags, secrets = self.to_chat(chat)
        more_flags, more_secrets = self.to_mail(box)
        said = self.send((flags + more_flags, secrets | more_secrets))
        self.assertEqual(said, "webhook: sent\nmail: sent\n")
        self.assertEqual([path for path, _ in chat.posts], [HOOK])
        self.assertEqual(chat.headlines, ["Info: this is a test"])
        (mail,) = box.mails()
        self.assertEqual((mail["from"], mail["to"], mail["user"]), ("meterhound@example.org", ["anna@example.org", "bert@example.org"], "meterhound"))
        self.assertEqual(read(mail)["Subject"], "Info: this is a test")

    def test_secrets_come_from_files_too(self):
        chat, box = self.chat(*self.ours), self.mailbox("smtps", self.ours, ["meterhound", PASSWORD])
        (self.path / "hook").write_text(chat.url() + "\n")
        (self.path / "password").write_text(PASSWORD + "\n")
        flags = self.to_chat(chat)[0] + self.to_mail(box)[0]
        self.send((flags, {"METERHOUND_ALERTS_WEBHOOK_FILE": str(self.path / "hook"), "METERHOUND_ALERTS_MAIL_PASSWORD_FILE": str(self.path / "password")}))
        self.assertEqual((len(chat.posts), len(box.mails())), (1, 1))

    def test_a_chat_that_refuses(self):
        chat = self.chat(*self.ours)
        for status, text, headers, exit_status, expected in (
                (404, "no_service\n", {}, 2, "answers 404 (no_service)"),
                (403, f"Cannot POST {HOOK}", {}, 2, "answers 403\n"),
                (400, "hook", {}, 2, "answers 400\n"),  # a word of the address
                (302, "", {"Location": chat.url() + "/elsewhere"}, 2, "answers 302, a redirect, which is not followed"),
                (429, "", {}, 1, "answers 429"),
                (503, "", {}, 1, "answers 503")):
            chat.answers.append((status, text, headers))
            self.assertIn(expected, self.send(self.to_chat(chat), exit_status))
        self.assertEqual([path for path, _ in chat.posts], [HOOK] * 6)

    def test_a_certificate_that_is_not_trusted(self):
        chat, box = self.chat(*self.other), self.mailbox("smtps", self.other, ["meterhound", PASSWORD])
        starttls = self.mailbox("starttls", self.other, ["meterhound", PASSWORD])
        for channel in (self.to_chat(chat), self.to_mail(box), self.to_mail(starttls, "smtp")):
            self.assertIn("certificate", self.send(channel, 1))
        # Ours, but for another name.
        self.assertIn("certificate", self.send(self.to_chat(self.chat(*self.ours), "hook.localhost"), 1))
        self.assertEqual((chat.posts, box.mails(), starttls.mails()), ([], [], []))

    def test_nobody_there(self):
        with socket.socket() as taken:  # bound, but not listening
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            flags, secrets = ["--set", "alerts.webhook_hosts=localhost"], {"METERHOUND_ALERTS_WEBHOOK": f"https://localhost:{port}{HOOK}"}
            self.assertIn("webhook at localhost: the server cannot be reached", self.send((flags, secrets), 1))

    def test_starttls_is_used_and_needed(self):
        box = self.mailbox("starttls", self.ours, ["meterhound", PASSWORD])
        self.send(self.to_mail(box, "smtp"))
        self.assertEqual(len(box.mails()), 1)
        # A server without TLS is taken on this machine alone; libcurl knows any name under localhost.
        plain = self.mailbox("plain")
        self.send(self.to_mail(plain, "smtp", user=None))
        self.assertIn("offers no TLS", self.send(self.to_mail(plain, "smtp", user=None, host="mail.localhost"), 1))
        self.assertEqual(len(plain.mails()), 1)

    def test_a_mail_server_that_refuses(self):
        box = self.mailbox("smtps", self.ours, ["meterhound", "another word"])
        self.assertIn("answers 535", self.send(self.to_mail(box), 2))
        box = self.mailbox("smtps", self.ours, ["meterhound", PASSWORD])
        self.assertIn("answers 550", self.send(self.to_mail(box, to="anna@example.org,nobody@example.org"), 2))
        self.assertIn("answers 451", self.send(self.to_mail(box, to="later@example.org"), 1))
        self.assertEqual(box.mails(), [])

    def test_what_does_not_fit_is_refused_at_the_start(self):
        hook, word = {"METERHOUND_ALERTS_WEBHOOK": "https://hooks.example.org" + HOOK}, {"METERHOUND_ALERTS_MAIL_PASSWORD": PASSWORD}
        mail = ["alerts.mail_server=smtps://mail.example.org", "alerts.mail_from=a@example.org", "alerts.mail_to=b@example.org"]
        for settings, secrets, expected in (
                (["alerts.webhook_hosts=hooks.slack.com"], hook, "found the host 'hooks.example.org', expected one of alerts.webhook_hosts (hooks.slack.com)"),
                ([], hook, "no host in alerts.webhook_hosts"),
                (["alerts.webhook_hosts=hooks.slack.com"], {}, "METERHOUND_ALERTS_WEBHOOK: found no address"),
                (["alerts.webhook_hosts=hooks.example.org"], {"METERHOUND_ALERTS_WEBHOOK": "http://hooks.example.org" + HOOK}, "not https"),
                (["alerts.webhook_hosts=hooks.example.org"], {"METERHOUND_ALERTS_WEBHOOK_FILE": "/nowhere"}, "/nowhere"),
                (mail[1:], {}, "alerts.mail_server: found no server"),
                (mail + ["alerts.mail_user=anna"], {}, "alerts.mail_user: found only one"),
                (mail, word, "alerts.mail_user: found only one"),
                (mail[:2] + ["alerts.mail_to=anna"], {}, "alerts.mail_to: found 'anna', expected an address"),
                (mail + ["alerts.ca_file=/nowhere.pem"], {}, "alerts.ca_file: /nowhere.pem")):
            flags = [word for setting in settings for word in ("--set", setting)]
            for command in (["serve", "--port", 0], ["worker", "-Q", "alert_queue"], ["alerts", "test"]):
                said = run(*command, *flags, "--store", f"sqlite:{self.path / 'none.db'}", env=secrets, status=2).stderr
                self.assertIn(expected, said, command)
                self.assertNotIn(HOOK, said)
                self.assertNotIn(PASSWORD, said)

    def test_settings_show_no_secret(self):
        chat, box = self.chat(*self.ours), self.mailbox("plain")
        flags, secrets = self.to_chat(chat)
        more_flags, more_secrets = self.to_mail(box)
        shown = run("config", *flags, *more_flags, env=secrets | more_secrets).stdout
        self.assertIn("alerts.webhook_hosts: localhost", shown)
        self.assertNotIn(HOOK, shown)
        self.assertNotIn(PASSWORD, shown)
        said = run("config", "--set", f"alerts.webhook={chat.url()}", status=2).stderr
        self.assertIn("unknown key 'alerts.webhook'", said)
        self.assertNotIn(HOOK, said)


class ServiceTest(AlertTest):
    """Drift, found by a worker that knows no secret, is told by the API."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        run("simulate", "--consumers", 300, "--days", 200, "--theft", 0.15, "--seed", 2, "--out", cls.path / "learn.csv")
        run("train", cls.path / "learn.csv", "--out", cls.path, *FAST)
        header, *lines = rows(cls.path / "learn.csv")
        more = [line[:2] + [str(2.5 * float(x)) if x else "" for x in line[2:]] for line in lines[:120]]
        cls.drifted = write_rows(cls.path / "more.csv", [header, *more]).read_bytes()
        cls.stable = (cls.path / "learn.csv").read_bytes()
        cls.consumers = {line[0] for line in lines}

    def start(self, *channels, workers=1, places=()):
        """`places`: flags for another store than SQLite, and another queue than the store."""
        folder = Path(tempfile.mkdtemp(dir=self.path))
        self.folder, self.store = folder, folder / "service.db"
        flags = [*(places or ["--store", f"sqlite:{self.store}"]), *(flag for channel in channels for flag in channel[0])]
        secrets = {name: value for channel in channels for name, value in channel[1].items()}
        self.service = Service(folder, *flags, "--workers", workers, "--model", self.path / "model.mh", "--set", "service.check_answers=yes",
                               environment=secrets)
        self.addCleanup(self.service.stop)
        self.client = self.service.client
        if workers == 0:
            process = worker(folder, "-Q", "math_queue", *flags)
            self.addCleanup(process.wait, 60)
            self.addCleanup(process.terminate)

    def score(self, readings, name="may.csv"):
        job = self.client.job(self.client("POST", f"/v1/detect?filename={urllib.parse.quote(name)}", readings, content_type="text/csv"))
        self.assertEqual(job["state"], "done", job)

    def tellings(self):
        return self.client.get("/v1/jobs?kind=alert&limit=100").json["items"]

    def ended(self, count):
        """The jobs that tell, once there are `count` and all have ended."""
        jobs = until(150, lambda: len(self.tellings()) >= count and all(job["state"] in ("done", "failed", "dead") for job in self.tellings())
                     and self.tellings(), f"{count} tellings")
        self.assertEqual(len(jobs), count)
        return jobs

    def alert(self):
        (alert,) = self.client.get("/v1/alerts").json["items"]
        return alert

    def assert_no_secret(self):
        """Neither in the log, nor in what the store holds, nor in any answer about it."""
        store = sqlite3.connect(self.store)
        dump = "\n".join(store.iterdump())
        store.close()
        self.assertIn("alert_queue", dump)
        answers = "".join(self.client.get(path).text for path in ("/v1/alerts", "/v1/jobs?limit=100", "/v1/audit", "/v1/system", "/metrics"))
        answers += run("jobs", "list", "--state", "all", "--json", "--store", f"sqlite:{self.store}").stdout
        log = "".join(file.read_text() for file in self.folder.glob("*.log"))
        self.assertIn("/v1/alerts", log)
        for secret in (HOOK, HOOK.rsplit("/", 1)[1], PASSWORD, base64.b64encode(PASSWORD.encode()).decode()):
            for place, text in (("store", dump), ("answers", answers), ("log", log)):
                self.assertNotIn(secret, text, place)

    def test_drift_is_told_once_and_so_is_its_end(self):
        chat, box = self.chat(*self.ours), self.mailbox("smtps", self.ours, ["meterhound", PASSWORD])
        self.start(self.to_chat(chat), self.to_mail(box), workers=0)
        self.assertEqual(self.client.get("/v1/alerts").json, {"items": []})
        self.score(self.drifted, "Zähler\u00a0<!channel>.csv")
        self.assertEqual({job["state"] for job in self.ended(2)}, {"done"})
        report = self.client.get("/v1/drift").json["report"]
        alert = self.alert()
        self.assertEqual((alert["alert"], alert["state"], alert["severity"], alert["times"]), ("drift", "firing", "warning", 1))
        self.assertTrue(report["reasons"])
        self.assertEqual(alert["text"].split("\n")[-len(report["reasons"]):], report["reasons"])
        self.assertIsNotNone(alert["last_told"])
        ((path, posted),) = chat.posts
        (mail,) = box.mails()
        self.assertEqual(path, HOOK)
        self.assertEqual(posted["text"], "Warning: what is scored no longer looks like what the model learnt from")
        self.assertNotIn("<", json.dumps(posted))
        read_mail = read(mail)
        self.assertEqual(read_mail["Subject"], posted["text"])
        self.assertEqual([str(a) for a in read_mail["To"].addresses], ["anna@example.org", "bert@example.org"])
        jobs = {job["title"]: job for job in self.tellings()}
        self.assertEqual(read_mail["Message-ID"], f"<{jobs['drift to mail']['id']}@example.org>")
        body = read_mail.get_content()
        for reason in report["reasons"]:
            self.assertIn(reason, body)
        self.assertIn("Zähler\u00a0<!channel>.csv", body)
        self.assertIn("docs/operations.md#drift", body)
        for told in (body, json.dumps(posted)):
            self.assertFalse([consumer for consumer in self.consumers if consumer in told])
        # The same again: noted, not told.
        self.score(self.drifted)
        self.assertEqual(self.alert()["times"], 2)
        self.assertEqual(len(self.tellings()), 2)
        # Its end is told, once.
        self.score(self.stable)
        self.assertEqual({job["state"] for job in self.ended(4)}, {"done"})
        self.score(self.stable)
        self.assertEqual(len(self.tellings()), 4)
        self.assertEqual(self.alert()["state"], "resolved")
        self.assertEqual(chat.headlines, [posted["text"], posted["text"].replace("Warning", "Resolved")])
        self.assertEqual([read(one)["Subject"] for one in box.mails()], chat.headlines)
        until(15, lambda: 'meterhound_alerts_firing{alert="drift"} 0' in self.client.get("/metrics").text, "the measurement")
        listed = run("alerts", "list", "--store", f"sqlite:{self.store}").stdout
        self.assertRegex(listed, r"^drift  resolved  warning")
        self.assert_no_secret()

    def test_with_postgresql_and_redis(self):
        state = self.path / "servers.json"
        servers = [sys.executable, SOURCE / "tests" / "support" / "store_servers.py"]
        subprocess.run([*servers, "start", state], check=True)
        self.addCleanup(subprocess.run, [*servers, "stop", state], check=True)
        urls = json.loads(state.read_text())
        run("db", "migrate", "--store", urls["postgresql"])
        chat = self.chat(*self.ours)
        chat.answers = [(500, "", {})]
        self.start(self.to_chat(chat), workers=0, places=["--store", urls["postgresql"], "--queue", urls["redis"]])
        self.score(self.drifted)
        (job,) = self.ended(1)
        self.assertEqual((job["state"], job["attempts"]), ("done", 2))
        self.score(self.stable)
        self.ended(2)
        self.assertEqual([headline.split(":")[0] for headline in chat.headlines], ["Warning", "Warning", "Resolved"])
        self.assertEqual(self.alert()["state"], "resolved")

    def test_what_fails_is_tried_again(self):
        chat = self.chat(*self.ours)
        chat.answers = [(500, HOOK, {})]
        self.start(self.to_chat(chat))
        self.score(self.drifted)
        (job,) = self.ended(1)
        self.assertEqual((job["state"], job["attempts"]), ("done", 2))
        self.assertEqual(len(chat.posts), 2)
        self.assertEqual(chat.posts[0], chat.posts[1])
        self.assert_no_secret()

    def test_what_is_refused_is_not_tried_again(self):
        chat = self.chat(*self.ours)
        chat.answers = [(404, HOOK, {})]
        self.start(self.to_chat(chat))
        self.score(self.drifted)
        (job,) = self.ended(1)
        self.assertEqual((job["state"], job["attempts"], job["error"]["message"]), ("failed", 1, "the server answers 404"))
        self.assert_no_secret()

    def test_what_nobody_takes_waits_for_a_person(self):
        chat = self.chat(*self.ours)
        flags, secrets = self.to_chat(chat)
        port = chat.server_port
        chat.stop()
        self.start((flags + ["--set", "alerts.attempts=2"], secrets))
        self.score(self.drifted)
        (job,) = self.ended(1)
        self.assertEqual((job["state"], job["attempts"]), ("dead", 2))
        self.assertEqual(job["error"]["where"], "webhook at localhost")
        self.assert_no_secret()
        self.assertIn(job["id"], run("jobs", "list", "-Q", "alert_queue", "--store", f"sqlite:{self.store}").stdout)
        self.score(self.stable)  # its end finds nobody either
        self.assertEqual({job["state"] for job in self.ended(2)}, {"dead"})
        again = self.chat(*self.ours, port=port)
        run("jobs", "retry", "--all", "-Q", "alert_queue", "--store", f"sqlite:{self.store}")
        until(60, lambda: len(again.posts) == 2, "the messages")
        firing = next(body for _, body in again.posts if body["text"].startswith("Warning"))
        self.assertIn({"title": "Meanwhile", "value": "this is over", "short": True}, firing["attachments"][0]["fields"])

    def test_without_channels_alerts_are_kept(self):
        self.start()
        self.score(self.drifted)
        alert = self.alert()
        self.assertEqual((alert["state"], alert["last_told"]), ("firing", None))
        self.assertEqual(self.tellings(), [])
        self.score(self.stable)
        self.assertEqual(self.alert()["state"], "resolved")
        self.assertEqual(self.tellings(), [])


if __name__ == "__main__":
    unittest.main()
