#!/usr/bin/env python3
"""Scoring by the service beside the usual Python one, one consumer of 1,034 days a request, end to end on the same cores.

    bench/serve.py [--cores 2] [--seconds 15] [--program bin/meterhound] [--without-peer]

Ours: `meterhound serve`, POST /v1/score with every feature of the default settings, SHAP reasons and dated evidence. The peer
(bench/peer_service.py): FastAPI on uvicorn with a process a core, tsfresh's Efficient features, scikit-learn's isolation forest, XGBoost
and shap. Both are loaded by wrk on the same cores, first as hard as it goes, then ours at half of that. Medians of three.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from common import HERE, PROGRAM, hold_cores, processor, require_program, simulate

sys.path.append(str(HERE.parent / "tools"))
import peers  # noqa: E402

CONSUMERS, DAYS = 400, 1034
LUA = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local file = io.open("{body}", "rb")
wrk.body = file:read("*a")
local pause = {pause}
if pause > 0 then function delay() return pause end end
"""


def load(url, body, folder, seconds, connections, pause=0):
    """wrk's requests a second and latencies in milliseconds; errors end the bench."""
    script = folder / "post.lua"
    script.write_text(LUA.format(body=body, pause=pause))
    done = subprocess.run(["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "60s", "--latency", "-s", str(script), url],
                          capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in done or "Socket errors" in done:
        sys.exit(f"bench: {url} failed under load\n{done}")
    unit = {"us": 0.001, "ms": 1, "s": 1000}

    def latency(share):
        number, name = re.search(rf"{share}%\s+([\d.]+)(us|ms|s)\b", done).groups()
        return float(number) * unit[name]
    return {"rate": float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1]), "p50": latency(50), "p99": latency(99)}


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def wait_for(url, process, seconds=300):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            sys.exit(f"bench: {url} ended with status {process.returncode}")
        try:
            return urllib.request.urlopen(url, timeout=5).read()
        except OSError:
            time.sleep(0.2)
    sys.exit(f"bench: {url} did not answer in {seconds} s")


def one_consumer(csv):
    with open(csv) as file:
        header = file.readline().strip().split(",")
        row = file.readline().strip().split(",")
    year, month, day = map(int, header[2].split("/"))
    return f"{year}-{month:02}-{day:02}", [float(x) if x else None for x in row[2:]]


def ours(arguments, folder, csv, start, readings):
    subprocess.run([arguments.program, "train", csv, "--out", folder, "--quiet"], check=True)
    process = subprocess.Popen([str(arguments.program), "serve", "--port", "0", "--store", f"sqlite:{folder / 'bench.db'}", "--model",
                                str(folder / "model.mh"), "--quiet", "--json"], stdout=subprocess.PIPE, text=True)
    try:
        url = json.loads(read_json(process.stdout))["url"]
        body = folder / "ours.json"
        body.write_text(json.dumps({"consumers": [{"id": "one", "start": start, "cadence": "daily", "readings": readings}]}))
        url += "/v1/score"
        load(url, body, folder, 3, 8)
        hard = [load(url, body, folder, arguments.seconds, 2 * arguments.cores) for _ in range(3)]
        rate = median(hard, "rate")
        # Each of 8 connections waits so long between requests that together they ask for half of it.
        half = [load(url, body, folder, arguments.seconds, 8, round(8 / (rate / 2) * 1000)) for _ in range(3)]
        memory = int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())[1]) / 1e3
    finally:
        process.terminate()
        process.wait()
    return hard, half, memory


def read_json(stream):
    text = ""
    for line in stream:
        text += line
        try:
            json.loads(text)
            return text
        except ValueError:
            continue
    sys.exit("bench: the service did not start")


def peer(arguments, folder, csv, readings):
    python = peers.peer_python(HERE / "serve-requirements.txt")
    program = HERE / "peer_service.py"
    held = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    subprocess.run([python, program, "train", csv, folder / "peer.pkl", "--limit", str(CONSUMERS)], check=True, env=held)
    process = subprocess.Popen([str(python), "-m", "uvicorn", "peer_service:app", "--workers", str(arguments.cores), "--port", "8190", "--log-level",
                                "error"], cwd=HERE, env=held | {"MODEL": str(folder / "peer.pkl")})
    try:
        wait_for("http://127.0.0.1:8190/openapi.json", process)
        body = folder / "peer.json"
        body.write_text(json.dumps({"consumption": [x or 0.0 for x in readings]}))
        load("http://127.0.0.1:8190/score", body, folder, 5, 2 * arguments.cores)
        return [load("http://127.0.0.1:8190/score", body, folder, arguments.seconds, 2 * arguments.cores) for _ in range(3)]
    finally:
        process.terminate()
        process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=PROGRAM, type=Path)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--without-peer", action="store_true")
    arguments = parser.parse_args()
    require_program(parser, arguments.program)
    arguments.cores = hold_cores(arguments.cores)
    with tempfile.TemporaryDirectory(prefix="meterhound-bench-") as name:
        folder = Path(name)
        csv = folder / "town.csv"
        simulate(arguments.program, CONSUMERS, DAYS, csv)
        start, readings = one_consumer(csv)
        hard, half, memory = ours(arguments, folder, csv, start, readings)
        print(f"{arguments.cores} cores, {processor()}; {DAYS} readings a request, {arguments.seconds} s a run, median of 3\n")
        print("| service | consumers a second | p50, ms | p99, ms | p99 at half load, ms |\n|---|---|---|---|---|")
        print(f"| meterhound serve ({memory:.0f} MB) | {median(hard, 'rate'):.0f} | {median(hard, 'p50'):.1f} | {median(hard, 'p99'):.1f} | "
              f"{median(half, 'p99'):.1f} (at {median(half, 'rate'):.0f}/s) |", flush=True)
        if arguments.without_peer:
            return
        theirs = peer(arguments, folder, csv, readings)
        print(f"| FastAPI, tsfresh, XGBoost, shap | {median(theirs, 'rate'):.1f} | {median(theirs, 'p50'):.0f} | {median(theirs, 'p99'):.0f} | |")
        print(f"\n{median(hard, 'rate') / median(theirs, 'rate'):.0f} times the throughput")


if __name__ == "__main__":
    main()
