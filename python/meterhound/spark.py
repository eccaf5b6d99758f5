"""Extraction and scoring with Apache Spark: Spark hands out Parquet files, the same native library works on them.

    spark-submit meterhound/spark_job.py extract hdfs:///readings hdfs:///features --settings efficient+theft

Spark carries the names of files and a line on each of them, never readings: every Python worker reads its files itself
and writes its results. docs/scale-out.md tells what that costs and what survives when machines die.
"""
import argparse
import hashlib
import json
import math
import posixpath
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.fs as pafs

from .archives import pack
from .compaction import compact
from .parquet_series import Block
from .parquet_units import finished, open_folder, plan_job, stage_of
from .settings import split_settings

__all__ = ["compact", "extract_features", "first", "main", "pack", "score"]

MOST_TASKS = 1000
ROUNDS = 2  # a unit whose last attempt was killed between two renames is done again
PROBE = 64  # readings of the made-up consumer on whom settings and model are tried
RESULT_DDL = ("unit string, skipped boolean, ok bigint, quarantined bigint, readings bigint, seconds double, "
              "cpu_seconds double")  # parquet_units.RESULT


def extract_features(spark, input_dir, output_dir, default_fc_parameters="efficient", *, clean="forward_backward_zero",
                     cadence=None, column_id=None, column_sort=None, column_value=None, tasks=None, batch_rows=1024,
                     threads=1, check_ids=True):
    """Features of every consumer in a folder of Parquet, as `meterhound extract` gives them, bit for bit.

    Results lie in `output_dir`: `features` (Parquet; id and a column a feature), `status` (a row a consumer: ok, or
    quarantined with the reason), `quarantine` (the bad rows as they came) and `manifest` (a file a finished unit). What is
    finished, of unchanged files under the same settings, is not done again.

    Parameters
    ----------
    spark : pyspark.sql.SparkSession
    input_dir, output_dir : str
        Paths that all machines see, or URIs (``s3://``, ``hdfs://``, ``gs://``, ``abfs://``). Files are of one form, lists
        or long, and of one cadence (docs/formats.md). Files under ``bucket=...`` folders, as `compact` writes them, belong
        together; otherwise all readings of a consumer lie in one file.
    default_fc_parameters : str or dict
        Presets joined by "+", such as ``"efficient+theft"``, or tsfresh's dictionary without Python functions.
    clean : str
        How gaps are filled: ``forward_backward_zero``, ``seasonal_median`` or ``none``.
    cadence : str, optional
        ``daily``, ``half_hourly``, ...; None: that of the first file. The same for all consumers.
    column_id, column_sort, column_value : str, optional
        Names of columns where they are not the known ones.
    tasks : int, optional
        Spark tasks; None: one a unit, 1,000 at most. Give more where there are more cores.
    batch_rows : int
        Consumers worked on at once: bounds memory, changes no value.
    threads : int
        Of each Python worker; set ``spark.task.cpus`` to as many.
    check_ids : bool
        Look for ids that stand in several units, which no worker can see.

    Returns
    -------
    dict
        `units`, `done`, `skipped`, `consumers`, `quarantined`, `readings`, `seconds`, `worker_seconds` (of processors),
        `series_per_s`, `cadence`, `repeated_ids` (how many, and the first of them).

    Raises
    ------
    ValueError
        For settings, names and folders that are not as expected. Bad rows and unreadable files are no errors.
    """
    given = {"features": _native_settings(default_fc_parameters), "clean": clean}
    names = {"id_column": column_id, "time_column": column_sort, "value_column": column_value}
    job = plan_job("features", input_dir, output_dir, names, cadence, given)
    return _run(spark, job, tasks, batch_rows, threads, check_ids)


