"""Series in Parquet files as flat arrays, checked row by row: what is good goes on, what is not is named with its reason.

The forms are those of docs/formats.md but for the wide one: lists (a row a consumer) and long (a row a reading, of one
kind). Unlike the program, which refuses a file at its first fault, this sets faulty rows aside.
"""
import re
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from . import _native

ID_NAMES = ("cons_no", "id", "consumer_id", "customer_id", "client_id", "meter_id", "consumer", "meter", "user_id")
TIME_NAMES = ("time", "timestamp", "datetime", "date")
VALUE_NAMES = ("value", "kwh", "reading", "consumption", "energy")
KIND_NAMES = ("kind", "variable")
DAY = 86400.0
STEPS = {"daily": DAY, "half_hourly": DAY / 48, "quarter_hourly": DAY / 96, "hourly": DAY / 24, "weekly": 7 * DAY,
         "monthly": None}
TICKS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
FAULTS = pa.schema([("fault_id", pa.string()), ("fault_file", pa.string()), ("fault_row", pa.int64()),
                    ("fault_reason", pa.string())])
NO_TIME = "found no time, or one that is not finite, expected one for every reading"
NO_ID = "found no id, expected the consumer's id"
LIST_KIND = "value"  # what the program calls the series of lists


class BadFile(ValueError):
    """A file that cannot be taken as a whole."""


class Form(NamedTuple):
    """Which columns say what; the same for all files of a job."""

    layout: str  # "list" or "long"
    id: str
    value: str
    time: str | None  # lists: of lists of times
    start: str | None
    cadence: str | None
    kind: str  # the series' name

    @property
    def columns(self):
        return [name for name in (self.id, self.value, self.time, self.start, self.cadence) if name is not None]


class Bad(NamedTuple):
    """What was set aside: a consumer's row, or a file (`id` and `row` None). Rows count from 1."""

    id: str | None
    file: str | None
    row: int | None
    reason: str


class Block(NamedTuple):
    """Good consumers: row i's values lie at offsets[i] to offsets[i + 1]; NaN is a missing reading."""

    ids: list
    values: Any
    offsets: Any
    times: Any  # seconds since 1970-01-01, or the file's own numbers

    def part(self, begin, end):
        first, last = self.offsets[begin], self.offsets[end]
        return Block(self.ids[begin:end], self.values[first:last], self.offsets[begin:end + 1] - first,
                     self.times[first:last])


class Read(NamedTuple):
    """A piece of what was read: good consumers, bad ones, and the bad ones' rows as they came (None: none)."""

    block: Block
    bad: list
    rows: Any


def find_column(names, wanted, known):
    """The column called `wanted`, or the first of the known names that there is, without regard to case; or None."""
    lower = {name.strip().lower(): name for name in reversed(names)}
    if wanted is not None:
        return lower.get(wanted.lower())
    return next((lower[name] for name in known if name in lower), None)


def _is_list(kind):
    return pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)


def is_number(kind):
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind)


def _is_text(kind):
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _is_time(kind):
    return pa.types.is_timestamp(kind) or pa.types.is_date(kind)


def _expect(schema, name, holds, expected):
    found = schema.field(name).type
    if not holds(found):
        raise BadFile(f"column {name}: found {found}, expected {expected}")


def find_form(schema, id_column=None, time_column=None, value_column=None):
    """The form of a file by its columns' names and types.

    Raises
    ------
    BadFile
        Where columns are missing or hold something else.
    """
    names = schema.names
    ids = find_column(names, id_column, ID_NAMES)
    if ids is None:
        raise BadFile(f"found no column {id_column or 'id'!r} for the consumer's id among {', '.join(names[:8])}")
    _expect(schema, ids, lambda kind: _is_text(kind) or pa.types.is_integer(kind), "ids as strings or integers")
    values = find_column(names, value_column, ("values",))
    if values is not None and _is_list(schema.field(values).type):
        return _list_form(schema, ids, values, time_column)
    value, time = find_column(names, value_column, VALUE_NAMES), find_column(names, time_column, TIME_NAMES)
    if value is None or time is None:
        raise BadFile(f"found the columns {', '.join(names[:8])}, expected id and lists called values with times, or "
                      "with start and cadence, or the columns id, time and value")
    kind = find_column(names, None, KIND_NAMES)
    if kind is not None:
        raise BadFile(f"found a column of kinds, {kind!r}, expected readings of one kind, which meterhound.spark.compact "
                      "picks")
    _expect(schema, value, is_number, "numbers")
    _expect(schema, time, lambda each: _is_time(each) or is_number(each) or _is_text(each),
            "timestamps, dates or numbers")
    return Form("long", ids, value, time, None, None, value.strip())


