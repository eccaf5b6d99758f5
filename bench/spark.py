#!/usr/bin/env python3
"""Extraction and scoring of many simulated meters with Spark, beside the plain program, and what 100 million would cost.

    bench/spark.py [--meters N] [--dir FOLDER] [--cores N] [--days D] [--json FILE]

A standalone cluster on the loopback interface has a worker a core. Readings are simulated by the program, kept as lists in Parquet in
buckets of 5,000 meters, and stay in FOLDER (default build/bench_spark) with all results: a million meters of 1,034 days take about 10
GB. Begun again, it goes on where it was: what is finished there is not done again, and not counted in rates. The last line is JSON.

It prints the time of processors of the plain program and of all of Spark's processes for the same files, what a job costs before its first
series, throughput by the clock, the most memory that all processes together held (their resident sets, shared pages counted in each),
and the cost of 100 million meters by the formula in docs/scale-out.md. One bucket of each result is compared with the program's, bit for
bit; exit status 1 when a value differs.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

from common import HERE, PROGRAM, hold_cores, processor, require_program, simulate
from peers import peer_python

TESTS = HERE.parent / "tests"
sys.path[:0] = [str(TESTS / "python"), str(TESTS / "spark")]

BUCKET = 5_000
GRID = 100_000_000  # meters of a country
HALF_HOURLY = (100, 365)  # meters and days of the sample
MODEL = ("--set", "detection.xgboost.n_estimators=200")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--meters", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=1034)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--dir", type=Path, default=HERE.parent / "build" / "bench_spark")
    parser.add_argument("--program", type=Path, default=PROGRAM)
    parser.add_argument("--settings", default="efficient")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    args = parser.parse_args()
    require_program(parser, args.program)
    args.dir = args.dir.resolve()
    return args


def in_spark_environment(args):
    """Starts this script again in the environment that has Spark, with the package of this tree."""
    from run import install

    python = peer_python(TESTS / "spark" / "requirements.txt")
    site = os.environ.get("METERHOUND_PYTHON_SITE")
    if site is None:
        site = args.dir / "site"
        install(peer_python(TESTS / "python" / "requirements.txt"), site)
    environment = os.environ | {"PYTHONPATH": str(site), "METERHOUND_BENCH_SPARK": "1", "OPENBLAS_NUM_THREADS": "1"}
    os.execve(python, [str(python), *sys.argv], environment)


def say(text):
    print(text, flush=True)


def make_bucket(args, path, number, meters, days, flags=()):
    """A file of lists of simulated meters; one that is there already is left."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    if path.exists():
        return
    wide = path.with_suffix(".csv")
    if flags:
        subprocess.run([args.program, "simulate", "--consumers", str(meters), "--days", str(days), "--seed", str(1000 + number), *flags, "--out",
                        wide, "--quiet"], check=True)
    else:
        simulate(args.program, meters, days, wide, seed=1000 + number)
    table = pyarrow.csv.read_csv(wide, read_options=pyarrow.csv.ReadOptions(block_size=1 << 24))
    ids = [f"{number:05}-{each}" for each in table.column(0).to_pylist()]
    values = np.column_stack([np.asarray(table[name].cast(pa.float32()).fill_null(np.nan)) for name in table.column_names[2:]])
    offsets = np.arange(len(ids) + 1, dtype=np.int32) * values.shape[1]
    lists = pa.ListArray.from_arrays(offsets, pa.array(values.ravel(), from_pandas=True))
    start = pa.array([16071] * len(ids), pa.int32()).cast(pa.date32())  # 2014-01-01
    aside = path.with_suffix(".part")
    cadence = "half_hourly" if "--half-hourly" in flags else "daily"
    rows = pa.table({"id": ids, "start": start, "cadence": pa.array([cadence] * len(ids)).dictionary_encode(), "values": lists})
    pq.write_table(rows, aside, row_group_size=2048, compression="zstd")
    os.replace(aside, path)
    wide.unlink()
    wide.with_suffix(".truth.csv").unlink(missing_ok=True)


