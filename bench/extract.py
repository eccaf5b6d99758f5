#!/usr/bin/env python3
"""Times `meterhound extract` beside tsfresh: the same simulated file, the same cores, one after the other.

    bench/extract.py [--consumers N] [--days D] [--slice N] [--settings NAME] [--cores N] [--json FILE]

The file has the shape of the SGCC set, 42,372 consumers and 1,034 days. Ours runs over the whole file and over a slice,
its first consumers; the peer, which would take hours over the file, over the slice. Ours is the median of three runs,
the peer one run (it takes seconds to minutes, so the noise of starting is small). Both clocks cover extraction alone.
The peer lives in a virtual environment of its own in the cache folder, made anew when bench/requirements.txt changes.
"""

import argparse
import itertools
import json
import tempfile
from pathlib import Path

from common import HERE, PROGRAM, answer_of, hold_cores, ours, processor, require_program, simulate
from peers import peer_python

RUNS = 3


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=PROGRAM, type=Path)
    parser.add_argument("--consumers", type=int, default=42372)
    parser.add_argument("--days", type=int, default=1034)
    parser.add_argument("--slice", type=int, default=200, help="consumers that the peer is given")
    parser.add_argument("--settings", choices=["minimal", "efficient", "comprehensive"], default="efficient")
    parser.add_argument("--cores", type=int, default=2, help="how many of those this process may use; both get the same")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    args = parser.parse_args()
    require_program(parser, args.program)
    return args


def row(name, result, spread=""):
    print(f"{name:<12} {result['consumers']:>9,} {result['features']:>9,} {result['seconds']:>10.3f} "
          f"{result['series_per_s']:>14,.1f}  {spread}")


def main():
    args = parse_arguments()
    python = peer_python(HERE / "requirements.txt")
    cores = hold_cores(args.cores)
    results = {"processor": processor(), "cores": cores, "days": args.days, "settings": args.settings}

    with tempfile.TemporaryDirectory(prefix="meterhound-bench-") as folder:
        whole_csv, slice_csv, features = (Path(folder, f"{name}.csv") for name in ("whole", "slice", "features"))
        simulate(args.program, args.consumers, args.days, whole_csv)
        with whole_csv.open() as whole, slice_csv.open("w") as part:
            part.writelines(itertools.islice(whole, 1 + args.slice))
        results["ours_whole"] = ours(args.program, whole_csv, args.settings, cores, features, RUNS)
        part_ours = results["ours"] = ours(args.program, slice_csv, args.settings, cores, features, RUNS)
        peer_flags = ["--settings", args.settings, "--jobs", cores, "--ours", features]
        peer = results["tsfresh"] = answer_of([python, HERE / "peer_extract.py", slice_csv, *peer_flags])
    results["ratio"] = part_ours["series_per_s"] / peer["series_per_s"]

    print(f"{args.settings}, {args.days:,} days, {cores} cores of {results['processor']}")
    print(f"{'':<12} {'consumers':>9} {'features':>9} {'seconds':>10} {'consumers/s':>14}")
    for result in (results["ours_whole"], part_ours):
        row("meterhound", result, f"median of {RUNS}; {result['slowest']:,.0f} to {result['fastest']:,.0f}")
    row("tsfresh", peer)
    print(f"on the same {args.slice:,} consumers meterhound is {results['ratio']:.1f} times as fast")
    apart, compared = peer["values_apart"], peer["values_compared"]
    print(f"values: {compared - apart:,} of {compared:,} agree; {peer['columns_missing']} of tsfresh's columns are missing")
    if apart:
        print("apart most: " + ", ".join(f"{name} ({count})" for name, count in peer["columns_most_apart"].items()))
    if args.json:
        args.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
