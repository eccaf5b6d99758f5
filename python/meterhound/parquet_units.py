"""Units of work over folders of Parquet: one file, or all files of one bucket, worked through in one process.

A unit's results appear as a whole or not at all: they are written aside and moved into place, and the unit's manifest
comes last. A unit whose manifest bears the job's fingerprint is finished and is not done again. So a unit may be begun
any number of times, by any process, also by two at once.
"""
import contextlib
import functools
import hashlib
import json
import os
import posixpath
import tempfile
import time
import uuid

import numpy as np
import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from . import _native
from .parquet_series import (Bad, BadFile, Form, Read, find_cadence, find_form, join_pieces, only_faults, open_parquet,
                             read_lists, read_long)

ROWS_A_GROUP = 8192  # of results
STATUS = pa.schema([("id", pa.string()), ("status", pa.string()), ("reason", pa.string()), ("file", pa.string()),
                    ("row", pa.int64()), ("unit", pa.string())])
RESULT = pa.schema([("unit", pa.string()), ("skipped", pa.bool_()), ("ok", pa.int64()), ("quarantined", pa.int64()),
                    ("readings", pa.int64()), ("seconds", pa.float64()), ("cpu_seconds", pa.float64())])
SCORE_NUMBERS = ("probability", "probability_low", "probability_high", "margin", "anomaly_score", "missing_kwh",
                 "missing_kwh_low", "missing_kwh_high", "sign_share", "sign_product")


def open_folder(where):
    """(file system, path in it) of a path or URI."""
    return _open_folder(str(where))


@functools.lru_cache(maxsize=8)
def _open_folder(where):
    if "://" not in where:
        return pafs.LocalFileSystem(), os.path.abspath(where)
    filesystem, path = pafs.FileSystem.from_uri(where)
    return filesystem, path.rstrip("/")


def _digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def list_units(input_dir):
    """The units of a folder: files under `bucket=...` folders belong together, every other file is a unit of its own.

    Returns
    -------
    list of dict
        `name` (of the results' files), `files` ([path within the folder, size, time of change]) and `pieces` (whether
        series may lie in several of the files), by name.
    """
    filesystem, root = open_folder(input_dir)
    found = filesystem.get_file_info(pafs.FileSelector(root, recursive=True))
    groups = {}
    for info in sorted(found, key=lambda each: each.path):
        inside = posixpath.relpath(info.path, root)
        parts = inside.split("/")
        hidden = any(part.startswith((".", "_")) for part in parts)
        if info.type != pafs.FileType.File or hidden or not inside.endswith((".parquet", ".parq")):
            continue
        bucket = next((place for place, part in enumerate(parts[:-1]) if part.startswith("bucket=")), None)
        key = inside if bucket is None else "/".join(parts[:bucket + 1])
        unit = groups.setdefault(key, {"files": [], "pieces": bucket is not None})
        unit["files"].append([inside, info.size, info.mtime_ns or 0])
    units = []
    for key, unit in groups.items():
        stem = key.removesuffix(".parquet").removesuffix(".parq").replace("/", ".")
        units.append({"name": f"{stem}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"} | unit)
    return units


def plan_job(what, input_dir, output_dir, names, cadence, given):
    """Everything that a process needs to know of a job, of plain values: the form and cadence are those of the first file
    that can be read.

    Parameters
    ----------
    what : str
        "features" or "scores".
    names : dict
        Arguments of `find_form`.
    cadence : str or None
        None: the first file's.
    given : dict
        What the results depend on besides.
    """
    units = list_units(input_dir)
    if not units:
        raise ValueError(f"{input_dir}: holds no Parquet files")
    form, cadence = _first_form(input_dir, units, names, cadence)
    settled = {"what": what, "version": _native.__version__, "form": list(form), "names": names, "cadence": cadence,
               "given": given}
    return settled | {"input": str(input_dir), "output": str(output_dir), "units": units, "settings": _digest(settled)}


def _first_form(input_dir, units, names, cadence):
    filesystem, root = open_folder(input_dir)
    reasons = []
    for inside in (file[0] for unit in units for file in unit["files"]):
        path = posixpath.join(root, inside)
        try:
            form = find_form(open_parquet(filesystem, path).schema_arrow, **names)
            return form, cadence or find_cadence(filesystem, path, form)
        except (BadFile, pa.ArrowException, UnicodeDecodeError, OSError) as error:
            reasons.append(f"{inside}: {error}")
    raise ValueError(f"{input_dir}: no file could be read; {reasons[0]}")


def fingerprint(job, unit):
    """Of a unit's results: its files as they are, the settings and the version."""
    return _digest([job["settings"], unit["files"]])


def _path(job, folder, unit, ending=".parquet"):
    return posixpath.join(open_folder(job["output"])[1], folder, unit["name"] + ending)


def finished(job, unit):
    """The unit's manifest, where it is finished; else None."""
    filesystem, _ = open_folder(job["output"])
    try:
        with filesystem.open_input_stream(_path(job, "manifest", unit, ".json")) as file:
            manifest = json.loads(file.read())
    except FileNotFoundError:
        return None
    return manifest if manifest["fingerprint"] == fingerprint(job, unit) else None