def score(spark, input_dir, output_dir, model, *, settings=None, cadence=None, column_id=None, column_sort=None,
          column_value=None, tasks=None, batch_rows=1024, threads=1, check_ids=True):
    """Scores of every consumer in a folder of Parquet, as `meterhound score` gives them, bit for bit.

    As `extract_features`, with `scores` in place of `features`: id, probability with its interval, margin, anomaly_score,
    tier, trained_on, and missing_kwh with its interval; sign_share and sign_product say how strange a consumer is, from
    which `first` makes the list.

    Parameters
    ----------
    model : str or Path
        A model file on the driver; it is copied to `output_dir`, from where workers read it.
    settings : dict, optional
        Settings of the program by dotted key by which missing energy is looked for.
    """
    with open(model, "rb") as file:
        content = file.read()
    place = f"model-{hashlib.sha256(content).hexdigest()[:16]}.mh"
    given = {"model": place, "settings": {str(key): str(value) for key, value in (settings or {}).items()}}
    names = {"id_column": column_id, "time_column": column_sort, "value_column": column_value}
    job = plan_job("scores", input_dir, output_dir, names, cadence, given)
    filesystem, root = open_folder(output_dir)
    filesystem.create_dir(root, recursive=True)
    with filesystem.open_output_stream(posixpath.join(root, place + ".part")) as file:
        file.write(content)
    filesystem.move(posixpath.join(root, place + ".part"), posixpath.join(root, place))
    return _run(spark, job, tasks, batch_rows, threads, check_ids)


def _native_settings(settings):
    if isinstance(settings, str):
        if settings == "auto":
            raise ValueError("settings: found 'auto', which depends on the longest series of all; expected a preset's "
                             "name, such as 'efficient+theft'")
        return settings
    native, functions = split_settings(settings)
    if functions:
        name = next(iter(functions)).__name__
        raise ValueError(f"settings: found the Python function {name!r}, expected calculators that run natively")
    return native


def _probe(job):
    """Tries settings and model on the driver, so that what cannot work fails here and at once."""
    block = Block(["probe"], np.ones(PROBE), np.array([0, PROBE]), np.arange(PROBE) * 86400.0)
    stage_of(job).columns(block, job["cadence"], 1)


def _run(spark, job, tasks, batch_rows, threads, check_ids):
    begun = time.monotonic()
    _probe(job)
    filesystem, root = open_folder(job["output"])
    other = {"features": "scores", "scores": "features"}[job["what"]]
    if filesystem.get_file_info(posixpath.join(root, other)).type != pafs.FileType.NotFound:
        raise ValueError(f"{job['output']}: holds {other}, expected a folder for {job['what']} alone")
    for folder in (job["what"], "status", "quarantine", "manifest"):
        filesystem.create_dir(posixpath.join(root, folder), recursive=True)
    job = job | {"batch_rows": batch_rows, "threads": threads}
    done = {}
    for _ in range(ROUNDS):
        left = [place for place, unit in enumerate(job["units"]) if unit["name"] not in done or not finished(job, unit)]
        if not left:
            break
        for row in _hand_out(spark, job, left, tasks):
            done[row["unit"]] = row.asDict()
    lost = [unit["name"] for unit in job["units"] if not finished(job, unit)]
    if lost:
        raise RuntimeError(f"{len(lost)} units are not finished, {lost[0]} among them: their results are gone")
    _clear(filesystem, posixpath.join(root, "_temporary"))
    return _summary(spark, job, list(done.values()), check_ids, time.monotonic() - begun)


def _hand_out(spark, job, places, tasks):
    """One Spark job over these units, the largest first."""
    places = sorted(places, key=lambda place: (-sum(file[1] for file in job["units"][place]["files"]), place))
    slices = min(len(places), tasks or MOST_TASKS)
    shares = [places[begin::slices] for begin in range(slices)]  # large and small ones for each
    numbers = spark.range(0, slices, 1, slices)
    return numbers.mapInArrow(_worker(job, shares), RESULT_DDL).collect()