def _list_form(schema, ids, values, time_column):
    _expect(schema, values, lambda kind: is_number(kind.value_type), "lists of numbers")
    times = find_column(schema.names, time_column, ("times",))
    start, cadence = find_column(schema.names, None, ("start",)), find_column(schema.names, None, ("cadence",))
    if times is not None and start is not None:
        raise BadFile("found both lists of times and starts, expected one of them")
    if times is not None:
        _expect(schema, times, lambda kind: _is_list(kind) and (_is_time(kind.value_type) or is_number(kind.value_type)),
                "lists of timestamps, dates or numbers")
        return Form("list", ids, values, times, None, None, LIST_KIND)
    if start is None or cadence is None:
        raise BadFile("found lists of readings without their times, expected a column times, or start and cadence")
    _expect(schema, cadence, _is_text, "a cadence as text")
    _expect(schema, start, lambda kind: _is_time(kind) or _is_text(kind), "the dates of first readings")
    return Form("list", ids, values, None, start, cadence, LIST_KIND)


def _one(column):
    """One array of a column in chunks, dictionaries undone."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # of no chunks
        array = pa.array([], type=array.type)
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _texts(column):
    """Strings without blanks at their ends; null where there is none."""
    array = pc.utf8_trim_whitespace(pc.cast(_one(column), pa.large_string()))
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.large_string()), array)


def _numbers(array):
    """float64, NaN where null."""
    return pc.fill_null(pc.cast(array, pa.float64(), safe=False), np.nan).to_numpy(zero_copy_only=False)


def offset_of(zone):
    """Seconds of a zone from UTC; None for a zone with a name."""
    if zone is None or zone in ("", "UTC", "Z", "Etc/UTC"):
        return 0.0
    found = re.fullmatch(r"([+-])(\d\d):?(\d\d)", zone)
    return (1 if found[1] == "+" else -1) * (int(found[2]) * 3600.0 + int(found[3]) * 60.0) if found else None


def _seconds(array, name):
    """Times as the program counts them, NaN where there is none."""
    kind = array.type
    if _is_text(kind):
        try:
            array = pc.cast(array, pa.timestamp("us"))
        except pa.ArrowInvalid as error:
            raise BadFile(f"column {name}: found a text that is no date such as 2014-01-31 or 2014-01-31T12:30 "
                          f"({error})") from None
        kind = array.type
    if not _is_time(kind):
        return _numbers(array)
    offset = offset_of(getattr(kind, "tz", None))
    if offset is None:
        raise BadFile(f"column {name}: found times in the zone {kind.tz!r}, expected local times without a zone, UTC, or "
                      "an offset such as +08:00")
    ticks = {pa.date32(): 1, pa.date64(): 1000}.get(kind) or TICKS[kind.unit]
    whole = pc.cast(array, pa.int32() if kind == pa.date32() else pa.int64())
    seconds = pc.fill_null(whole, 0).to_numpy(zero_copy_only=False).astype(np.float64)
    seconds = seconds * DAY if kind == pa.date32() else seconds / ticks + offset
    if array.null_count:
        seconds = np.where(pc.is_null(array).to_numpy(zero_copy_only=False), np.nan, seconds)
    return seconds


def _flat(column):
    """(items of all lists, lengths); an empty list where null."""
    array = _one(column)
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return _one(array.flatten()), lengths


def _running(lengths):
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


class _Marks:
    """The first reason against each row."""

    def __init__(self, count):
        self.reasons = [None] * count

    def add(self, rows, reason):
        for row in np.unique(rows):
            if self.reasons[row] is None:
                self.reasons[row] = reason(int(row)) if callable(reason) else reason

    def good(self):
        return np.array([reason is None for reason in self.reasons], dtype=bool)

    def bad(self):
        return [row for row, reason in enumerate(self.reasons) if reason is not None]


def _when(seconds, calendar):
    if not calendar:
        return repr(float(seconds))
    return str(np.datetime64(int(seconds), "s"))


def _second(seconds, calendar):
    return f"found a second reading at {_when(seconds, calendar)}, expected one"


def _first_of_each(row_of, items):
    """{row: the first of these items in it}"""
    rows, first = np.unique(row_of[items], return_index=True)
    return dict(zip(rows.tolist(), items[first].tolist()))


def _even_times(starts, lengths, cadence):
    """Times of every reading from its series' start on."""
    offsets = _running(lengths)
    count = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    if cadence != "monthly":
        return np.repeat(starts, lengths) + count * STEPS[cadence]
    months = np.where(np.isnan(starts), 0, starts).astype("datetime64[s]").astype("datetime64[M]")
    return (np.repeat(months, lengths) + count).astype("datetime64[s]").astype(np.float64)


