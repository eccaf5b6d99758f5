#!/usr/bin/env python3
"""Many reports, each held against its facts by tools/check_reports.py, which knows nothing of the program's own guard.

    bench/honest_reports.py [--data DIR] [--template 1700] [--worded 300] [--threads 0]

In each of five languages, TEMPLATE reports are the template's and WORDED a language model's (plan mode, every other one at
temperature 1, seeded), on all consumers of simulated towns and, where DIR holds steg/, for a third of them on real clients.
One line for each kind of report; exit status 1 when the checker objects to any.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from common import HERE, PROGRAM, require_program
from quality_steg import MAPPING, Steg, drawn

sys.path.insert(0, str(HERE.parent / "tools"))
import check_reports  # noqa: E402

LANGUAGES = ("en", "es", "fr", "pt", "zh")
LIGHT = ["--set", "feature_extraction.tsfresh_settings=minimal+theft", "--set", "detection.xgboost.n_estimators=100", "--quiet"]
REAL_PART = 3  # a third of the reports


class Simulated:
    """Towns of 420 days; the model's town is another than those reported on."""
    name = "simulated"

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.model = self.train(self.town("train", 2000, 1))

    def town(self, name, consumers, seed):
        file = self.folder / f"{name}.csv"
        run(self.program, "simulate", "--consumers", consumers, "--days", 420, "--theft", 0.15, "--seed", seed, "--out", file, "--quiet")
        return [file]

    def train(self, source):
        run(self.program, "train", *source, "--out", self.folder / self.name, *LIGHT)
        return self.folder / self.name / "model.mh"

    def consumers(self, name, count):
        return self.town(name, count, 2 + len(name))


class Real(Simulated):
    """Clients of the STEG bills; those reported on are kept out of the training data."""
    name = "real bills"

    def __init__(self, program, folder, data):
        self.program, self.folder, self.steg = program, folder, Steg(data)
        self.begun = 0.05
        self.model = self.train(self.source("train", drawn(self.begun)))

    def source(self, name, kept):
        return ["--source", MAPPING, "--data", self.steg.write(self.folder / f"steg {name}", kept)]

    def consumers(self, name, count):
        share = 1.1 * count / len(self.steg.clients)  # a little more, so that no less than `count` are drawn
        self.begun += share
        return self.source(name, drawn(share, self.begun - share))


def run(*command):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


class Tally:
    def __init__(self):
        self.reports = self.objections = 0

    def add(self, kind, folder):
        cases = [json.loads(file.read_text()) for file in sorted((folder / "cases").glob("*.json"))]
        ids = [case["consumer_id"] for case in cases if len(case["consumer_id"]) >= 6]
        tiers, writers, fallbacks, found = Counter(), Counter(), Counter(), 0
        for case in cases:
            tiers[case["tier"]] += 1
            writers[case["report"]["mode"]] += 1
            if case["report"]["fallback"]:
                fallbacks[case["report"]["fallback"]] += 1
            for what in check_reports.check_case(case, [one for one in ids if one != case["consumer_id"]]):
                print(f"{kind}: {case['consumer_id']}: {what}", file=sys.stderr)
                found += 1
        self.reports += len(cases)
        self.objections += found
        told = ", ".join(f"{count} {name}" for name, count in sorted(tiers.items()))
        wrote = ", ".join(f"{count} {name}" for name, count in sorted(writers.items()))
        print(f"{kind}: {len(cases)} reports ({told}; written: {wrote}), {found} objections", flush=True)
        for why, count in fallbacks.most_common():
            print(f"    {count} fell back: {why}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=PROGRAM, type=Path)
    parser.add_argument("--data", type=Path, help="folder with steg/")
    parser.add_argument("--template", type=int, default=1700, help="reports of the template in each language")
    parser.add_argument("--worded", type=int, default=300, help="reports of the model in each language")
    parser.add_argument("--model", default="smollm2")
    parser.add_argument("--threads", type=int, default=0, help="of the model; 0 = all cores")
    args = parser.parse_args()
    require_program(parser, args.program)
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="meterhound-bench-") as name:
        folder = Path(name)
        steg = args.data / "steg" if args.data else None
        real = steg is not None and steg.is_dir()
        if not real:
            print("no steg/ given: all reports are on simulated consumers")
        sources = [Simulated(args.program, folder), *([Real(args.program, folder, steg)] if real else [])]
        shares = [1 - 1 / REAL_PART, 1 / REAL_PART] if real else [1]
        worded = ["llm.engine=llama", f"llm.model={args.model}", f"llm.threads={args.threads}", "llm.timeout=600"]
        ways = [("template", args.template, []), (f"{args.model}, temperature 0.3", args.worded // 2, worded),
                (f"{args.model}, temperature 1", args.worded - args.worded // 2, [*worded, "llm.temperature=1"])]
        for way, count, settings in ways:
            for source, share in zip(sources, shares):
                wanted = round(share * count)
                if wanted == 0:
                    continue
                consumers = source.consumers(way, wanted)
                for seed, language in enumerate(LANGUAGES):
                    out = folder / "out"
                    flags = [f"report.language={language}", f"report.cases={wanted}", *settings]
                    run("rm", "-rf", out)
                    run(args.program, "report", *consumers, "--model", source.model, "--out", out, "--seed", seed + 1, "--quiet",
                        *(flag for setting in flags for flag in ("--set", setting)))
                    tally.add(f"{source.name}, {way}, {language}", out)
    print(f"{tally.reports:,} reports checked, {tally.objections} objections")
    return 1 if tally.objections else 0


if __name__ == "__main__":
    sys.exit(main())
