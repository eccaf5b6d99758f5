#!/usr/bin/env python3
"""Times the feature engine: beside tsfresh and tsfx on the same series and cores, by threads, by length, by calculator.

    bench/features.py [--cores N] [--days D] [--limits PROGRAM] [--json FILE]

Ours is the median of five runs, tsfx of three, tsfresh one run (seconds to minutes). Clocks cover extraction alone. Each
gets enough consumers to fill about ten seconds or less, all the first of one simulated file. The other libraries stand
there for context: they compute other features.
"""
import argparse
import bisect
import itertools
import json
import math
import random
import statistics
import tempfile
from pathlib import Path

from common import HERE, PROGRAM, SEED, answer_of, hold_cores, ours, processor, require_program, simulate
from peers import peer_python

CONSUMERS = {"ours": 8000, "tsfx": 2000, "tsfresh efficient": 200, "tsfresh comprehensive": 30, "context": 40}
LENGTHS = {48: 20000, 365: 8000, 1034: 4000, 4096: 600, 17520: 100, 100000: 10}
LONGEST_SIMULATION = 36525


def head(whole, consumers, to):
    with whole.open() as lines, to.open("w") as part:
        part.writelines(itertools.islice(lines, 1 + consumers))
    return to


def write_long(consumers, readings, to):
    """Longer series than the simulator writes: half-hourly use with a daily rhythm, to the watt-hour, as id,time,value."""
    random.seed(SEED)
    with to.open("w") as lines:
        lines.write("id,time,value\n")
        for consumer in range(consumers):
            for t in range(readings):
                use = random.lognormvariate(-1, 0.6) * (1.2 + math.sin(2 * math.pi * t / 48))
                lines.write(f"{consumer},{t},{use:.3f}\n")


def filled(cells):
    """Gaps forwards, then backwards, then 0: as extraction fills them by default."""
    values = []
    for cell in cells:
        values.append(float(cell) if cell else values[-1] if values else None)
    first = next((value for value in values if value is not None), 0.0)
    return [first if value is None else value for value in values]


def near_pairs(series, radii):
    """Pairs of readings at most a radius (in standard deviations) apart, which any search by sorted values must compare."""
    ordered = sorted(series)
    pairs = 0
    for radius in radii:
        tolerance = radius * statistics.pstdev(series)
        pairs += sum(bisect.bisect_right(ordered, v + tolerance) - bisect.bisect_left(ordered, v - tolerance) for v in series)
    return pairs


# What a calculator cannot do without, in microseconds at the processor's best rates, for one series of n readings.
# Entropies: eleven steps on 32 ranks for every 32 near pairs. Wavelet peaks: the taps of widths 1 to 5. Orders of windows
# of 3 to 7 readings: each counted once and its count cleared. Phrases at 5 numbers of levels: a step of the tree each.
# Unit root: products at 23 lags of two series, twice.
LIMITS = {
    "approximate_entropy": lambda x, best: near_pairs(x, (0.1, 0.3, 0.5, 0.7, 0.9)) / 32 * 11 / best["rank_steps_per_us"],
    "sample_entropy": lambda x, best: near_pairs(x, (0.2,)) / 32 * 11 / best["rank_steps_per_us"],
    "number_cwt_peaks": lambda x, best: len(x) * (10 + 20 + 30 + 40 + 50) / best["multiply_adds_per_us"],
    "permutation_entropy": lambda x, best: 5 * len(x) * 2 / best["increments_per_us"],
    "lempel_ziv_complexity": lambda x, best: 5 * len(x) / best["increments_per_us"],
    "augmented_dickey_fuller": lambda x, best: len(x) * 2 * 2 * 24 / best["multiply_adds_per_us"],
}


