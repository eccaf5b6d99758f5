"""A Spark cluster on the loopback interface, of processes that can be found and killed: a master, workers, their executors and Python
workers."""
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pyspark

HOME = Path(pyspark.__file__).parent
START_SECONDS = 120


def free_port():
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        return each.getsockname()[1]


def wait_for(condition, what, seconds=START_SECONDS):
    """The first true answer of `condition`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.05)
    raise TimeoutError(f"waited {seconds} s for {what}")


def processes():
    """{pid: (parent's pid, command line)} of all processes; those that have ended but are not collected are left out."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    found[int(folder.name)] = int(parent), (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return found


def descendants(pid):
    """{pid: command line} of a process's children, their children, and so on."""
    everything = processes()
    inside, grown = {pid}, True
    while grown:
        more = {child for child, (parent, _) in everything.items() if parent in inside} - inside
        inside |= more
        grown = bool(more)
    return {child: everything[child][1] for child in inside if child != pid and child in everything}


def environment(**more):
    """Of everything that belongs to the cluster; what the machine has set for another Spark is left out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_", "PYTHONPATH"))}
    return kept | {"SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m", "PYSPARK_PYTHON": sys.executable,
                   "PYSPARK_DRIVER_PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": "1"} | more


class Cluster:
    """A master and `workers` workers with a core or more each. Use as a context."""

    def __init__(self, folder, workers=2, cores=1, memory="1g"):
        self.folder, self.cores, self.memory, self.count = Path(folder), cores, memory, workers
        self.port = free_port()
        self.url = f"spark://127.0.0.1:{self.port}"
        self.workers = {}
        self.begun = []

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._start("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(self.port),
                        "--webui-port", str(free_port()))
            for number in range(self.count):
                self.start_worker(number)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.begun):
            for pid in (process.pid, *descendants(process.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()
        for folder in self.folder.glob("worker*/"):  # archives lie there unpacked
            shutil.rmtree(folder, ignore_errors=True)

    def _start(self, name, *line):
        with open(self.folder / f"{name}.log", "ab") as log:
            process = subprocess.Popen([HOME / "bin" / "spark-class", *line], stdout=log, stderr=subprocess.STDOUT, env=environment(),
                                       cwd=self.folder)
        self.begun.append(process)
        said = {"master": "New state: ALIVE"}.get(name, "Successfully registered with master")
        wait_for(lambda: said in (self.folder / f"{name}.log").read_text(errors="replace") or process.poll() is not None, f"the {name}")
        if process.poll() is not None:
            raise RuntimeError(f"the {name} has ended:\n" + (self.folder / f"{name}.log").read_text(errors="replace"))
        return process

    def start_worker(self, number):
        name = f"worker{number}-{len(self.begun)}"
        self.workers[number] = self._start(name, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", str(self.cores),
                                           "--memory", self.memory, "--work-dir", str(self.folder / name), "--webui-port",
                                           str(free_port()), self.url)

    def executors(self):
        """{pid: number of the worker} of the executors' JVMs."""
        return {pid: number for number, worker in self.workers.items() for pid, line in descendants(worker.pid).items()
                if "CoarseGrainedExecutorBackend" in line}

    def python_workers(self):
        """The pids of Python processes that do tasks: children of the daemons that executors keep."""
        everything = processes()
        inside = {pid for worker in self.workers.values() for pid in descendants(worker.pid)}
        return [pid for pid in inside if "pyspark.daemon" in everything.get(pid, (0, ""))[1]
                and "pyspark.daemon" in everything.get(everything[pid][0], (0, ""))[1]]

    def kill_worker(self, number):
        """The worker and all that it has started, as when a machine goes."""
        worker = self.workers.pop(number)
        for pid in (*descendants(worker.pid), worker.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        worker.wait()

    def settings(self, name, python_path=None):
        """Of an application on this cluster."""
        chosen = {"spark.app.name": name, "spark.master": self.url, "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
                  "spark.driver.memory": "512m", "spark.executor.memory": "512m", "spark.executor.cores": "1", "spark.ui.enabled": "false",
                  "spark.sql.shuffle.partitions": "2", "spark.ui.showConsoleProgress": "false", "spark.task.maxFailures": "8",
                  "spark.log.level": "ERROR"}
        return chosen | ({"spark.executorEnv.PYTHONPATH": str(python_path)} if python_path else {})
