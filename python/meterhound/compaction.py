"""compact: drops of long readings become hash-bucketed lists, so that a new month joins without touching the older ones.

DuckDB does it, in one process: a drop is sorted once, on disk where memory does not hold it, and nothing is shuffled
between machines (docs/scale-out.md).
"""
import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .parquet_series import (ID_NAMES, KIND_NAMES, TIME_NAMES, VALUE_NAMES, BadFile, find_column, is_number, offset_of)

READINGS_A_BATCH = 1 << 17  # handed over by DuckDB at once
ROWS_A_GROUP = 2048  # of lists
BUCKETS = 256
ENDINGS = (".parquet", ".csv", ".csv.gz", ".csv.zst")


def compact(input_dir, output_dir, *, buckets=None, kind=None, column_id=None, column_sort=None, column_value=None,
            column_kind=None, memory_limit=None, threads=None):
    """Adds what is new in a folder of long readings to a folder of lists.

    Each call makes one drop of the files that no earlier call has taken, and writes one file of lists for each bucket that
    it touches, ``bucket=0007/DROP.parquet`` (id, times, values; ordered by id). A consumer's bucket is a hash of its id, the
    same in all calls and versions. `extract_features` and `score` join the pieces of a series.

    Parameters
    ----------
    input_dir, output_dir : str or Path
        Folders that this machine sees. Files are long CSV (plain, .gz or .zst) or long Parquet; dates are year first.
    buckets : int, optional
        How many; the first call decides (256). A bucket is worked on in one piece: some 10,000 consumers of daily readings,
        or 600 of half-hourly ones, make a good one.
    kind : str, optional
        Of files with several kinds of readings: the one to take.
    column_id, column_sort, column_value, column_kind : str, optional
        Names of columns where they are not the known ones.
    memory_limit : str, optional
        Of DuckDB, such as ``"8GB"``.
    threads : int, optional
        Of DuckDB; None: all cores.

    Returns
    -------
    dict
        `files`, `readings`, `pieces` (consumers of the drop), `quarantined` (readings; those without an id are left out,
        those without a time or with a value that is no finite number stay in the lists as such, so that extraction sets
        their consumer aside), `drop`.

    Raises
    ------
    ValueError
        For columns that are not there, another number of buckets, and files that have changed since they were taken.
    """
    try:
        import duckdb
    except ImportError:
        raise ImportError("meterhound.spark.compact needs duckdb: pip install 'meterhound[spark]'") from None
    source, target = Path(input_dir), Path(output_dir)
    files = _new_files(source, target)
    buckets = _settled(target, buckets)
    if not files:
        return {"files": 0, "readings": 0, "pieces": 0, "quarantined": 0, "drop": None}
    drop = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:12]
    aside = target / "_temporary" / drop
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        names = {"id": (column_id, ID_NAMES), "time": (column_sort, TIME_NAMES), "value": (column_value, VALUE_NAMES),
                 "kind": (column_kind, KIND_NAMES)}
        with duckdb.connect() as base:
            base.execute("SET TimeZone = 'UTC'")
            base.execute(f"SET temp_directory = {_text(aside / 'sorting')}")
            if memory_limit is not None:
                base.execute(f"SET memory_limit = '{memory_limit}'")
            if threads is not None:
                base.execute(f"SET threads = {int(threads)}")
            _declare(base, [source / name for name, *_ in files], names, kind)
            counts = _group(base, aside, buckets)
        _publish(target, aside, drop, files, counts)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return counts | {"files": len(files), "drop": drop}


def _new_files(source, target):
    """[name, size, time of change] of the files that no drop has taken."""
    taken = {}
    for manifest in sorted((target / "_compacted").glob("drop-*.json")):
        for name, size, changed in json.loads(manifest.read_text(encoding="utf-8"))["files"]:
            taken[name] = (size, changed)
    new = []
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        hidden = any(part.startswith((".", "_")) for part in name.split("/"))
        if hidden or not path.is_file() or not name.endswith(ENDINGS):
            continue
        state = path.stat()
        if name not in taken:
            new.append([name, state.st_size, state.st_mtime_ns])
        elif taken[name] != (state.st_size, state.st_mtime_ns):
            raise ValueError(f"{path}: has changed since its readings were taken; expected new readings in new files")
    return new