def median_of(runs, run):
    return sorted((run() for _ in range(runs)), key=lambda done: done["series_per_s"])[runs // 2]


class Bench:
    def __init__(self, args, folder):
        self.program, self.days, self.limits, self.folder = args.program, args.days, args.limits, folder
        self.python = peer_python(HERE / "requirements.txt")
        self.cores = hold_cores(args.cores)
        self.out = folder / "features.csv"
        self.whole = folder / "whole.csv"
        simulate(self.program, max(CONSUMERS.values()), self.days, self.whole)
        self.slices = {name: head(self.whole, count, folder / f"{name}.csv") for name, count in CONSUMERS.items()}
        self.results = {"processor": processor(), "cores": self.cores, "days": self.days}

    def run_ours(self, csv, settings, threads, *extra):
        return ours(self.program, csv, settings, threads, self.out, runs=5, extra=extra)

    def peers(self, settings):
        tsfx = [self.python, HERE / "peer_tsfx.py", self.slices["tsfx"], "--settings", settings]
        tsfresh_csv = self.slices[f"tsfresh {settings}"]
        tsfresh = [self.python, HERE / "peer_extract.py", tsfresh_csv, "--settings", settings, "--jobs", self.cores]
        rows = {
            "meterhound": self.run_ours(self.slices["ours"], settings, self.cores),
            "tsfx": median_of(3, lambda: answer_of(tsfx, POLARS_MAX_THREADS=str(self.cores))),
            "tsfresh": answer_of(tsfresh),
        }
        self.results[settings] = rows
        rate = rows["meterhound"]["series_per_s"]
        print(f"\n{settings}, {self.days:,} days, {self.cores} threads or processes each")
        print(f"{'':<12} {'consumers':>9} {'features':>9} {'consumers/s':>12}  meterhound is")
        for name, row in rows.items():
            times = "" if name == "meterhound" else f"{rate / row['series_per_s']:.1f} times as fast"
            print(f"{name:<12} {row['consumers']:>9,} {row['features']:>9,} {row['series_per_s']:>12,.1f}  {times}")

    def context(self):
        print(f"\nOther libraries, {self.days:,} days, one process")
        self.results["context"] = {}
        for tool in ("tsfel", "catch22", "tsflex"):
            row = answer_of([self.python, HERE / "peer_context.py", self.slices["context"], tool])
            self.results["context"][tool] = row
            print(f"{tool:<12} {row['consumers']:>9,} {row['features']:>9,} {row['series_per_s']:>12,.1f}")

    def threads(self):
        print("\nThreads, comprehensive")
        one = None
        self.results["threads"] = {}
        for threads in range(1, self.cores + 1):
            rate = self.run_ours(self.slices["ours"], "comprehensive", threads)["series_per_s"]
            one = one or rate
            self.results["threads"][threads] = rate
            print(f"{threads:>12} {rate:>12,.1f} consumers/s, {rate / one:.2f} times one thread")

    def lengths(self):
        print("\nLength, one thread, microseconds a series (nanoseconds a reading)")
        self.results["lengths"] = {}
        for days, consumers in LENGTHS.items():
            csv = self.folder / f"length-{days}.csv"
            if days > LONGEST_SIMULATION:
                write_long(consumers, days, csv)
            else:
                simulate(self.program, consumers, days, csv)
            line = f"{days:>12,}"
            for settings in ("minimal", "efficient", "comprehensive"):
                row = ours(self.program, csv, settings, 1, self.out, runs=1 if days > 5000 else 3)
                each = 1e6 / row["series_per_s"]
                self.results["lengths"][f"{days} {settings}"] = each
                line += f"   {settings} {each:>11,.1f} ({1e3 * each / days:>7,.1f})"
            print(line)
            csv.unlink()

    def calculators(self):
        row = self.run_ours(self.slices["ours"], "comprehensive", 1, "--profile")
        profile = row["profile"]
        total = sum(each["seconds"] for each in profile)
        self.results["profile"] = profile
        best = answer_of([self.limits]) if self.limits else {}
        with self.slices["context"].open() as lines:
            sample = [filled(line.rstrip("\n").split(",")[2:]) for line in itertools.islice(lines, 1, None)]
        print("\nThe dearest calculators, comprehensive, one thread; the limit is what the processor's best rates would take")
        for each in profile[:10]:
            micro = 1e6 * each["seconds"] / row["consumers"]
            line = f"{each['calculator']:<32} {each['columns']:>4} columns {micro:>9.1f} us {each['seconds'] / total:>7.1%}"
            if best and each["calculator"] in LIMITS:
                limit = statistics.mean(LIMITS[each["calculator"]](series, best) for series in sample)
                each["limit_us"] = limit
                line += f"   limit {limit:>6.1f} us, {limit / micro:.0%} of it reached"
            print(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=PROGRAM, type=Path)
    parser.add_argument("--days", type=int, default=1034)
    parser.add_argument("--cores", type=int, default=2, help="how many of those this process may use; all get the same")
    parser.add_argument("--limits", type=Path, metavar="PROGRAM", help="the built bench/limits.cc, for shares of the limit")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    args = parser.parse_args()
    require_program(parser, args.program)
    with tempfile.TemporaryDirectory(prefix="meterhound-bench-") as folder:
        bench = Bench(args, Path(folder))
        print(f"{bench.cores} cores of {bench.results['processor']}")
        bench.peers("efficient")
        bench.peers("comprehensive")
        bench.threads()
        bench.lengths()
        bench.calculators()
        bench.context()
    if args.json:
        args.json.write_text(json.dumps(bench.results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
