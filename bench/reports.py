#!/usr/bin/env python3
"""Reports a minute: SmolLM2 in plan mode, one text at a time and several, beside the template.

    bench/reports.py [--cases 40] [--model smollm2] [--jobs 0]

Each run ranks the same simulated town with the same model and writes the same cases; what the template's run takes is
taken off. Medians of three.
"""
import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from common import PROGRAM, require_program, simulate


def seconds_of(command):
    begun = time.monotonic()
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=PROGRAM, type=Path)
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--model", default="smollm2")
    parser.add_argument("--jobs", type=int, default=0, help="threads; 0 = all cores")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    require_program(parser, args.program)
    with tempfile.TemporaryDirectory(prefix="meterhound-bench-") as name:
        folder = Path(name)
        town = folder / "town.csv"
        simulate(args.program, 2000, 400, town)
        light = ["--set", "feature_extraction.tsfresh_settings=minimal+theft", "--quiet", "--jobs", args.jobs]
        seconds_of([args.program, "train", town, "--out", folder, *light])
        report = [args.program, "report", town, "--model", folder / "model.mh", "--out", folder / "out", "--quiet", "--jobs", args.jobs,
                  "--set", f"report.cases={args.cases}"]

        def median(*settings):
            flags = [flag for setting in settings for flag in ("--set", setting)]
            return statistics.median(seconds_of([*report, *flags]) for _ in range(args.runs))

        template = median()
        print(f"template: {args.cases} cases with ranking and page in {template:.1f} s")
        model = ["llm.engine=llama", f"llm.model={args.model}", f"llm.threads={args.jobs}", "llm.timeout=600"]
        for parallel in (1, 2, 4, 8):
            spent = median(*model, f"llm.parallel={parallel}", f"llm.context={2048 * max(1, parallel // 2)}") - template
            modes = {json.loads(file.read_text())["report"]["mode"] for file in (folder / "out" / "cases").glob("*.json")}
            print(f"{args.model}, {parallel} at a time: {60 * args.cases / spent:.0f} reports a minute ({', '.join(sorted(modes))})", flush=True)


if __name__ == "__main__":
    main()
