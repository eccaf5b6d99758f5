"""Kills, full disks, a lost Redis and jumping clocks: each accepted job ends exactly once in its effects.

Real processes: clients that send jobs, workers that run them, redis-server, PostgreSQL. What was accepted is noted by the
clients in files of their own, apart from the store; at the end the store must hold exactly one effect for each of them.
METERHOUND_KILLS=1000 kills that many instead of 30; METERHOUND_FAULT_SEED repeats a run's choices.
"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from store_servers import Postgres, Redis  # noqa: E402

PROGRAM = os.environ["METERHOUND_FAULT_WORKER"]
KILLS = int(os.environ.get("METERHOUND_KILLS", "30"))
SEED = int(os.environ.get("METERHOUND_FAULT_SEED", str(random.SystemRandom().randrange(10**6))))
CLIENTS, WORKERS = 2, 2
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


class Town:
    """Clients and workers on one store and one queue, each of which may be killed and is started again."""

    def __init__(self, folder, store, queue):
        self.folder, self.store, self.queue = Path(folder), store, queue
        self.ledger = self.folder / "ledger"
        self.log = open(self.folder / "log", "w")
        self.processes = {}
        subprocess.run([PROGRAM, "prepare", store], check=True)

    def start(self, name, environment=None):
        kind = name.split("-")[0]
        words = {"worker": ["work", self.store, self.queue, self.ledger],
                 "client": ["submit", self.store, self.queue, self.folder / f"accepted-{name}", name]}[kind]
        self.processes[name] = subprocess.Popen([PROGRAM, *map(str, words)], stderr=self.log,
                                                env={**os.environ, **(environment or {})})

    def start_all(self):
        for i in range(CLIENTS):
            self.start(f"client-{i}")
        for i in range(WORKERS):
            self.start(f"worker-{i}")

    def end(self, name, how):
        process = self.processes.pop(name)
        process.send_signal(how)
        return process.wait(timeout=60)

    def end_all(self, kind="", how=signal.SIGTERM):
        for name in [name for name in self.processes if name.startswith(kind)]:
            self.end(name, how)

    def accepted(self):
        """key -> job id, of every job that a client was told is accepted."""
        jobs = {}
        for path in self.folder.glob("accepted-*"):
            for line in path.read_text().splitlines():
                key, job, *_ = line.split()
                jobs[key] = job
        return jobs

    def inspect(self):
        return json.loads(subprocess.run([PROGRAM, "inspect", self.store], check=True, capture_output=True).stdout)

    def wait_for_end(self, seconds=90):
        deadline = time.monotonic() + seconds
        while True:
            state = self.inspect()
            waiting = [job for job in state["jobs"] if job["state"] in ("queued", "running")]
            if not waiting:
                return state
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(waiting)} of {len(state['jobs'])} jobs have not ended: {waiting[:3]}\n"
                                     + (self.folder / "log").read_text()[-3000:])
            time.sleep(0.3)

    def close(self):
        self.end_all(how=signal.SIGKILL)
        self.log.close()


class FaultsCase(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(SEED)
        self.folder = Path(tempfile.mkdtemp(prefix="meterhound-faults-"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def sqlite(self):
        return f"sqlite:{self.folder}/store.db"

    def redis(self):
        redis = Redis(self.folder / "redis")
        redis.start()
        self.addCleanup(redis.stop, signal.SIGKILL)
        return redis

    def postgres(self):
        postgres = Postgres(self.folder / "postgres")
        postgres.start()
        self.addCleanup(postgres.stop, "immediate")
        return postgres

    def town(self, store, queue):
        town = Town(self.folder, store, queue)
        self.addCleanup(town.close)
        return town

    def check(self, town, least):
        """Every accepted job once, and no job that nobody asked for."""
        state = town.wait_for_end()
        accepted = town.accepted()
        self.assertGreaterEqual(len(accepted), least, "too few jobs for the test to mean anything")
        jobs = {job["id"]: job for job in state["jobs"]}
        for key, job in accepted.items():
            self.assertIn(job, jobs, f"{key} was accepted and is lost (seed {SEED})")
            self.assertEqual(jobs[job]["key"], key)
        for job in jobs.values():
            self.assertEqual((job["state"], job["effects"]), ("done", 1), f"{job} (seed {SEED})")
        self.assertEqual(state["effects"], len(jobs))
        # A client that was killed before it heard the answer asks again under the same key: still one job a key.
        keys = [job["key"] for job in jobs.values()]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertLessEqual(len(jobs) - len(accepted), CLIENTS)
        attempts = sum(job["attempts"] for job in jobs.values())
        begun = len(town.ledger.read_text().splitlines())
        print(f"{self.id()}: {len(accepted)} accepted, {attempts} attempts, {begun} commits tried, seed {SEED}", flush=True)
        return state

    def kill_at_random(self, town, kills, redis=None):
        victims = [*town.processes, *(["redis"] if redis else [])]
        for _ in range(kills):
            time.sleep(self.random.uniform(0.05, 0.6))
            victim = self.random.choice(victims)
            if victim == "redis":
                redis.stop(signal.SIGKILL)
                time.sleep(self.random.uniform(0, 0.2))
                redis.start()
            else:
                self.assertEqual(town.end(victim, signal.SIGKILL), -signal.SIGKILL)
                town.start(victim)


class KillTest(FaultsCase):
    def test_one_file(self):
        town = self.town(self.sqlite(), "store")
        town.start_all()
        self.kill_at_random(town, KILLS // 2)
        town.end_all("client")
        self.check(town, 100)

    def test_postgresql_and_redis(self):
        redis = self.redis()
        town = self.town(self.postgres().url, redis.url)
        town.start_all()
        self.kill_at_random(town, KILLS - KILLS // 2, redis)
        town.end_all("client")
        self.check(town, 100)


class DegradedTest(FaultsCase):
    def test_redis_gone_for_a_while(self):
        redis = self.redis()
        town = self.town(self.sqlite(), redis.url)
        town.start_all()
        time.sleep(1)
        redis.stop(signal.SIGKILL)
        time.sleep(4)
        answered = sum(path.read_text().count(" row\n") for path in self.folder.glob("accepted-*"))
        self.assertGreater(answered, 10, "jobs are accepted while Redis is gone")
        redis.start()
        time.sleep(1)
        town.end_all("client")
        self.check(town, 100)

    def test_disk_full(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("a file system of a fixed size needs root: " + mounted.stderr.decode())
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)], check=True)
        town = self.town(f"sqlite:{disk}/store.db", "store")
        town.start_all()
        time.sleep(1)
        ballast = disk / "ballast"
        with open(ballast, "wb") as file:
            try:
                while True:
                    file.write(bytes(1 << 16))
                    file.flush()
            except OSError:
                pass
        time.sleep(4)
        self.assertIn("disk is full", (self.folder / "log").read_text())
        for name, process in town.processes.items():
            self.assertIsNone(process.poll(), f"{name} lives through a full disk")
        ballast.unlink()
        time.sleep(2)
        town.end_all("client")
        self.check(town, 50)

    def test_clock_jumps(self):
        if not FAKETIME.exists():
            self.skipTest("faketime is not installed (see tools/packages.txt)")
        town = self.town(self.sqlite(), "store")
        clock = self.folder / "clock"
        clock.write_text("+0")
        fake = {"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        town.start("client-0")
        town.start("client-1")
        town.start("worker-0")
        town.start("worker-1", fake)
        for jump in ("+2h", "-2h", "+30s", "+0"):
            time.sleep(1.5)
            clock.write_text(jump)
        time.sleep(1)
        town.end_all("client")
        self.check(town, 100)


if __name__ == "__main__":
    unittest.main(verbosity=2)