class _Features:
    """Readings to features."""

    def __init__(self, job):
        self.kind = job["form"][6]
        given = job["given"]
        settings = {"default": given["features"], "kinds": {}}
        self.extractor = _native.Extractor(settings, [self.kind], given["clean"])
        self.schema = pa.schema([("id", pa.string())] + [(name, pa.float64()) for name in self.extractor.columns])

    def columns(self, block, cadence, threads):
        values = self.extractor.extract([(block.values, block.offsets, block.times, cadence)], threads)
        by_column = np.ascontiguousarray(values.T)
        return [pa.array(block.ids, pa.string()), *(pa.array(column) for column in by_column)]


class _Scores:
    """Readings to scores."""

    def __init__(self, job):
        from . import _detector

        self.kind, self.settings = job["form"][6], job["given"]["settings"]
        filesystem, root = open_folder(job["output"])
        with filesystem.open_input_stream(posixpath.join(root, job["given"]["model"])) as file, \
                tempfile.NamedTemporaryFile(prefix="meterhound-", suffix=".mh") as copy:
            copy.write(file.read())
            copy.flush()
            self.detector = _detector.Detector(copy.name)
        self.schema = pa.schema([("id", pa.string())] + [(name, pa.float64()) for name in SCORE_NUMBERS]
                                + [("tier", pa.string()), ("trained_on", pa.bool_())])

    def columns(self, block, cadence, threads):
        source = {"ids": block.ids, "labels": [-1] * len(block.ids),
                  "kinds": {self.kind: (block.values, block.offsets, block.times, cadence)}}
        columns = self.detector.score(source, threads, settings=self.settings)
        return [pa.array(columns[field.name], field.type) for field in self.schema]


@functools.lru_cache(maxsize=2)
def _stage(text):
    """What a process does, made once."""
    job = json.loads(text)
    return {"features": _Features, "scores": _Scores}[job["what"]](job)


def stage_of(job):
    return _stage(json.dumps({key: value for key, value in job.items() if key != "units"}, sort_keys=True))


def _read_through(filesystem, path):
    """Reads every byte: an error here is one of the storage, not of what the file holds."""
    with filesystem.open_input_stream(path) as file:
        while file.read(1 << 22):
            pass


class _Unreadable(Exception):
    def __init__(self, path, reason):
        super().__init__(reason)
        self.path, self.reason = path, reason


def _reads_of(job, inside, batch_rows):
    """The `Read`s of one file. An error of the storage is raised as it is: Spark tries again."""
    filesystem, root = open_folder(job["input"])
    path = posixpath.join(root, inside)
    form = Form(*job["form"])
    try:
        if form.layout == "long":
            yield read_long(filesystem, path, inside, form, job["names"])
        else:
            yield from read_lists(filesystem, path, inside, form, job["names"], job["cadence"], batch_rows)
    except pa.ArrowMemoryError:
        raise
    except (BadFile, pa.ArrowException, UnicodeDecodeError) as error:
        raise _Unreadable(inside, str(error)) from None
    except OSError as error:
        if not isinstance(error, (FileNotFoundError, PermissionError)):
            _read_through(filesystem, path)
        raise _Unreadable(inside, str(error)) from None


def _reads(job, unit, batch_rows):
    """All `Read`s of a unit. A file that cannot be read to its end gives none of its consumers."""
    if not unit["pieces"]:
        yield from _reads_of(job, unit["files"][0][0], batch_rows)
        return
    reads, broken = [], []
    for path, *_ in unit["files"]:
        try:
            reads.extend(_reads_of(job, path, batch_rows))
        except _Unreadable as error:
            broken.append(error)
    joined = join_pieces(reads, job["cadence"] != "steps")
    if broken:  # of every series a piece may be missing
        bad = [Bad(None, error.path, None, error.reason) for error in broken]
        reason = f"a file of its bucket cannot be read: {broken[0].reason}"
        bad += [Bad(each, broken[0].path, None, reason) for each in joined.block.ids]
        rows = [only_faults(bad)] + ([] if joined.rows is None else [joined.rows])
        joined = Read(joined.block.part(0, 0), bad + joined.bad, pa.concat_tables(rows, promote_options="permissive"))
    yield joined


class _Writer:
    """A Parquet file written aside, in groups of many rows."""

    def __init__(self, filesystem, path, schema):
        self.filesystem, self.path, self.schema, self.held, self.rows = filesystem, path, schema, [], 0
        self.writer = None

    def add(self, table):
        self.held.append(table)
        self.rows += table.num_rows
        if self.rows >= ROWS_A_GROUP:
            self.flush()

    def flush(self):
        if self.writer is None:
            texts = [field.name for field in self.schema if pa.types.is_string(field.type)]
            self.writer = pq.ParquetWriter(self.path, self.schema, filesystem=self.filesystem, use_dictionary=texts,
                                           compression="zstd", compression_level=1)
        if self.held:
            self.writer.write_table(pa.concat_tables(self.held), row_group_size=max(self.rows, 1))
        self.held, self.rows = [], 0

    def close(self):
        self.flush()
        self.writer.close()


