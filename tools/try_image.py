#!/usr/bin/env python3
"""Uses an image's root folder as its users do; tools/try_image.sh builds it and calls this in mount and network namespaces of its own.

    tools/try_image.py api|training ROOT IMAGE      # IMAGE: what buildah inspect says of it

The root is mounted read-only; /data, /models and /tmp are empty and writable; commands run as the image's user, with its
environment and entry point and without a way to more rights. training: trains on a small town. api: the same, then makes a key,
serves by the image's own command, is found healthy by its own check, answers one scoring request and ends at SIGTERM.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path


def mount(*words):
    subprocess.run(["mount", *map(str, words)], check=True)


class Container:
    def __init__(self, root, image):
        self.root, self.config = root, image["Docker"]["config"]
        uid, _, gid = self.config["User"].partition(":")
        if not (uid.isdigit() and gid.isdigit() and int(uid) > 0 and int(gid) > 0):
            raise SystemExit(f"try_image: USER {self.config['User']}, expected the numbers of a user other than root")
        mount("--bind", root, root)
        mount("-t", "proc", "proc", root / "proc")
        mount("--rbind", "/dev", root / "dev")
        mount("-o", "remount,bind,ro", root)
        mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", root / "tmp")
        for volume in self.config["Volumes"]:
            mount("-t", "tmpfs", "-o", f"uid={uid},gid={gid},mode=755", "tmpfs", root / volume.lstrip("/"))
        self.data = root / "data"

    def command(self, words, **variables):
        environment = [*self.config["Env"], *(f"{name}={value}" for name, value in variables.items())]
        return ["setpriv", "--no-new-privs", "--clear-groups", "--", "chroot", f"--userspec={self.config['User']}", str(self.root),
                "env", "-i", "-C", self.config["WorkingDir"], *environment, *words]

    def run(self, *words, entrypoint=True):
        done = subprocess.run(self.command([*(self.config["Entrypoint"] if entrypoint else []), *words]), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"try_image: {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout


def ask(url, key=None, body=None):
    request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode())
    if body is not None:
        request.add_header("Content-Type", "application/json")
    if key:
        request.add_header("Authorization", "Bearer " + key)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def held(container):
    """Nobody but root could write the root, were it writable; so the mount itself is asked."""
    if not os.statvfs(container.root).f_flag & os.ST_RDONLY:
        raise SystemExit("try_image: the root is not read-only")
    who = container.run("sh", "-c", "id -u; grep -E '^(NoNewPrivs|CapEff):' /proc/self/status", entrypoint=False).split()
    expected = [container.config["User"].split(":")[0], "NoNewPrivs:", "1", "CapEff:", "0000000000000000"]
    if sorted(who) != sorted(expected):
        raise SystemExit(f"try_image: commands run as {who}, expected {expected}")


def train(container):
    container.run("simulate", "--consumers", "300", "--seed", "7", "--out", "town.csv", "--quiet")
    started = time.monotonic()
    container.run("train", "town.csv", "--out", "out", "--quiet")
    model = container.data / "out" / "model.mh"
    print(f"trained on 300 consumers in {time.monotonic() - started:.1f} s: model.mh of {model.stat().st_size / 1e6:.1f} MB")


def consumer(town):
    """The first consumer of a wide file of daily readings, as the API takes it."""
    with open(town, newline="") as file:
        rows = csv.reader(file)
        head, first = next(rows), next(rows)
    days = [i for i, name in enumerate(head) if name[:2] in ("19", "20")]
    year, month, day = map(int, head[days[0]].split("/"))
    return {"id": first[0], "start": f"{year:04}-{month:02}-{day:02}", "cadence": "daily", "readings": [float(first[i]) if first[i] else None for i in days]}


def ready(url, process):
    while process.poll() is None:
        try:
            return ask(url + "/readyz")
        except urllib.error.HTTPError:
            raise  # it answers, and is not ready
        except OSError:
            time.sleep(0.01)
    raise SystemExit(f"try_image: serve: exit {process.returncode}\n{process.stderr.read()}")


def serve(container):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    key = json.loads(container.run("keys", "add", "trial", "--scope", "score", "--json"))["key"]
    url = "http://127.0.0.1:" + next(iter(container.config["ExposedPorts"])).split("/")[0]
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(container.command([*container.config["Entrypoint"], *container.config["Cmd"]], MODEL_PATH="/data/out/model.mh"),
                                   stdout=subprocess.DEVNULL, stderr=errors)
        process.stderr = errors
        try:
            ready(url, process)
            print(f"ready after {time.monotonic() - started:.2f} s")
            check = container.config["Healthcheck"]["Test"]
            assert check[0] == "CMD", check
            container.run(*check[1:], entrypoint=False)
            result = ask(url + "/v1/score", key, {"consumers": [consumer(container.data / "town.csv")]})["results"][0]
            assert 0 <= result["probability_low"] <= result["probability"] <= result["probability_high"] <= 1, result
            print(f"scored {result['id']}: probability {result['probability']:.3f}, {len(result['reasons'])} reasons")
        finally:
            process.terminate()
            status = process.wait(40)
    if status != 0:
        raise SystemExit(f"try_image: exit {status} after SIGTERM, expected 0")
    dead = subprocess.run(container.command(check[1:]), capture_output=True)
    if dead.returncode == 0:
        raise SystemExit("try_image: the check of health calls a service well that has ended")


def main():
    kind, root, image = sys.argv[1:]
    container = Container(Path(root), json.loads(Path(image).read_text()))
    held(container)
    if kind == "api":
        container.run("db", "migrate", "--quiet")
    train(container)
    if kind == "api":
        serve(container)


main()