def _start_times(batch, form, cadence, lengths, marks):
    starts = _seconds(_one(batch.column(form.start)), form.start)
    marks.add(np.flatnonzero(np.isnan(starts)), "found no start, expected the date of the first reading")
    names = _texts(batch.column(form.cadence)).to_pylist()
    other = [row for row, name in enumerate(names) if name != cadence]
    marks.add(other, lambda row: f"found the cadence {names[row]!r}, expected {cadence!r}: one job, one cadence")
    if cadence == "monthly":
        first = starts.astype("datetime64[s]").astype("datetime64[M]").astype("datetime64[s]").astype(np.float64)
        marks.add(np.flatnonzero(~np.isnan(starts) & (starts != first)),
                  "found a start within a month, expected its first day")
    return _even_times(starts, lengths, cadence)


def _own_times(batch, form, lengths, marks):
    """The lists' own times; where a row has another number of them than of readings, it is marked and gets stand-ins."""
    items, counts = _flat(batch.column(form.time))
    times = _seconds(items, form.time)
    calendar = _is_time(items.type)
    marks.add(np.flatnonzero(counts != lengths),
              lambda row: f"found {counts[row]} times for {lengths[row]} readings, expected as many")
    if (counts != lengths).any():
        parts, offsets = [], _running(counts)
        for row, length in enumerate(lengths):
            own = times[offsets[row]:offsets[row + 1]]
            parts.append(own if len(own) == length else np.arange(length, dtype=float))
        times = np.concatenate(parts) if parts else times
    row_of = np.repeat(np.arange(len(lengths)), lengths)
    begins = _running(lengths)
    marks.add(row_of[~np.isfinite(times)], NO_TIME)
    within = row_of[1:] == row_of[:-1]
    falls = _first_of_each(row_of, np.flatnonzero(within & (times[1:] < times[:-1])) + 1)
    marks.add(list(falls), lambda row: f"found the time {_when(times[falls[row]], calendar)} after a later one (item "
                                       f"{falls[row] - begins[row] + 1} of the list), expected times in order")
    twice = _first_of_each(row_of, np.flatnonzero(within & (times[1:] == times[:-1])) + 1)
    marks.add(list(twice), lambda row: _second(times[twice[row]], calendar))
    return times


def _list_batch(batch, form, cadence, repeated, file, first_row):
    """One batch of rows of lists."""
    ids = _texts(batch.column(form.id)).to_pylist()
    marks = _Marks(len(ids))
    marks.add([row for row, each in enumerate(ids) if each is None], NO_ID)
    marks.add([row for row, each in enumerate(ids) if each in repeated],
              lambda row: f"found id {ids[row]!r} {repeated[ids[row]]} times, expected one row a consumer")
    items, lengths = _flat(batch.column(form.value))
    values = _numbers(items)
    marks.add(np.flatnonzero(lengths == 0), "holds no readings, only an empty list")
    if form.time is None:
        times = _start_times(batch, form, cadence, lengths, marks)
    else:
        times = _own_times(batch, form, lengths, marks)
    offsets = _running(lengths)
    infinite = np.flatnonzero(np.isinf(values))
    rows, first = np.unique(np.searchsorted(offsets, infinite, "right") - 1, return_index=True)
    at = dict(zip(rows.tolist(), infinite[first].tolist()))
    marks.add(rows, lambda row: f"found {values[at[row]]} (item {at[row] - offsets[row] + 1} of the list), expected a "
                                "finite number or nothing")
    good, bad = marks.good(), marks.bad()
    if not bad:
        return Read(Block(ids, values, offsets, times), [], None)
    kept = np.repeat(good, lengths)
    block = Block([each for each, keep in zip(ids, good) if keep], values[kept], _running(lengths[good]), times[kept])
    faults = [Bad(ids[row], file, first_row + row + 1, marks.reasons[row]) for row in bad]
    return Read(block, faults, _as_it_came(batch.take(pa.array(bad, pa.int64())), faults))