class _Attempt:
    """One process's go at a unit."""

    def __init__(self, job, unit):
        self.job, self.unit, self.stage = job, unit, stage_of(job)
        self.filesystem, root = open_folder(job["output"])
        self.aside = posixpath.join(root, "_temporary", f"{unit['name']}-{uuid.uuid4().hex}")
        self.kept = []  # the folders that this attempt has a file for

    def run(self, batch_rows, threads):
        self.filesystem.create_dir(self.aside, recursive=True)
        try:
            try:
                self._work(batch_rows, threads)
            except _Unreadable as error:
                self._refuse(error)
            self._commit()
        finally:
            self._clear()

    def _writer(self, folder, schema):
        return _Writer(self.filesystem, posixpath.join(self.aside, folder), schema)

    def _results(self):
        self.results = self._writer(self.job["what"], self.stage.schema)
        self.status = self._writer("status", STATUS)
        self.faulty = []  # tables of what goes to quarantine
        self.counts = {"ok": 0, "quarantined": 0, "readings": 0}

    def _work(self, batch_rows, threads):
        self._results()
        for read in _reads(self.job, self.unit, batch_rows):
            for begin in range(0, len(read.block.ids), batch_rows):
                self._take(read.block.part(begin, min(begin + batch_rows, len(read.block.ids))), threads)
            self._aside(read.bad, read.rows)
        self._close()

    def _take(self, block, threads):
        columns = self.stage.columns(block, self.job["cadence"], threads)
        self.results.add(pa.Table.from_arrays(columns, schema=self.stage.schema))
        count = len(block.ids)
        path = None if self.unit["pieces"] else self.unit["files"][0][0]
        self.status.add(pa.table([block.ids, ["ok"] * count, [None] * count, [path] * count, [None] * count,
                                  [self.unit["name"]] * count], schema=STATUS))
        self.counts["ok"] += count
        self.counts["readings"] += len(block.values)

    def _aside(self, bad, rows):
        if bad:
            self.faulty.append(rows)
            self.status.add(pa.table([[each.id for each in bad], ["quarantined"] * len(bad),
                                      [each.reason for each in bad], [each.file for each in bad],
                                      [each.row for each in bad], [self.unit["name"]] * len(bad)], schema=STATUS))
            self.counts["quarantined"] += len(bad)

    def _refuse(self, error):
        """The file as a whole; what was done of it is dropped."""
        self.results.close()
        self.status.close()
        self._results()
        bad = [Bad(None, error.path, None, error.reason)]
        self._aside(bad, only_faults(bad))
        self._close()

    def _close(self):
        self.results.close()
        self.status.close()
        self.kept = [self.job["what"], "status"]
        if self.faulty:
            table = pa.concat_tables(self.faulty, promote_options="permissive")
            pq.write_table(table, posixpath.join(self.aside, "quarantine"), filesystem=self.filesystem)
            self.kept.append("quarantine")

    def _commit(self):
        """Moves the results into place. An older manifest goes first, so that none ever speaks for others' results."""
        manifest = {"fingerprint": fingerprint(self.job, self.unit), "unit": self.unit, "settings": self.job["settings"],
                    "version": self.job["version"]} | self.counts
        if finished(self.job, self.unit):  # another attempt was quicker, with the same results
            return
        target = _path(self.job, "manifest", self.unit, ".json")
        self._remove(target)
        for folder in (self.job["what"], "status", "quarantine"):
            self._move(folder, _path(self.job, folder, self.unit))
        with self.filesystem.open_output_stream(posixpath.join(self.aside, "manifest")) as file:
            file.write(json.dumps(manifest, indent=1).encode())
        self.kept.append("manifest")
        self._move("manifest", target)

    def _move(self, name, target):
        if name in self.kept:  # on a disk this is a rename, which replaces what is there
            self.filesystem.move(posixpath.join(self.aside, name), target)
        else:
            self._remove(target)

    def _remove(self, target):
        with contextlib.suppress(FileNotFoundError):  # another attempt may be at it, too
            self.filesystem.delete_file(target)

    def _clear(self):
        with contextlib.suppress(FileNotFoundError):  # the driver clears up behind attempts that nobody waits for
            self.filesystem.delete_dir(self.aside)


def run_unit(job, place):
    """Does a unit, unless it is finished; a row of RESULT."""
    unit = job["units"][place]
    begun, cpu = time.monotonic(), time.process_time()
    manifest = finished(job, unit)
    skipped = manifest is not None
    if not skipped:
        attempt = _Attempt(job, unit)
        attempt.run(job["batch_rows"], job["threads"])
        manifest = attempt.counts
    counts = {name: manifest[name] for name in ("ok", "quarantined", "readings")}
    return {"unit": unit["name"], "skipped": skipped, **counts, "seconds": time.monotonic() - begun,
            "cpu_seconds": time.process_time() - cpu}


def run_units(job, places):
    """Record batches of RESULT, a unit each."""
    for place in places:
        yield pa.RecordBatch.from_pylist([run_unit(job, place)], schema=RESULT)
