#!/usr/bin/env python3
"""Writes docs/report-pairs.md: summaries of the same cases by the template and by a small model's plan, side by side.

    tools/report_pairs.py PROGRAM [--cases 30] [--page docs/report-pairs.md]

The cases are those of simulated towns: no real consumer's readings may stand in a public page.
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

HEAD = """# Template and plan, side by side
The first thirty cases of a simulated town, in the words of the template and in those that
SmolLM2 chose (plan mode, temperature 0.3). Written by `tools/report_pairs.py`; nothing was left out or mended. What differs is the
order, the wording and up to two sentences: the facts, the advice and every number come from rules ([Reports](reports.md)).

| case | template | plan |
|---|---|---|
"""


def cases(program, folder, town, name, *settings):
    flags = [flag for setting in settings for flag in ("--set", setting)]
    out = folder / name
    subprocess.run([str(a) for a in (program, "report", town, "--model", folder / "model.mh", "--out", out, "--quiet", *flags)], check=True)
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted((out / "cases").glob("*.json"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--cases", type=int, default=30)
    parser.add_argument("--page", type=Path, default=Path("docs/report-pairs.md"))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        towns = [folder / f"{which}.csv" for which in ("past", "now")]
        for seed, town in enumerate(towns, 11):
            subprocess.run([str(a) for a in (args.program, "simulate", "--consumers", 900, "--days", 700, "--theft", 0.1, "--seed", seed,
                                             "--out", town, "--quiet")], check=True)
        subprocess.run([str(a) for a in (args.program, "train", towns[0], "--out", folder, "--quiet")], check=True)
        count = f"report.cases={args.cases}"
        by_template = cases(args.program, folder, towns[1], "template", count)
        by_model = cases(args.program, folder, towns[1], "plan", count, "llm.engine=llama", "llm.timeout=900")
    rows = ""
    for template, plan in zip(by_template, by_model):
        assert template["consumer_id"] == plan["consumer_id"]
        said = plan["report"]["summary"] if plan["report"]["mode"] == "plan" else f"*by the template: {plan['report']['fallback']}*"
        rows += f"| {template['rank']}, {template['tier']} | {template['report']['summary']} | {said} |\n"
    args.page.write_text(HEAD + rows, encoding="utf-8")


if __name__ == "__main__":
    main()