def make_readings(args):
    folder = args.dir / f"readings-{args.days}"
    folder.mkdir(parents=True, exist_ok=True)
    buckets = -(-args.meters // BUCKET)
    begun = time.monotonic()
    for number in range(buckets):
        meters = min(BUCKET, args.meters - number * BUCKET)
        make_bucket(args, folder / f"part-{number:05}-{meters}.parquet", number, meters, args.days)
        if (number + 1) % 5 == 0 or number + 1 == buckets:
            say(f"  readings: {number + 1} of {buckets} buckets, {time.monotonic() - begun:.0f} s")
    wanted = {f"part-{number:05}-{min(BUCKET, args.meters - number * BUCKET)}.parquet" for number in range(buckets)}
    for path in folder.glob("*.parquet"):  # of a run of another size
        if path.name not in wanted:
            path.unlink()
    return folder


def make_model(args):
    path = args.dir / f"model-{args.days}" / "model.mh"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        town = path.with_name("town.csv")
        simulate(args.program, 3000, args.days, town)
        subprocess.run([args.program, "train", town, "--out", path.parent, "--quiet", *MODEL], check=True)
    return path


class Watch:
    """The most memory, and the time of processors, of this process and all that it has started; and how far a job is."""

    def __init__(self, manifests, units):
        self.manifests, self.units, self.peak, self.stop = manifests, units, {}, threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.before, self.begun = processor_seconds(), time.monotonic()
        self.finished_before = self._finished()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
        self.cpu, self.seconds = processor_seconds() - self.before, time.monotonic() - self.begun

    def _finished(self):
        return len(list(self.manifests.glob("*.json"))) if self.manifests.exists() else 0

    def _run(self):
        told = time.monotonic()
        while not self.stop.wait(0.5):
            held = memory()
            if held["all"] > self.peak.get("all", 0):
                self.peak = held
            if time.monotonic() - told > 15:
                told = time.monotonic()
                say(f"  {self._finished()} of {self.units} buckets, {told - self.begun:.0f} s, {held['all'] / 1e9:.2f} GB held")


def own_processes():
    from cluster import descendants

    return {os.getpid(): "python driver"} | descendants(os.getpid())


def memory():
    """Bytes held: all, Java, Python workers."""
    held = {"all": 0, "java": 0, "python_workers": 0}
    for pid, line in own_processes().items():
        try:
            size = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
        except OSError:
            continue
        held["all"] += size
        held["java"] += size if "java" in line.split(" ", 1)[0] else 0
        held["python_workers"] += size if "pyspark.daemon" in line else 0
    return held


def processor_seconds():
    """Of all processes there are and of those they have waited for."""
    ticks = 0
    for pid in own_processes():
        try:
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def plain(args, files, out, command):
    """Seconds of processors of the program over some files, one thread."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for number, file in enumerate(files):
        line = [args.program, *command, file, "--out", out / f"plain-{number}{'.parquet' if command[0] == 'extract' else ''}", "--jobs", "1",
                "--quiet"]
        subprocess.run([str(part) for part in line], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare_features(ours, theirs):
    import numpy as np
    import pyarrow.parquet as pq

    ours, theirs = pq.ParquetFile(ours), pq.ParquetFile(theirs)
    differ = 0
    for name in theirs.schema_arrow.names[1:]:
        left, right = (each.read(columns=[name]).column(0).to_numpy() for each in (ours, theirs))
        differ += np.count_nonzero((left.view(np.int64) != right.view(np.int64)) & ~(np.isnan(left) & np.isnan(right)))
    ids = [each.read(columns=["id"]).column(0).to_pylist() for each in (ours, theirs)]
    return int(differ), ids[0] == ids[1] and theirs.schema_arrow.names == ours.schema_arrow.names


def compare_scores(ours, theirs):
    import csv

    import pyarrow.parquet as pq

    table = pq.read_table(ours, columns=["id", "probability"])
    mine = dict(zip(table["id"].to_pylist(), table["probability"].to_pylist()))
    with open(theirs, encoding="utf-8") as file:
        rows = {row["consumer_id"]: float(row["probability"]) for row in csv.DictReader(file)}
    return sum(rows[each] != mine.get(each) for each in rows), rows.keys() == mine.keys()


def half_hourly_seconds(args):
    """Seconds of a processor for the features of a half-hourly year, in this process."""
    from meterhound.parquet_units import plan_job, run_unit

    meters, days = HALF_HOURLY
    folder, out = args.dir / "half_hourly", args.dir / "half_hourly_out"
    folder.mkdir(exist_ok=True)
    path = folder / "part-0.parquet"
    make_bucket(args, path, 0, meters, days, ("--half-hourly",))
    names = {"id_column": None, "time_column": None, "value_column": None}
    job = plan_job("features", folder, out, names, None, {"features": args.settings, "clean": "forward_backward_zero"})
    for each in ("features", "status", "quarantine", "manifest"):
        (out / each).mkdir(parents=True, exist_ok=True)
    for each in (out / "manifest").iterdir():
        each.unlink()
    done = run_unit(job | {"batch_rows": 256, "threads": 1}, 0)
    return done["cpu_seconds"] / meters, path.stat().st_size / meters


def costs(what, seconds_each, bytes_each, results_each, cores=16):
    """The formula of docs/scale-out.md."""
    hours = GRID * seconds_each / 3600
    return {"what": what, "core_hours": hours, "readings_gb": GRID * bytes_each / 1e9, "results_gb": GRID * results_each / 1e9,
            "clock_hours_16_cores": hours / cores, "clock_hours_1000_cores": hours / 1000}


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def run_job(args, session, readings, what, out, model):
    from meterhound import spark as ms

    units = len(list(readings.iterdir()))
    with Watch(out / "manifest", units) as watch:
        if what == "extract":
            done = ms.extract_features(session, readings, out, args.settings, check_ids=False)
        else:
            done = ms.score(session, readings, out, model, check_ids=False)
    rows = done["consumers"]
    fresh = round(rows * done["done"] / done["units"])
    result = {"meters": rows, "quarantined": done["quarantined"], "units_done": done["done"], "units_skipped": done["skipped"],
              "seconds": watch.seconds, "cpu_seconds": watch.cpu, "worker_cpu_seconds": done["worker_seconds"],
              "peak_memory_bytes": watch.peak, "results_bytes": size_of(out / ("features" if what == "extract" else "scores"))}
    if fresh:
        result |= {"series_per_s": fresh / watch.seconds, "cpu_us_per_series": 1e6 * watch.cpu / fresh,
                   "worker_us_per_series": 1e6 * done["worker_seconds"] / fresh}
        say(f"{what}: {fresh:,} meters in {watch.seconds:.1f} s, {result['series_per_s']:,.0f} a second; processors {watch.cpu:.1f} s "
            f"({result['cpu_us_per_series']:.0f} us a series, of it {result['worker_us_per_series']:.0f} in the Python workers' work); "
            f"{watch.peak.get('all', 0) / 1e9:.2f} GB held at most")
    else:
        say(f"{what}: all {rows:,} meters were finished already; delete {out} to measure again")
    return result


def measure(args, session, results):
    from meterhound import spark as ms

    readings, model = make_readings(args), make_model(args)
    results["readings_bytes"] = size_of(readings)
    name = f"{args.days}-{args.meters}"

    small = args.dir / "warm_up"
    (small / "readings").mkdir(parents=True, exist_ok=True)
    for number in range(4 * results["cores"]):
        make_bucket(args, small / "readings" / f"part-{number}.parquet", 90_000 + number, 10, 60)
    for number in range(2):  # the first starts executors and Python workers
        with Watch(small / "none", 1) as watch:
            ms.extract_features(session, small / "readings", small / f"out-{os.getpid()}-{number}", "minimal", check_ids=False)
        results["first_job" if number == 0 else "next_job"] = {"seconds": watch.seconds, "cpu_seconds": watch.cpu}
    say(f"a job of a few meters: {results['first_job']['seconds']:.1f} s, {results['first_job']['cpu_seconds']:.1f} s of processors; one more: "
        f"{results['next_job']['seconds']:.1f} s, {results['next_job']['cpu_seconds']:.1f} s")

    results["extract"] = run_job(args, session, readings, "extract", args.dir / f"features-{name}", None)
    results["score"] = run_job(args, session, readings, "score", args.dir / f"scores-{name}", model)
    sample = sorted(readings.iterdir())[:1]
    meters = min(BUCKET, args.meters)
    aside = args.dir / "plain"
    aside.mkdir(exist_ok=True)
    seconds = {"extract": plain(args, sample, aside, ["extract", "--settings", args.settings]),
               "score": plain(args, sample, aside, ["score", "--model", model])}
    ours = {what: next((args.dir / f"{what}-{name}" / what).glob("part-00000*")) for what in ("features", "scores")}
    results["differ"] = dict(zip(("values", "same_rows"), compare_features(ours["features"], aside / "plain-0.parquet")))
    results["differ"] |= dict(zip(("scores", "same_ids"), compare_scores(ours["scores"], aside / "plain-0" / "scores.csv")))
    for what, spent in seconds.items():
        results[what]["plain_us_per_series"] = 1e6 * spent / meters
        mine = results[what].get("cpu_us_per_series")
        if mine:
            results[what]["overhead_us_per_series"] = mine - 1e6 * spent / meters
            say(f"{what}: the plain program takes {1e6 * spent / meters:.0f} us of a processor a series, all of Spark {mine:.0f}: "
                f"{mine - 1e6 * spent / meters:+.0f} us, {100 * (mine * meters / 1e6 / spent - 1):+.1f} %")
    say(f"bucket 0 beside the program: {results['differ']['values']} feature values and {results['differ']['scores']} scores differ")


def forecast(args, results):
    daily_bytes = results["readings_bytes"] / args.meters
    half, half_bytes = half_hourly_seconds(args)
    results["costs_of_100_million"] = []
    for what, seconds, size, made in (
            (f"extract, daily x {args.days}", results["extract"].get("cpu_us_per_series"), daily_bytes, results["extract"]["results_bytes"] / args.meters),
            (f"score, daily x {args.days}", results["score"].get("cpu_us_per_series"), daily_bytes, results["score"]["results_bytes"] / args.meters),
            (f"extract, half-hourly x {HALF_HOURLY[1] * 48}", 1e6 * half, half_bytes, results["extract"]["results_bytes"] / args.meters)):
        if seconds is not None:
            cost = costs(what, seconds / 1e6, size, made)
            results["costs_of_100_million"].append(cost)
            say(f"100 million, {what}: {cost['core_hours']:,.0f} core-hours, {cost['clock_hours_16_cores']:.1f} h on 16 cores, "
                f"{60 * cost['clock_hours_1000_cores']:.0f} min on 1,000; {cost['readings_gb']:,.0f} GB of readings, {cost['results_gb']:,.0f} GB of results")


def main():
    args = arguments()
    if "METERHOUND_BENCH_SPARK" not in os.environ:
        in_spark_environment(args)
    from cluster import Cluster, environment
    from pyspark.sql import SparkSession

    args.dir.mkdir(parents=True, exist_ok=True)
    cores = hold_cores(args.cores)
    results = {"processor": processor(), "cores": cores, "meters": args.meters, "days": args.days, "settings": args.settings}
    say(f"{args.meters:,} meters x {args.days:,} days, {cores} cores of {results['processor']}, in {args.dir}")
    site = os.environ["PYTHONPATH"]
    os.environ.update(environment(PYTHONPATH=site))
    with Cluster(args.dir / "cluster", workers=cores) as cluster:
        builder = SparkSession.builder
        for key, value in cluster.settings("bench", site).items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        try:
            measure(args, session, results)
        finally:
            session.stop()
    forecast(args, results)
    text = json.dumps(results)
    if args.json:
        args.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0 if results["differ"] == {"values": 0, "same_rows": True, "scores": 0, "same_ids": True} else 1


if __name__ == "__main__":
    sys.exit(main())