def _worker(job, shares):
    """What Spark's workers run. It travels by value, as inner functions do, and finds the package where it arrives."""
    def work(batches):
        import glob
        import os
        import sys

        try:
            import meterhound.parquet_units  # noqa: F401
        except ModuleNotFoundError:
            from pyspark import SparkFiles

            sys.modules.pop("meterhound", None)  # an archive's folder of this name
            for root in (SparkFiles.getRootDirectory(), os.getcwd()):
                for native in glob.glob(os.path.join(root, "*", "meterhound", "_native*.so")):
                    sys.path.insert(0, os.path.dirname(os.path.dirname(native)))
        from meterhound.parquet_units import run_units

        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from run_units(job, shares[number])

    return work


def _clear(filesystem, path):
    if filesystem.get_file_info(path).type != pafs.FileType.NotFound:
        filesystem.delete_dir(path)


def _summary(spark, job, rows, check_ids, seconds):
    def total(name, some):
        return sum(row[name] for row in some)

    fresh = [row for row in rows if not row["skipped"]]
    summary = {"units": len(rows), "done": len(fresh), "skipped": len(rows) - len(fresh), "consumers": total("ok", rows),
               "quarantined": total("quarantined", rows), "readings": total("readings", rows), "seconds": seconds,
               "worker_seconds": total("cpu_seconds", rows), "series_per_s": total("ok", fresh) / seconds,
               "cadence": job["cadence"]}
    if check_ids:
        summary["repeated_ids"] = _repeated_ids(spark, job)
    return summary


def _uri(where, *parts):
    """For Spark, whose default file system need not be the local one."""
    where = posixpath.join(str(where), *parts)
    return where if "://" in where else Path(where).resolve().as_uri()


def _repeated_ids(spark, job, shown=10):
    status = spark.read.parquet(_uri(job["output"], "status"))
    many = status.where("id is not null and status = 'ok'").groupBy("id").count().where("count > 1")
    few = [row["id"] for row in many.orderBy("id").limit(shown).collect()]
    return {"ids": many.count() if few else 0, "first": few}


def first(spark, output_dir, places, model):
    """The first places of the list that `meterhound score` makes of all scored consumers at once.

    Parameters
    ----------
    output_dir : str
        Where `score` wrote.
    places : int
        How many.
    model : str or Path
        The model file: it says how many places the strangest get.

    Returns
    -------
    pandas.DataFrame
        Index: ids, best first; the columns of `scores`, and listed_for ("probability" or "sign").
    """
    from pyspark.sql import functions

    from . import _detector

    share = _detector.Detector(str(model)).novelty_share
    scores = spark.read.parquet(_uri(output_dir, "scores"))
    by_probability = [functions.desc("probability"), functions.desc("margin"), functions.desc("anomaly_score"),
                      functions.asc("id")]
    by_sign = [functions.asc("sign_share"), functions.asc("sign_product"), *by_probability]
    probable = [row.asDict() for row in scores.orderBy(*by_probability).limit(places).collect()]
    strange = [row.asDict() for row in scores.where("sign_share < 1").orderBy(*by_sign).limit(places).collect()]
    listed, rows, next_probable, next_strange = set(), [], 0, 0
    while len(rows) < min(places, len(probable)):
        for_sign = math.floor((len(rows) + 1) * share) > math.floor(len(rows) * share)
        while for_sign and next_strange < len(strange) and strange[next_strange]["id"] in listed:
            next_strange += 1
        while next_probable < len(probable) and probable[next_probable]["id"] in listed:
            next_probable += 1
        strangest = for_sign and next_strange < len(strange)
        row = strange[next_strange] if strangest else probable[next_probable]
        rows.append(row | {"listed_for": "sign" if strangest else "probability"})
        listed.add(row["id"])
    return pd.DataFrame(rows).set_index("id")


def _session(app):
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SystemExit("meterhound.spark needs pyspark: pip install 'meterhound[spark]'") from None
    return SparkSession.builder.appName(app).getOrCreate()


def _value(text):
    """A setting key=value."""
    key, equal, value = text.partition("=")
    if not equal:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected key=value")
    return key, value


