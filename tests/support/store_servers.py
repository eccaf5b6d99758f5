#!/usr/bin/env python3
"""Real PostgreSQL and Redis servers on loopback in a temporary folder, for tests.

    store_servers.py start STATE_FILE     starts both and writes their URLs there as JSON
    store_servers.py stop STATE_FILE      stops them and removes their folder

Redis syncs each write (`appendfsync always`) and asks for a password, as PostgreSQL does.
"""
import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PASSWORD = "loopback"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, what):
    for _ in range(300):
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{what} ended at once with status {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{what} does not answer on port {port}")


class Redis:
    """A redis-server that can be killed and started again on the same port and files."""

    def __init__(self, folder, port=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.process = None

    @property
    def url(self):
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}"

    def start(self):
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("redis-server is not installed (see tools/packages.txt)")
        command = [program, "--port", self.port, "--bind", "127.0.0.1", "--dir", self.folder, "--appendonly", "yes",
                   "--appendfsync", "always", "--save", "", "--requirepass", PASSWORD, "--logfile", "redis.log"]
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        wait_for_port(self.port, self.process, "redis-server")

    def stop(self, how=signal.SIGTERM):
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait()
            self.process = None


class Postgres:
    """A PostgreSQL cluster; as root it runs as the user `postgres`, since it refuses to be root."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        if not programs:
            raise RuntimeError("PostgreSQL is not installed (see tools/packages.txt)")
        self.programs = programs[-1]
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    @property
    def url(self):
        return f"postgresql://meterhound:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def run(self, program, *arguments):
        done = subprocess.run([*self.as_user, f"{self.programs}/{program}", *map(str, arguments)], text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/",
                              env={**os.environ, "PGPASSWORD": PASSWORD})
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stderr}")

    def start(self):
        data = self.folder / "data"
        if not data.exists():
            password = self.folder / "password"
            password.write_text(PASSWORD)
            if self.as_user:
                for path in (self.folder, password):
                    shutil.chown(path, "postgres")
            self.run("initdb", "--no-sync", "--auth=scram-sha-256", "--username=meterhound", f"--pwfile={password}",
                     "--encoding=UTF8", "--locale=C.UTF-8", f"--pgdata={data}")
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories= -c max_connections=300"
        self.run("pg_ctl", "start", "-w", "-D", data, "-l", self.folder / "log", "-o", options)

    def create(self, database):
        """Another database of this server; tests that dump a whole one do not share it."""
        self.run("createdb", "--host=127.0.0.1", f"--port={self.port}", "--username=meterhound", database)

    def stop(self, mode="fast"):
        self.run("pg_ctl", "stop", "-w", "-D", self.folder / "data", "-m", mode)


def start(state_file):
    stop(state_file)
    folder = Path(tempfile.mkdtemp(prefix="meterhound-servers-"))
    folder.chmod(0o755)
    redis, postgres = Redis(folder / "redis"), Postgres(folder / "postgres")
    redis.start()
    postgres.start()
    for database in ("backup", "functional"):
        postgres.create(database)
    state = {"folder": str(folder), "redis": redis.url, "postgresql": postgres.url, "redis_process": redis.process.pid}
    Path(state_file).write_text(json.dumps(state))


def stop(state_file):
    path = Path(state_file)
    if not path.exists():
        return
    state = json.loads(path.read_text())
    path.unlink()
    folder = Path(state["folder"])
    if (folder / "postgres/data/postmaster.pid").exists():
        Postgres(folder / "postgres").stop("immediate")
    try:
        with open(f"/proc/{state['redis_process']}/cmdline") as file:
            if "redis-server" in file.read():  # and not another process that has got its number
                os.kill(state["redis_process"], signal.SIGKILL)
    except FileNotFoundError:
        pass
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("start", "stop"):
        sys.exit(__doc__)
    {"start": start, "stop": stop}[sys.argv[1]](sys.argv[2])
