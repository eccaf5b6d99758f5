"""What the benchmarks share: running a program on fixed cores, simulated files."""
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tools"))  # peers.py
PROGRAM = HERE.parent / "bin" / "meterhound"
SEED = 7


def answer_of(command, **environment):
    """Runs a command on this process's cores; its output is one JSON document."""
    # Without these, the peers' processes would fight over BLAS threads and look far slower than they are.
    held = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **environment}
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, env=os.environ | held)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, command))} ended with status {done.returncode}")
    return json.loads(done.stdout)


def ours(program, csv, settings, jobs, out, runs=3, extra=()):
    """The run of median speed among several."""
    command = [program, "extract", csv, "--settings", settings, "--jobs", jobs, "--out", out, "--json", *extra]
    done = sorted((answer_of(command) for _ in range(runs)), key=lambda run: run["series_per_s"])
    return done[runs // 2] | {"slowest": done[0]["series_per_s"], "fastest": done[-1]["series_per_s"]}


def simulate(program, consumers, days, out, seed=SEED):
    flags = ["--consumers", consumers, "--days", days, "--theft", "0.0853", "--seed", seed, "--out", out, "--quiet"]
    subprocess.run([str(part) for part in (program, "simulate", *flags)], check=True)


def hold_cores(count):
    """Keeps this process and what it starts to the first cores it may use; returns how many."""
    cores = sorted(os.sched_getaffinity(0))[:count]
    os.sched_setaffinity(0, cores)
    return len(cores)


def processor():
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def require_program(parser, program):
    if not program.exists():
        parser.error(f"{program} is not built; run make build")