def _parser():
    parser = argparse.ArgumentParser(prog="spark_job.py", description="Features and scores of folders of Parquet.")
    commands = parser.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("input_dir", metavar="IN", help="folder of Parquet: lists or long readings; path or URI")
    shared.add_argument("output_dir", metavar="OUT", help="folder of results; path or URI")
    shared.add_argument("--cadence", help="daily, half_hourly, ...; default: the first file's")
    shared.add_argument("--id-column", dest="column_id", metavar="NAME")
    shared.add_argument("--time-column", dest="column_sort", metavar="NAME")
    shared.add_argument("--value-column", dest="column_value", metavar="NAME")
    shared.add_argument("--tasks", type=int, metavar="N", help="Spark tasks; default: one a file, 1,000 at most")
    shared.add_argument("--batch-rows", type=int, default=1024, metavar="N", help="consumers worked on at once (1024)")
    shared.add_argument("--threads", type=int, default=1, metavar="N",
                        help="of each Python worker; set spark.task.cpus to as many (1)")
    shared.add_argument("--no-check-ids", dest="check_ids", action="store_false",
                        help="do not look for ids in several files")
    extract = commands.add_parser("extract", parents=[shared], help="features of every consumer")
    extract.add_argument("--settings", default="efficient", metavar="NAME",
                         help="presets joined by +, or a .json file with tsfresh's dictionary (efficient)")
    extract.add_argument("--clean", default="forward_backward_zero",
                         help="how gaps are filled: forward_backward_zero, seasonal_median, none")
    scoring = commands.add_parser("score", parents=[shared], help="scores of every consumer")
    scoring.add_argument("--model", required=True, metavar="FILE", help="model file, on the driver")
    scoring.add_argument("--set", dest="settings", type=_value, action="append", default=[], metavar="KEY=VALUE",
                         help="a setting of the program by which missing energy is looked for")
    listing = commands.add_parser("first", help="the first places of the list, as CSV")
    listing.add_argument("output_dir", metavar="OUT", help="where score wrote")
    listing.add_argument("--model", required=True, metavar="FILE")
    listing.add_argument("--places", type=int, default=1000, metavar="N")
    compaction = commands.add_parser("compact", help="long readings to bucketed lists (DuckDB, without Spark)")
    compaction.add_argument("input_dir", metavar="IN")
    compaction.add_argument("output_dir", metavar="OUT")
    compaction.add_argument("--buckets", type=int, metavar="N")
    compaction.add_argument("--kind", metavar="NAME", help="of several kinds of readings: the one to take")
    for role, name in (("id", "column_id"), ("time", "column_sort"), ("value", "column_value"), ("kind", "column_kind")):
        compaction.add_argument(f"--{role}-column", dest=name, metavar="NAME")
    compaction.add_argument("--memory-limit", metavar="SIZE", help="of DuckDB, such as 8GB")
    packing = commands.add_parser("pack", help="the installed package as a zip for spark.archives (without Spark)")
    packing.add_argument("out", metavar="ZIP")
    packing.add_argument("--without", action="append", default=[], metavar="NAME",
                         help="a distribution that the machines have; '*': all but the package itself")
    return parser


def main(arguments=None):
    """The job: `extract`, `score`, `first`, `compact` or `pack`; prints its summary as one line of JSON."""
    flags = vars(_parser().parse_args(arguments))
    command = flags.pop("command")
    try:
        if command == "pack":
            answer = {"packed": pack(flags["out"], flags["without"])}
        elif command == "compact":
            answer = compact(**flags)
        elif command == "first":
            print(first(_session("meterhound first"), **flags).to_csv(lineterminator="\n"), end="")
            return
        elif command == "extract":
            settings = flags.pop("settings")
            if settings.endswith(".json"):
                settings = json.loads(Path(settings).read_text(encoding="utf-8"))
            answer = extract_features(_session("meterhound extract"), default_fc_parameters=settings, **flags)
        else:
            flags["settings"] = dict(flags["settings"])
            answer = score(_session("meterhound score"), **flags)
    except (ValueError, OSError) as error:
        raise SystemExit(f"meterhound: {error}") from None
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
