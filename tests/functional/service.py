"""A running service to test: one process on SQLite, or the API, workers, Redis and PostgreSQL as processes of their own."""
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from program import PROGRAM


class Answer:
    """A status, headers and a body; `json` parses it."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


class Client:
    def __init__(self, url, key=None):
        self.url, self.key = url, key

    def __call__(self, method, path, body=None, content_type="application/json", **headers):
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=body, method=method)
        if body is not None:
            request.add_header("Content-Type", content_type)
        if self.key:
            request.add_header("Authorization", "Bearer " + self.key)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def get(self, path, **headers):
        return self("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self("POST", path, {} if body is None else body, **headers)

    def job(self, accepted, seconds=120):
        """Waits until the job of a 202 has ended."""
        assert accepted.status == 202, (accepted.status, accepted.text)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            job = self.get(accepted.headers["Location"]).json
            if job["state"] not in ("queued", "running"):
                return job
            time.sleep(0.1)
        raise AssertionError(f"the job has not ended after {seconds} s: {job}")


class Service:
    """Starts `meterhound serve` with flags and environment; stop() asks it to end and gives its exit status."""

    def __init__(self, folder, *flags, environment=None):
        self.log = open(Path(folder) / "serve.log", "ab")
        self.process = subprocess.Popen([PROGRAM, "serve", "--port", "0", *map(str, flags)], stdout=subprocess.PIPE, stderr=self.log,
                                        env={**os.environ, **(environment or {})}, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            self.process.wait()
            raise AssertionError("no service: " + (Path(folder) / "serve.log").read_text()[-2000:])
        self.client = Client(self.url)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        status = self.process.wait(60)
        self.process.stdout.close()
        self.log.close()
        return status


def worker(folder, *flags, environment=None):
    with open(Path(folder) / "worker.log", "ab") as log:  # the process has its own copy
        return subprocess.Popen([PROGRAM, "worker", *map(str, flags)], stdout=log, stderr=log, env={**os.environ, **(environment or {})})