def only_faults(faults):
    """A table of what is wrong, where no row can be shown."""
    return pa.table([[fault.id for fault in faults], [fault.file for fault in faults], [fault.row for fault in faults],
                     [fault.reason for fault in faults]], schema=FAULTS)


def _as_it_came(rows, faults):
    """The bad rows with what is wrong with them."""
    table = pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows
    for field, column in zip(FAULTS, only_faults(faults)):
        table = table.append_column(field, column)
    return table


def _repeated_ids(parquet, form):
    counts = pc.value_counts(_texts(parquet.read(columns=[form.id], use_threads=False).column(0)))
    many = counts.filter(pc.greater(counts.field("counts"), 1))
    found = zip(many.field("values").to_pylist(), many.field("counts").to_pylist())
    return {text: count for text, count in found if text is not None}


def open_parquet(filesystem, path):
    return pq.ParquetFile(filesystem.open_input_file(path))


def _same_form(parquet, form, names):
    found = find_form(parquet.schema_arrow, **names)
    if found != form:
        raise BadFile(f"found {found.layout} readings in the columns {', '.join(found.columns)}, expected, as in the job's "
                      f"first file, {form.layout} ones in {', '.join(form.columns)}")


def read_lists(filesystem, path, name, form, names, cadence, batch_rows):
    """The `Read`s of a file of lists, a batch of rows at a time; memory depends on the batch. `name` is the file's in
    faults, `names` are the arguments of `find_form`."""
    parquet = open_parquet(filesystem, path)
    _same_form(parquet, form, names)
    repeated = _repeated_ids(parquet, form)
    row = 0
    for batch in parquet.iter_batches(batch_size=batch_rows, columns=form.columns, use_threads=False):
        yield _list_batch(batch, form, cadence, repeated, name, row)
        row += batch.num_rows


def _joined(ids, codes, times, values, calendar):
    """Readings by consumer and time: (the block, {position of an id: what is wrong})."""
    if len(codes) and not ((codes[1:] > codes[:-1]) | ((codes[1:] == codes[:-1]) & (times[1:] >= times[:-1]))).all():
        order = np.lexsort((times, codes))
        codes, times, values = codes[order], times[order], values[order]
    same = np.flatnonzero((codes[1:] == codes[:-1]) & (times[1:] == times[:-1])) + 1
    wrong = {}
    for at in same:
        wrong.setdefault(int(codes[at]), _second(times[at], calendar))
    return Block(ids, values, _running(np.bincount(codes, minlength=len(ids))), times), wrong


def _without(block, wrong):
    """The block without the consumers at these positions."""
    if not wrong:
        return block
    good = np.array([place not in wrong for place in range(len(block.ids))], dtype=bool)
    lengths = np.diff(block.offsets)
    kept = np.repeat(good, lengths)
    return Block([each for each, keep in zip(block.ids, good) if keep], block.values[kept], _running(lengths[good]),
                 block.times[kept])


