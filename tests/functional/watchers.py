"""The real Prometheus and Alertmanager beside a running service, with the project's own files, and a receiver of what they tell."""
import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from program import SOURCE

sys.path.append(str(SOURCE / "tests" / "support"))
from store_servers import free_port  # noqa: E402

MONITORING = SOURCE / "monitoring"
RULES = MONITORING / "prometheus" / "rules.yml"
SERIES = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")


def until(seconds, ask, what):
    """The first answer of `ask` that is true."""
    end = time.monotonic() + seconds
    while True:
        found = ask()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s, found {found!r}")
        time.sleep(0.3)


def changed(path, changes):
    """The file's text with each place, there exactly once, replaced."""
    text = path.read_text()
    for old, new in changes.items():
        if text.count(old) != 1:
            raise AssertionError(f"{path}: found {text.count(old)} times {old!r}, expected one")
        text = text.replace(old, new)
    return text


def measured(text):
    """{(name, labels): value}"""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, labels, value = SERIES.fullmatch(line).groups()
            found[name, frozenset(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels or ""))] = float(value)
    return found


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps what is posted to it, as the operators' chat would show it."""

    def __init__(self):
        self.received = []
        received = self.received

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class WatchedService(unittest.TestCase):
    """A subclass sets `path` (a folder), `url` (of the API) and `scraper` (a key), and calls watch()."""

    @staticmethod
    def servers(*command):
        subprocess.run([sys.executable, SOURCE / "tests" / "support" / "store_servers.py", *command], check=True)

    @classmethod
    def keep(cls, process):
        cls.addClassCleanup(process.wait, 60)
        cls.addClassCleanup(process.terminate)

    @classmethod
    def start(cls, *command):
        with open(cls.path / "watchers.log", "ab") as log:
            cls.keep(subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, cwd=cls.path))

    @classmethod
    def watch(cls):
        """The project's own files; only addresses, and times to wait, are others."""
        cls.receiver = Receiver()
        cls.addClassCleanup(cls.receiver.server_close)
        cls.addClassCleanup(cls.receiver.shutdown)
        prometheus, alertmanager = free_port(), free_port()
        cls.prometheus = f"http://127.0.0.1:{prometheus}"
        (cls.path / "slack_url").write_text(f"http://127.0.0.1:{cls.receiver.server_port}/hook")
        (cls.path / "alertmanager.yml").write_text(
            changed(MONITORING / "alertmanager" / "alertmanager.yml", {"group_wait: 30s": "group_wait: 0s", "group_interval: 5m": "group_interval: 1s"}))
        cls.start("prometheus-alertmanager", "--config.file=alertmanager.yml", "--storage.path=alerts", "--cluster.listen-address=",
                  f"--web.listen-address=127.0.0.1:{alertmanager}")
        (cls.path / "meterhound.key").write_text(cls.scraper)
        shutil.copy(RULES, cls.path)
        (cls.path / "prometheus.yml").write_text(changed(MONITORING / "prometheus" / "prometheus.yml", {
            "scrape_interval: 15s": "scrape_interval: 1s", "evaluation_interval: 15s": "evaluation_interval: 1s",
            "127.0.0.1:8000": cls.url.removeprefix("http://"), "127.0.0.1:9093": f"127.0.0.1:{alertmanager}"}))
        subprocess.run(["promtool", "check", "config", cls.path / "prometheus.yml"], check=True, capture_output=True)
        cls.start("prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=series", "--log.level=warn",
                  f"--web.listen-address=127.0.0.1:{prometheus}")
        until(30, lambda: cls.query('meterhound_jobs_total{state="done"}'), "the first scrape")

    @classmethod
    def query(cls, expression):
        """Samples at this moment; those that are not a number are none."""
        try:
            with urllib.request.urlopen(f"{cls.prometheus}/api/v1/query?" + urllib.parse.urlencode({"query": expression}), timeout=10) as found:
                return [one for one in json.load(found)["data"]["result"] if one["value"][1] != "NaN"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{expression}: {error.read().decode()}") from error
        except (urllib.error.URLError, ConnectionError):
            return []  # it is starting