def _settled(target, buckets):
    path = target / "_compacted" / "settings.json"
    if path.exists():
        settled = json.loads(path.read_text(encoding="utf-8"))["buckets"]
        if buckets not in (None, settled):
            raise ValueError(f"buckets: found {buckets}, expected {settled}, which the folder was begun with")
        return settled
    buckets = BUCKETS if buckets is None else int(buckets)
    if not 1 <= buckets <= 100_000:
        raise ValueError(f"buckets: found {buckets}, expected 1 to 100,000")
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, {"buckets": buckets, "hash": "md5_number_lower(id) % buckets"})
    return buckets


def _write(path, value):
    aside = path.with_name(path.name + ".part")
    aside.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    os.replace(aside, path)


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'


def _text(value):
    return "'" + str(value).replace("'", "''") + "'"


def _found(header, names, path):
    columns = {role: find_column(header, wanted, known) for role, (wanted, known) in names.items()}
    for role in ("id", "time", "value"):
        if columns[role] is None:
            raise ValueError(f"{path}: found no column {names[role][0] or role!r}, expected long readings: id, time and "
                             "value")
    if names["kind"][0] is not None and columns["kind"] is None:
        raise ValueError(f"{path}: found no column {names['kind'][0]!r}")
    return columns


def _parquet_source(path, names):
    """(source, columns, SQL of the time, of the number, of the text it was) of a Parquet file."""
    schema = pq.read_schema(path)
    columns = _found(schema.names, names, path)
    time, value = schema.field(columns["time"]).type, schema.field(columns["value"]).type
    if not is_number(value):
        raise ValueError(f"{path}: column {columns['value']}: found {value}, expected numbers")
    offset = offset_of(getattr(time, "tz", None))
    if is_number(time) or offset is None:
        raise BadFile(f"{path}: column {columns['time']}: found {time}, expected timestamps without a zone, in UTC or an "
                      "offset, dates, or texts")
    when = f"TRY_CAST({_quoted(columns['time'])} AS TIMESTAMP)"
    if offset:
        when += f" + INTERVAL {int(offset)} SECOND"
    return f"read_parquet({_text(path)})", columns, when, f"CAST({_quoted(columns['value'])} AS DOUBLE)", "NULL"


def _csv_source(base, path, names):
    """The same of a CSV file."""
    missing = ", ".join(map(_text, ("", "NaN", "nan", "NULL", "null", "NA", "N/A")))
    source = f"read_csv({_text(path)}, all_varchar = true, header = true, nullstr = [{missing}])"
    columns = _found([row[0] for row in base.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()], names, path)
    text = _quoted(columns["value"])
    return source, columns, f"TRY_CAST({_quoted(columns['time'])} AS TIMESTAMP)", f"TRY_CAST({text} AS DOUBLE)", text


def _select(base, path, names, kind):
    """SQL for one file: id, time, number, text (what a number was read from), file."""
    is_parquet = path.name.endswith(".parquet")
    source, columns, when, number, text = _parquet_source(path, names) if is_parquet else _csv_source(base, path, names)
    where = ""
    if columns["kind"] is not None:
        kinds = f"CAST({_quoted(columns['kind'])} AS VARCHAR)"
        if kind is not None:
            where = f" WHERE {kinds} = {_text(kind)}"
        else:
            found = base.execute(f"SELECT DISTINCT {kinds} FROM {source} ORDER BY 1 LIMIT 5").fetchall()
            if len(found) > 1:
                raise ValueError(f"{path}: found several kinds of readings ({', '.join(str(row[0]) for row in found)}), "
                                 "expected `kind` to pick one")
    return (f"SELECT nullif(trim(CAST({_quoted(columns['id'])} AS VARCHAR)), '') AS id, {when} AS time, "
            f"{number} AS number, CAST({text} AS VARCHAR) AS text, {_text(path.name)} AS file FROM {source}{where}")