def read_long(filesystem, path, name, form, names):
    """One `Read` of a whole file with a row a reading. A faulty reading sets its consumer aside."""
    parquet = open_parquet(filesystem, path)
    _same_form(parquet, form, names)
    table = parquet.read(columns=form.columns, use_threads=False)
    texts = _texts(table.column(form.id))
    times = _seconds(_one(table.column(form.time)), form.time)
    values = _numbers(_one(table.column(form.value)))
    encoded = texts.dictionary_encode()
    ids = encoded.dictionary.to_pylist()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    calendar = not is_number(table.schema.field(form.time).type)

    wrong, row_of = {}, {}
    for at in np.flatnonzero(~np.isfinite(times) | np.isinf(values)):
        whose = int(codes[at])
        if whose >= 0 and whose not in wrong:
            wrong[whose] = f"found {values[at]}, expected a finite number or nothing" if np.isfinite(times[at]) else NO_TIME
            row_of[whose] = int(at) + 1
    nobody = np.flatnonzero(codes < 0)
    usable = (codes >= 0) & np.isfinite(times)
    block, twice = _joined(ids, codes[usable], times[usable], values[usable], calendar)
    wrong = twice | wrong
    bad = [Bad(None, name, int(at) + 1, NO_ID) for at in nobody]
    bad += [Bad(ids[place], name, row_of.get(place), reason) for place, reason in sorted(wrong.items())]
    rows = None
    if bad:
        aside = np.flatnonzero((codes < 0) | np.isin(codes, list(wrong)))
        faults = [Bad(None, name, int(at) + 1, NO_ID) if codes[at] < 0 else
                  Bad(ids[codes[at]], name, int(at) + 1, wrong[int(codes[at])]) for at in aside]
        rows = _as_it_came(table.take(pa.array(aside, pa.int64())), faults)
    return Read(_without(block, wrong), bad, rows)


def join_pieces(reads, calendar):
    """One `Read` of the pieces of series in several files: `reads` are those of one file after the other. A consumer
    of whom one piece is faulty is set aside whole."""
    number, ids, parts, bad, rows, told = {}, [], [], [], [], {}
    for read in reads:
        for each in read.block.ids:
            if each not in number:
                number[each] = len(ids)
                ids.append(each)
        lengths = np.diff(read.block.offsets)
        parts.append((np.repeat(np.array([number[each] for each in read.block.ids], dtype=np.int64), lengths),
                      read.block.times, read.block.values))
        for fault in read.bad:
            if fault.id is None or fault.id not in told:
                bad.append(fault)
            told[fault.id] = fault
        if read.rows is not None:
            rows.append(read.rows)
    codes, times, values = (np.concatenate(part) if parts else np.empty(0) for part in zip(*parts)) if parts else (
        np.empty(0, np.int64), np.empty(0), np.empty(0))
    block, wrong = _joined(ids, codes, times, values, calendar)
    twice = [Bad(ids[place], None, None, reason) for place, reason in sorted(wrong.items()) if ids[place] not in told]
    bad += twice
    rows += [only_faults(twice)] if twice else []
    wrong |= {number[each]: "" for each in told if each in number}
    return Read(_without(block, wrong), bad, pa.concat_tables(rows, promote_options="permissive") if rows else None)


def find_cadence(filesystem, path, form):
    """The cadence of a file: the one it names in its first row, or that of its longest series; "steps" where times are
    plain numbers."""
    parquet = open_parquet(filesystem, path)
    if form.start is not None:
        first = next(parquet.iter_batches(batch_size=1, columns=[form.cadence]), None)
        name = None if first is None else _texts(first.column(0)).to_pylist()[0]
        if name not in STEPS:
            raise BadFile(f"column {form.cadence}: found {name!r}, expected one of {', '.join(STEPS)}")
        return name
    if form.layout == "long":
        if is_number(parquet.schema_arrow.field(form.time).type):
            return "steps"
        read = parquet.read(columns=[form.id, form.time])
        codes = pc.fill_null(_texts(read.column(form.id)).dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
        if not (codes >= 0).any():
            raise BadFile("holds no readings")
        longest = int(np.argmax(np.bincount(codes[codes >= 0])))
        times = _seconds(_one(read.column(form.time)), form.time)[codes == longest]
    else:
        if is_number(parquet.schema_arrow.field(form.time).type.value_type):
            return "steps"
        times = np.empty(0)
        for batch in parquet.iter_batches(batch_size=1024, columns=[form.time]):
            items, lengths = _flat(batch.column(0))
            if len(lengths) and lengths.max() > len(times):
                row, offsets = int(np.argmax(lengths)), _running(lengths)
                times = _seconds(items.slice(offsets[row], lengths[row]), form.time)
    times = np.sort(times[np.isfinite(times)])
    if not len(times):
        raise BadFile("holds no readings")
    return _native.cadence_of(np.ascontiguousarray(times))
