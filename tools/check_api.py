#!/usr/bin/env python3
"""Calls a running service with requests that schemathesis draws from the service's own OpenAPI document.

    tools/check_api.py [--program bin/meterhound] [--cases 20000]

No answer may be a 5xx, have a status or content type that the document lacks, or break its schema; the service also checks every
JSON answer of its own (service.check_answers). Rounds with other seeds are run until so many cases were called. Exit status 1 when
something was found.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import peers

SOURCE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SOURCE / "tests" / "functional"))

CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance", "unsupported_method", "allow_header_conformance"]
# An event stream ends with its job and signing out says nothing more than 204.
LEFT_OUT = ["--exclude-path-regex", "/events$", "--exclude-operation-id", "closeSession"]


def call(python, url, examples, seed):
    """@return (cases, output, whether nothing was found)"""
    done = subprocess.run([python, "-m", "schemathesis.cli", "run", url + "/openapi.json", *LEFT_OUT, "--checks", ",".join(CHECKS), "--phases",
                           "coverage,fuzzing", "-n", str(examples), "--seed", str(seed), "--continue-on-failure", "--warnings", "off",
                           "--suppress-health-check", "all"], capture_output=True, text=True, env=os.environ | {"NO_COLOR": "1"})
    counted = re.search(r"([\d,]+) generated", done.stdout)
    return int(counted[1].replace(",", "")) if counted else 0, done.stdout + done.stderr, done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, default=SOURCE / "bin" / "meterhound")
    parser.add_argument("--cases", type=int, default=20000)
    arguments = parser.parse_args()
    os.environ["METERHOUND_PROGRAM"] = str(arguments.program)
    from program import run
    from service import Service
    python = peers.peer_python(SOURCE / "tools" / "api-requirements.txt")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run("simulate", "--consumers", 300, "--days", 200, "--theft", 0.15, "--seed", 3, "--out", folder / "town.csv")
        run("train", folder / "town.csv", "--out", folder, "--set", "detection.xgboost.n_estimators=30",
            "--set", "feature_extraction.tsfresh_settings=minimal+theft")
        service = Service(folder, "--store", f"sqlite:{folder / 'api.db'}", "--model", folder / "model.mh", "--set", "service.check_answers=yes")
        cases, seed, examples = 0, 1, max(2, min(100, arguments.cases // 40))
        try:
            service.client.job(service.client("POST", "/v1/detect", (folder / "town.csv").read_bytes(), content_type="text/csv"))
            while cases < arguments.cases:
                count, told, good = call(python, service.url, examples, seed)
                if not good or count == 0:
                    print(told)
                    return 1
                cases, seed = cases + count, seed + 1
                print(f"{cases:,} cases called, nothing found", flush=True)
        finally:
            status = service.stop()
    return 0 if status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
