#!/usr/bin/env python3
"""Times meterhound.extract_features beside tsfresh's: the same pandas frame in, a pandas frame out, on the same cores.

    bench/python.py [--consumers N] [--days D] [--cores N] [--site FOLDER] [--json FILE]

The wheel of this tree is built and installed into FOLDER (default build/bench_python) unless it is there. Clocks include all
conversion. Ours is the median of ten runs, five before and five after the peer's one. Beside the clock stands the time of
processors, which other work on the machine does not stretch. Exit status 1 when by either ours is not 100 times as fast
on Efficient or not 300 times on Comprehensive.
"""

import argparse
import json
import sys
from pathlib import Path

from common import HERE, answer_of, hold_cores, processor
from peers import peer_python

TESTS = HERE.parent / "tests" / "python"
sys.path.append(str(TESTS))
from run import install  # noqa: E402

GATES = {"efficient": 100, "comprehensive": 300}
CONSUMERS = {"efficient": 5, "comprehensive": 1}  # times --consumers: tsfresh takes half a second each for the latter


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--consumers", type=int, default=40, help="for Comprehensive; Efficient gets five times as many")
    parser.add_argument("--days", type=int, default=1034)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--site", type=Path, default=HERE.parent / "build" / "bench_python")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    args = parser.parse_args()
    python = peer_python(TESTS / "requirements.txt")
    if not (args.site / "meterhound").exists():
        install(python, args.site)
    cores = hold_cores(args.cores)

    results = {"processor": processor(), "cores": cores, "days": args.days}
    print(f"{args.days:,} days, {cores} cores of {results['processor']}; pandas to pandas, seconds by the clock and of "
          "processors")
    print(f"{'':<14} {'consumers':>9} {'features':>8} {'meterhound':>17} {'tsfresh':>15} {'ratio':>11}  gate")
    missed = False
    for name, gate in GATES.items():
        consumers = args.consumers * CONSUMERS[name]
        command = [python, HERE / "peer_python.py", name, consumers, args.days, cores]
        result = results[name] = answer_of(command, PYTHONPATH=str(args.site))
        kept = min(result["ratio_clock"], result["ratio_cpu"]) >= gate
        missed |= not kept
        print(f"{name:<14} {consumers:>9,} {result['features']:>8,} {result['ours']:>8.4f} {result['ours_cpu']:>8.4f} "
              f"{result['tsfresh']:>7.2f} {result['tsfresh_cpu']:>7.2f} {result['ratio_clock']:>5.0f} "
              f"{result['ratio_cpu']:>5.0f}  {gate} {'kept' if kept else 'missed'}")
    if args.json:
        args.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