def _declare(base, paths, names, kind):
    union = " UNION ALL ".join(_select(base, path, names, kind) for path in paths)
    # NaN is a missing reading; what is no number becomes infinite, which extraction sets aside with its consumer.
    base.execute(f"""CREATE TEMP VIEW readings AS SELECT id, time, file, text,
        CASE WHEN text IS NOT NULL AND number IS NULL THEN 'inf'::DOUBLE ELSE number END AS value FROM ({union})""")


def _group(base, aside, buckets):
    """Writes a file a bucket and the bad readings into `aside`."""
    base.execute(f"""COPY (SELECT id AS fault_id, file AS fault_file,
            CASE WHEN id IS NULL THEN 'found no id, expected the consumer''s id'
                 WHEN time IS NULL THEN 'found no time, or none that is a date with the year first'
                 ELSE 'found ' || coalesce(text, CAST(value AS VARCHAR)) || ', expected a finite number or nothing'
            END AS fault_reason, time, value
        FROM readings WHERE id IS NULL OR time IS NULL OR isinf(value)) TO {_text(aside / 'quarantine')} (FORMAT parquet)""")
    quarantined = pq.ParquetFile(aside / "quarantine").metadata.num_rows
    readings, = base.execute("SELECT count(*) FROM readings").fetchone()
    # Numbers instead of names: what is sorted is small, and a hash is taken once a consumer.
    base.execute(f"""CREATE TEMP TABLE ids AS SELECT id, bucket, row_number() OVER (ORDER BY bucket, id) - 1 AS number FROM
        (SELECT DISTINCT id, CAST(md5_number_lower(id) % {buckets} AS INTEGER) AS bucket FROM
         (SELECT DISTINCT id FROM readings WHERE id IS NOT NULL))""")
    ids = base.execute("SELECT id, bucket FROM ids ORDER BY number").to_arrow_table().combine_chunks()
    rows = base.execute("SELECT number, time, value FROM readings JOIN ids USING (id) ORDER BY number, time")
    for bucket, table in _by_bucket(rows.to_arrow_reader(READINGS_A_BATCH), ids["bucket"].to_numpy()):
        _write_lists(aside / f"bucket={bucket:04}", table, ids["id"])
    return {"readings": readings, "pieces": len(ids), "quarantined": quarantined}


def _by_bucket(reader, buckets):
    """(bucket, its readings) of batches in the order of buckets; `buckets` has each consumer's."""
    held, current = [], None
    for batch in reader:
        own = buckets[batch.column(0).to_numpy()]
        bounds = [0, *(np.flatnonzero(own[1:] != own[:-1]) + 1).tolist(), len(own)]
        for begin, end in zip(bounds, bounds[1:]):
            if end > begin and own[begin] != current:
                if held:
                    yield current, pa.Table.from_batches(held)
                held, current = [], int(own[begin])
            held.append(batch.slice(begin, end - begin))
    if held:
        yield current, pa.Table.from_batches(held)


def _write_lists(path, table, ids):
    """Sorted readings as a row a consumer."""
    table = table.combine_chunks()
    numbers = table["number"].to_numpy()
    begins = np.concatenate([[0], np.flatnonzero(numbers[1:] != numbers[:-1]) + 1])
    offsets = pa.array(np.append(begins, len(numbers)), pa.int32())
    times, values = (pa.ListArray.from_arrays(offsets, table[name].combine_chunks()) for name in ("time", "value"))
    lists = pa.table({"id": ids.take(pa.array(numbers[begins])), "times": times, "values": values})
    pq.write_table(lists, path, row_group_size=ROWS_A_GROUP, compression="zstd")


def _publish(target, aside, drop, files, counts):
    """Moves the files into place; the drop's manifest comes last. After a crash the same ones are made and moved again."""
    for path in sorted(aside.glob("bucket=*")):
        folder = target / path.name
        folder.mkdir(exist_ok=True)
        os.replace(path, folder / f"{drop}.parquet")
    if counts["quarantined"]:
        (target / "_quarantine").mkdir(exist_ok=True)
        os.replace(aside / "quarantine", target / "_quarantine" / f"{drop}.parquet")
    _write(target / "_compacted" / f"drop-{drop}.json", {"files": files} | counts)
