"""The real service under kill -9: API, workers and Redis die at random moments; whatever was answered 202 ends exactly once.

Clients note in a list of their own what was accepted. At the end the store is read with Python's sqlite3, not through the
program: one run, one entry in the audit log and all cases for each accepted job. METERHOUND_KILLS=1000 kills that many instead
of 30; METERHOUND_FAULT_SEED repeats a run's choices.
"""
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "support"), str(ROOT / "functional")]
from program import PROGRAM, run  # noqa: E402
from service import Client  # noqa: E402
from store_servers import Redis, free_port  # noqa: E402

KILLS = int(os.environ.get("METERHOUND_KILLS", "30"))
SEED = int(os.environ.get("METERHOUND_FAULT_SEED", str(random.SystemRandom().randrange(10**6))))
CONSUMERS = 3
UNANSWERED = (OSError, json.JSONDecodeError, EOFError)


class Submitter(threading.Thread):
    """Sends jobs, each under a key of its own, and asks again under the same key until it is answered."""

    def __init__(self, url, name, stop):
        super().__init__(daemon=True)
        self.client, self.label, self.stopped, self.accepted = Client(url), name, stop, {}

    def run(self):
        draw = random.Random(self.label)
        count = 0
        while not self.stopped.is_set():
            key = f"{self.label}-{count}"
            consumers = [{"id": f"{key}-{i}", "start": "2014-01-01", "cadence": "daily", "readings": [round(draw.uniform(1, 9), 2) for _ in range(60)]}
                         for i in range(CONSUMERS)]
            while not self.stopped.is_set():
                try:
                    answer = self.client.post("/v1/detect", {"title": key, "consumers": consumers}, Idempotency_Key=key)
                except UNANSWERED:
                    time.sleep(0.05)
                    continue
                if answer.status == 202:
                    self.accepted[key] = answer.json["id"]
                    break
                assert answer.status == 503, (answer.status, answer.text)
                time.sleep(0.1)
            count += 1


class ServiceFaults(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(SEED)
        folder = tempfile.TemporaryDirectory(prefix="meterhound-faults-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.port = free_port()
        self.processes = {}
        self.log = open(self.folder / "log", "w")
        self.addCleanup(self.log.close)
        run("simulate", "--consumers", 200, "--days", 60, "--theft", 0.2, "--seed", 4, "--out", self.folder / "town.csv")
        run("train", self.folder / "town.csv", "--out", self.folder, "--set", "detection.xgboost.n_estimators=20",
            "--set", "feature_extraction.tsfresh_settings=minimal")
        self.store = f"sqlite:{self.folder / 'store.db'}"
        run("db", "migrate", "--store", self.store)

    def start(self, name, queue):
        words = ["serve", "--port", self.port, "--workers", 0, "--model", self.folder / "model.mh"] if name == "api" else ["worker", "-Q", "math_queue"]
        self.processes[name] = subprocess.Popen([PROGRAM, *map(str, words), "--store", self.store, "--queue", queue], stdout=self.log, stderr=self.log)

    def end(self, name, how):
        process = self.processes.pop(name)
        process.send_signal(how)
        return process.wait(60)

    def wait_for_api(self):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        self.fail("the API does not come back\n" + (self.folder / "log").read_text()[-3000:])

    def kill_under_load(self, queue, redis=None):
        names = ["api", "worker-0", "worker-1"]
        for name in names:
            self.start(name, queue)
        self.addCleanup(lambda: [self.end(name, signal.SIGKILL) for name in list(self.processes)])
        self.wait_for_api()
        stop = threading.Event()
        self.addCleanup(stop.set)
        clients = [Submitter(f"http://127.0.0.1:{self.port}", f"client-{i}", stop) for i in range(3)]
        for client in clients:
            client.start()
        for _ in range(KILLS):
            time.sleep(self.random.uniform(0.1, 0.8))
            victim = self.random.choice(names + (["redis"] if redis else []))
            if victim == "redis":
                redis.stop(signal.SIGKILL)
                time.sleep(self.random.uniform(0, 0.3))
                redis.start()
            else:
                self.assertEqual(self.end(victim, signal.SIGKILL), -signal.SIGKILL)
                self.start(victim, queue)
        self.wait_for_api()
        stop.set()
        for client in clients:
            client.join()
        return {key: job for client in clients for key, job in client.accepted.items()}

    def rows(self, sql):
        with sqlite3.connect(self.folder / "store.db") as database:
            return database.execute(sql).fetchall()

    def check(self, accepted):
        self.assertGreaterEqual(len(accepted), KILLS, "too few jobs for the test to mean anything")
        until = time.monotonic() + 150  # a killed worker's lease, and a sweep for entries that the queue has lost
        while time.monotonic() < until and self.rows("SELECT 1 FROM jobs WHERE state IN ('queued', 'running') LIMIT 1"):
            time.sleep(0.5)
        for name in list(self.processes):
            self.assertEqual(self.end(name, signal.SIGTERM), 0, name)
        states = dict(self.rows("SELECT id, state FROM jobs"))
        for key, job in accepted.items():
            self.assertEqual(states.get(job), "done", f"{key}, seed {SEED}\n" + (self.folder / "log").read_text()[-2000:])
        self.assertEqual(set(states.values()), {"done"})
        self.assertEqual(sorted(self.rows("SELECT run, COUNT(*) FROM cases GROUP BY run")), sorted((job, CONSUMERS) for job in states))
        self.assertEqual(sorted(self.rows("SELECT id FROM runs")), sorted((job,) for job in states))
        told = self.rows("SELECT target, COUNT(*) FROM audit WHERE action = 'run.add' GROUP BY target")
        self.assertEqual(sorted(told), sorted((f"run:{job}", 1) for job in states))
        # What was accepted but never heard of may be there once more than the clients know, under no second key.
        titles = self.rows("SELECT title, COUNT(*) FROM jobs GROUP BY title")
        self.assertEqual({count for _, count in titles}, {1})
        print(f"{self.id()}: {KILLS} kills, {len(accepted)} accepted, {len(states)} done once each, seed {SEED}", flush=True)

    def test_everything_in_one_store(self):
        self.check(self.kill_under_load("store"))

    def test_redis_holds_the_queues(self):
        redis = Redis(self.folder / "redis")
        redis.start()
        self.addCleanup(redis.stop, signal.SIGKILL)
        self.check(self.kill_under_load(redis.url, redis))


if __name__ == "__main__":
    unittest.main()
