#!/usr/bin/env python3
"""Half an hour of the service at work: scores all the time, files, lists, plans and event streams now and then; does its memory stay flat?

    bench/soak.py [--minutes 30] [--rate 100] [--program bin/meterhound]

Prints resident memory, open files and answers each minute, and how much memory grew over the second half. The store grows with what is
kept; the process should not.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from common import HERE, PROGRAM, require_program
from serve import LUA, one_consumer

sys.path.insert(0, str(HERE.parent / "tests" / "functional"))
CONNECTIONS = 4


def status_of(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1e3
    raise SystemExit("bench: the service has ended")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=PROGRAM, type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=100, help="scores a second")
    arguments = parser.parse_args()
    require_program(parser, arguments.program)
    os.environ["METERHOUND_PROGRAM"] = str(arguments.program)
    from program import run
    from service import Service
    with tempfile.TemporaryDirectory(prefix="meterhound-soak-") as name:
        folder = Path(name)
        run("simulate", "--consumers", 400, "--days", 1034, "--theft", 0.1, "--seed", 7, "--out", folder / "town.csv")
        run("train", folder / "town.csv", "--out", folder)
        service = Service(folder, "--store", f"sqlite:{folder / 'soak.db'}", "--model", folder / "model.mh")
        start, readings = one_consumer(folder / "town.csv")
        body, script = folder / "body.json", folder / "post.lua"
        body.write_text(json.dumps({"consumers": [{"id": "one", "start": start, "cadence": "daily", "readings": readings}]}))
        script.write_text(LUA.format(body=body, pause=round(1000 * CONNECTIONS / arguments.rate)))
        seconds = round(60 * arguments.minutes)
        load = subprocess.Popen(["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--latency", "-s", str(script),
                                 service.url + "/v1/score"], stdout=subprocess.PIPE, text=True)
        town, stop, done = (folder / "town.csv").read_bytes(), threading.Event(), {"files": 0, "streams": 0}

        def work():
            while not stop.wait(10):
                accepted = service.client("POST", "/v1/detect", town, content_type="text/csv").json
                with urllib.request.urlopen(service.url + accepted["links"]["events"], timeout=120) as stream:
                    done["streams"] += stream.read().count(b"event: job")
                for path in ("/v1/cases?limit=200", "/v1/plan?visits=50", f"/v1/cases/{accepted['id']}-1", "/v1/system", "/metrics"):
                    assert service.client.get(path).status == 200, path
                done["files"] += 1

        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        measured, begun = [], time.monotonic()
        print("| minute | resident, MB | open files | files scored |\n|---|---|---|---|")
        while load.poll() is None:
            time.sleep(min(60, max(1, seconds / 10)))
            measured.append(status_of(service.process.pid))
            files = len(os.listdir(f"/proc/{service.process.pid}/fd"))
            print(f"| {(time.monotonic() - begun) / 60:.1f} | {measured[-1]:.0f} | {files} | {done['files']} |", flush=True)
        stop.set()
        worker.join(60)
        half = len(measured) // 2
        print(f"\nin the second half: {measured[half]:.0f} MB to {measured[-1]:.0f} MB\n{load.stdout.read()}")
        service.process.terminate()
        return service.process.wait(60)


if __name__ == "__main__":
    sys.exit(main())
