#!/usr/bin/env python3
"""Writes docs/features.md from the program's own catalogue of calculators.

    tools/features_page.py PROGRAM              # rewrites the page; times already on it stay
    tools/features_page.py PROGRAM --measure    # times every calculator on this machine first
    tools/features_page.py PROGRAM --check      # exit status 1 when the page is not the catalogue's, times aside
"""
import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "features.md"
CONSUMERS, DAYS, ROUNDS = 300, 1034, 5
UNMEASURED = "-"

INTRO = """# Features

Every calculator that the program has, from `meterhound features`; this page is written by `make docs`. A calculator makes one
column for each entry of its grid; presets take its default grid, [dictionaries](usage.md) any other. The name of a column is
`<kind>__<calculator>__<parameter>_<value>`, e.g. `kwh__quantile__q_0.1`.

- **Cost** says how time grows with the length n of the series: `linear`; `sort`, n log n; `spectrum`, n log n with a Fourier
  transform; `regression`, n by the square of the lags; `quadratic`, n squared.
- **us** is the time of the whole default grid for one series of {days:,} readings, in microseconds: the mean over {consumers}
  simulated consumers, the best of {rounds} rounds, on one thread of {processor}. What several calculators share, such as the
  sorted readings or the spectrum, counts for the first that asks.
- Presets: minimal is part of efficient, efficient of comprehensive; the smallest is named.
- Readings are taken in their order of time. tsfresh's calculators see gaps as they were filled; those for theft and bills leave
  them out.
"""
SECTIONS = [
    ("tsfresh's calculators", "Names, parameters, order and values are those of tsfresh 0.21.2.",
     lambda presets: presets & {"minimal", "efficient", "comprehensive", "index_based", "time_based"}),
    ("Calculators for theft", "Ours: what theft, and what looks like it, does to a load curve. Preset `theft`.",
     lambda presets: "theft" in presets),
    ("Calculators for bills", "Ours, for series of one value a bill at irregular dates. Preset `bills`.",
     lambda presets: "bills" in presets),
    ("Calculators in no preset", "Ask for them by name.", lambda presets: not presets),
]


def run(program, *arguments):
    return json.loads(subprocess.run([program, *map(str, arguments), "--json"], check=True, capture_output=True, text=True).stdout)


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return "an " + " ".join(line.partition(":")[2].split())
    return "this machine"


def measure(program, catalogue):
    with tempfile.TemporaryDirectory() as folder:
        town, settings = Path(folder, "town.csv"), Path(folder, "settings.json")
        settings.write_text(json.dumps({each["name"]: None for each in catalogue}))
        run(program, "simulate", "--consumers", CONSUMERS, "--days", DAYS, "--seed", 7, "--out", town)
        best = {}
        for _ in range(ROUNDS):
            found = run(program, "extract", town, "--settings", settings, "--jobs", 1, "--profile", "--out", Path(folder, "out.csv"))
            for each in found["profile"]:
                best[each["calculator"]] = min(each["seconds"], best.get(each["calculator"], each["seconds"]))
    return {name: f"{1e6 * seconds / CONSUMERS:.2f}" for name, seconds in best.items()}


def text_of(value):
    if isinstance(value, list):
        return "(" + ", ".join(map(str, value)) + ")"
    return {None: "None", True: "True", False: "False"}[value] if value is None or isinstance(value, bool) else (
        f"{value:g}" if isinstance(value, float) else str(value))


def short(values):
    """1, 2, 3 for a few; 0 ... 99 for whole numbers in a row; 0, 1, 2, ..., 99 otherwise."""
    if len(values) > 3 and all(type(value) is int for value in values) and values == list(range(values[0], values[-1] + 1)):
        return f"{values[0]} ... {values[-1]}"
    if len(values) > 10:
        return ", ".join([*map(text_of, values[:3]), "...", text_of(values[-1])])
    return ", ".join(map(text_of, values))


def parameters_of(each):
    """Each parameter with its values in the default grid."""
    texts = []
    for name in each["parameters"]:
        values = []
        for entry in each["grid"]:
            if name in entry and entry[name] not in values:
                values.append(entry[name])
        if all(isinstance(value, str) and value.isdigit() for value in values):
            values = [int(value) for value in values]
        texts.append(f"{name}: {short(values)}" if values else f"{name} (optional)")
    return "; ".join(texts) or "none"


def row_of(each, time):
    nested = [name for name in ("minimal", "efficient", "comprehensive") if name in each["presets"]]
    presets = ", ".join(name for name in each["presets"] if name not in nested[1:])
    cells = [f"`{each['name']}`", each["doc"], parameters_of(each), str(each["columns"]), presets or "none", each["cost"], time]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def page_of(catalogue, times, on):
    lines = [INTRO.format(days=DAYS, consumers=CONSUMERS, rounds=ROUNDS, processor=on)]
    for title, words, belongs in SECTIONS:
        chosen = [each for each in catalogue if belongs(set(each["presets"]))]
        if chosen:
            columns = sum(each["columns"] for each in chosen)
            lines += [f"## {title}", f"{words} {len(chosen)} calculators, {columns} columns.\n",
                      "| calculator | what it measures | parameters | columns | presets | cost | us |",
                      "|---|---|---|---|---|---|---|", *(row_of(each, times.get(each["name"], UNMEASURED)) for each in chosen), ""]
    return "\n".join(lines)


def times_on(page):
    """What the page says of times, and of the machine they were measured on."""
    times = dict(re.findall(r"^\| `(\w+)` \|.*\| ([\d.]+) \|$", page, re.MULTILINE))
    machine = re.search(r"on one thread of (.*?)\. What", page, re.DOTALL)
    return times, " ".join(machine[1].split()) if machine else "no machine yet"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program")
    arguments.add_argument("--measure", action="store_true")
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    catalogue = run(options.program, "features")
    held = PAGE.read_text() if PAGE.exists() else ""
    times, on = (measure(options.program, catalogue), processor()) if options.measure else times_on(held)
    page = page_of(catalogue, times, on)
    if not options.check:
        PAGE.write_text(page)
    elif page != held:
        lines = set(held.splitlines())
        stale = [line for line in page.splitlines() if line not in lines]
        sys.exit("docs/features.md is not what the program's catalogue says; run make docs. Missing:\n" + "\n".join(stale[:10]))


if __name__ == "__main__":
    main()
