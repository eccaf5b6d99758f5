#!/usr/bin/env python3
"""Uses a container of an image as its users do; tools/try_image.sh builds it and calls this.

    tools/try_image.py api|training CONTAINER

training: trains on a small town. api: the same, then makes a key, serves, is found healthy by the image's own check, answers one
scoring request, ends at SIGTERM. Nothing may be written outside /data and /tmp, since the root is read-only where it runs.
"""
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path


class Container:
    def __init__(self, name, data):
        self.name, self.data = name, data
        self.root = Path(self.buildah("mount", name))

    @staticmethod
    def buildah(*words):
        return subprocess.run(["buildah", *words], check=True, capture_output=True, text=True).stdout.strip()

    def command(self, *words):
        # Not at /data: buildah takes the image's own volume or this one, as it happens, where both have one place.
        return ["buildah", "run", "--volume", f"{self.data}:/trial", "--workingdir", "/trial", self.name, "--", *words]

    def run(self, *words):
        done = subprocess.run(self.command(*words), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"try_image: {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def written(self, since):
        """Files of the root that are newer, but for those of the mounts that buildah itself makes."""
        own = {self.root / path for path in ("etc/hosts", "etc/resolv.conf", "etc/hostname", "run/.containerenv")}
        kept = ("data", "trial", "tmp", "proc", "sys", "dev", "models")
        return [str(path) for path in self.root.rglob("*") if path.relative_to(self.root).parts[0] not in kept and path not in own and
                path.is_file() and not path.is_symlink() and path.stat().st_ctime > since]


def last_descendant(pid):
    """The program at the end of buildah's chain of processes, so that it and not buildah is asked to end."""
    while True:
        children = [child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
        if not children:
            return pid
        pid = int(children[0])


def ask(url, key=None, body=None):
    request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode())
    if body is not None:
        request.add_header("Content-Type", "application/json")
    if key:
        request.add_header("Authorization", "Bearer " + key)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def train(container):
    container.run("meterhound", "simulate", "--consumers", "300", "--seed", "7", "--out", "town.csv", "--quiet")
    container.run("meterhound", "train", "town.csv", "--out", "out", "--quiet")
    model = container.data / "out" / "model.mh"
    print(f"trained on 300 consumers: model.mh of {model.stat().st_size / 1e6:.1f} MB")


def consumer(town):
    """The first consumer of a wide file of daily readings, as the API takes it."""
    with open(town, newline="") as file:
        rows = csv.reader(file)
        head, first = next(rows), next(rows)
    days = [i for i, name in enumerate(head) if name[:2] in ("19", "20")]
    year, month, day = map(int, head[days[0]].split("/"))
    return {"id": first[0], "start": f"{year:04}-{month:02}-{day:02}", "cadence": "daily", "readings": [float(first[i]) if first[i] else None for i in days]}


def serve(container):
    key = json.loads(container.run("meterhound", "keys", "add", "trial", "--scope", "score", "--json"))["key"]
    started = time.monotonic()
    process = subprocess.Popen(container.command("env", "MODEL_PATH=/trial/out/model.mh", "meterhound", "serve", "--address", "0.0.0.0", "--port", "0"),
                               stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip().replace("0.0.0.0", "127.0.0.1")
        ask(url + "/readyz")  # 503 raises
        print(f"ready after {time.monotonic() - started:.2f} s, of which buildah's own start is a part")
        healthy = json.loads(container.buildah("inspect", container.name))["Docker"]["config"]["Healthcheck"]["Test"]
        assert healthy[:3] == ["CMD", "bash", "-c"], healthy
        container.run("bash", "-c", healthy[3].replace("/8000", "/" + url.rsplit(":", 1)[1]))
        result = ask(url + "/v1/score", key, {"consumers": [consumer(container.data / "town.csv")]})["results"][0]
        assert 0 <= result["probability_low"] <= result["probability"] <= result["probability_high"] <= 1, result
        print(f"scored {result['id']}: probability {result['probability']:.3f}, {len(result['reasons'])} reasons")
    finally:
        os.kill(last_descendant(process.pid), signal.SIGTERM)
        status = process.wait(40)
    if status != 0:
        raise SystemExit(f"try_image: exit {status} after SIGTERM, expected 0")


def main():
    kind, name = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        os.chown(data, 10001, 10001)
        container = Container(name, data)
        since = time.time()
        if kind == "api":
            container.run("meterhound", "db", "migrate", "--quiet")
        train(container)
        if kind == "api":
            serve(container)
        written = container.written(since)
        if written:
            raise SystemExit(f"try_image: written outside /data and /tmp: {written[:5]}")


main()
