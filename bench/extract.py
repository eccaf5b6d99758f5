#!/usr/bin/env python3
"""Times `meterhound extract` beside tsfresh: the same simulated file, the same cores, one after the other.

    bench/extract.py [--consumers N] [--days D] [--slice N] [--settings NAME] [--cores N] [--json FILE]

The file has the shape of the SGCC set, 42,372 consumers and 1,034 days. Ours runs over the whole file and over a slice,
its first consumers; the peer, which would take hours over the file, over the slice. Ours is the median of three runs,
the peer one run (it takes seconds to minutes, so the noise of starting is small). Both clocks cover extraction alone.
The peer lives in a virtual environment of its own in the cache folder, made anew when bench/requirements.txt changes.
"""

import argparse
import hashlib
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
RUNS = 3
SEED = 7


def cache_folder():
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "meterhound"


def peer_python():
    """The interpreter of the peer's environment, which is complete once it holds a file .done."""
    requirements = HERE / "requirements.txt"
    interpreter = os.environ.get("METERHOUND_PYTHON", "/usr/bin/python3")
    version = subprocess.run([interpreter, "-VV"], check=True, capture_output=True).stdout
    key = hashlib.sha256(version + requirements.read_bytes()).hexdigest()[:12]
    folder = cache_folder() / f"bench-{key}"
    python = folder / "bin" / "python"
    if not (folder / ".done").exists():
        print(f"==> installing the peer of bench/requirements.txt into {folder} (once)", file=sys.stderr)
        subprocess.run([interpreter, "-m", "venv", "--clear", folder], check=True)
        pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "-r", requirements]
        subprocess.run(pip, check=True)
        (folder / ".done").touch()
    return python


def answer_of(command):
    """Runs a command on this process's cores; its last line or whole output is one JSON document."""
    # Without these, the peer's processes would fight over BLAS threads and look far slower than they are.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, command))} ended with status {done.returncode}")
    return json.loads(done.stdout)


def simulate(program, consumers, days, out):
    flags = ["--consumers", consumers, "--days", days, "--theft", "0.0853", "--seed", SEED, "--out", out, "--quiet"]
    subprocess.run([str(part) for part in (program, "simulate", *flags)], check=True)


def time_ours(program, csv, settings, jobs, out):
    """The run of median speed among three."""
    command = [program, "extract", csv, "--settings", settings, "--jobs", jobs, "--out", out, "--json"]
    runs = sorted((answer_of(command) for _ in range(RUNS)), key=lambda run: run["series_per_s"])
    rates = [run["series_per_s"] for run in runs]
    return runs[RUNS // 2] | {"series_per_s": statistics.median(rates), "slowest": rates[0], "fastest": rates[-1]}


def processor():
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=HERE.parent / "bin" / "meterhound", type=Path)
    parser.add_argument("--consumers", type=int, default=42372)
    parser.add_argument("--days", type=int, default=1034)
    parser.add_argument("--slice", type=int, default=200, help="consumers that the peer is given")
    parser.add_argument("--settings", choices=["minimal", "efficient", "comprehensive"], default="efficient")
    parser.add_argument("--cores", type=int, default=2, help="how many of those this process may use; both get the same")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    args = parser.parse_args()
    if not args.program.exists():
        parser.error(f"{args.program} is not built; run make build")
    return args


def row(name, result, spread=""):
    print(f"{name:<12} {result['consumers']:>9,} {result['features']:>9,} {result['seconds']:>10.3f} "
          f"{result['series_per_s']:>14,.1f}  {spread}")


def main():
    args = parse_arguments()
    python = peer_python()
    cores = sorted(os.sched_getaffinity(0))[: args.cores]
    os.sched_setaffinity(0, cores)  # the programs started below inherit it
    results = {"processor": processor(), "cores": len(cores), "days": args.days, "settings": args.settings}

    with tempfile.TemporaryDirectory(prefix="meterhound-bench-") as folder:
        whole_csv, slice_csv, features = (Path(folder, f"{name}.csv") for name in ("whole", "slice", "features"))
        simulate(args.program, args.consumers, args.days, whole_csv)
        with whole_csv.open() as whole, slice_csv.open("w") as part:
            part.writelines(itertools.islice(whole, 1 + args.slice))
        results["ours_whole"] = time_ours(args.program, whole_csv, args.settings, len(cores), features)
        ours = results["ours"] = time_ours(args.program, slice_csv, args.settings, len(cores), features)
        peer_flags = ["--settings", args.settings, "--jobs", len(cores), "--ours", features]
        peer = results["tsfresh"] = answer_of([python, HERE / "peer_extract.py", slice_csv, *peer_flags])
    results["ratio"] = ours["series_per_s"] / peer["series_per_s"]

    print(f"{args.settings}, {args.days:,} days, {len(cores)} cores of {results['processor']}")
    print(f"{'':<12} {'consumers':>9} {'features':>9} {'seconds':>10} {'consumers/s':>14}")
    for result in (results["ours_whole"], ours):
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
