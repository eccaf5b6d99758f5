"""Containers of time series as pandas holds them, turned into flat arrays without a Python loop over rows.

The three forms are tsfresh's: a long frame (one row a reading, with a column of kinds), a wide one (a column a kind), and
a dict from kind to frame.
"""
from typing import Any, NamedTuple

import numpy as np
import pandas as pd


class Timeseries(NamedTuple):
    """One series: its id, the kind's name as text, and the readings in time order with the frame's index."""

    id: Any
    kind: str
    data: pd.Series


class Kind:
    """All series of one kind: values (float64, ids one after the other, each in time order) and offsets (int64,
    ids + 1) into them; `times` in seconds since 1970-01-01, or None; `at` gives the frame's row of each value."""

    def __init__(self, name, source, at, offsets, times):
        self.name, self.source, self.at, self.offsets, self.times = str(name), source, at, offsets, times
        self._values = None

    @property
    def values(self):
        if self._values is None:
            numbers = _numbers(self.source)
            self._values = np.ascontiguousarray(numbers if self.at is None else numbers[self.at])
        return self._values

    def series(self, row):
        """The series of one id as a pandas Series."""
        part = slice(self.offsets[row], self.offsets[row + 1])
        return self.source.iloc[part if self.at is None else self.at[part]]


class TsData:
    """Anything that series can be read from."""


class PartitionedTsData(TsData):
    """Series by id and kind; iterating gives them one by one as `Timeseries`, id after id."""

    def __init__(self, df, column_id):
        self.df_id_type = df[column_id].dtype

    def _set(self, ids, kinds):
        levels = len(ids) > 0 and isinstance(ids[0], tuple)  # which pandas makes of a list of tuples
        self.ids = pd.Index(list(ids)) if levels else pd.Index(ids)
        self.kinds = kinds

    def _lengths(self):
        return np.array([np.diff(kind.offsets) for kind in self.kinds]).reshape(len(self.kinds), len(self.ids))

    @property
    def rows(self):
        """The ids as the index of a feature table."""
        return self.ids if isinstance(self.ids, pd.MultiIndex) else self.ids.astype(self.df_id_type)

    @property
    def has_datetime_index(self):
        return all(isinstance(kind.source.index, pd.DatetimeIndex) for kind in self.kinds)

    def present(self):
        """Which series there are: ids x kinds."""
        return (self._lengths() > 0).T

    def __len__(self):
        return int(self.present().sum())

    def __iter__(self):
        present = self.present()
        for row, name in enumerate(self.ids):
            for kind in np.flatnonzero(present[row]):
                yield Timeseries(name, self.kinds[kind].name, self.kinds[kind].series(row))

    def pivot(self, results):
        """A feature table of (id, column, value) triples: ids sorted, columns as they come."""
        columns = {}
        for row, column, value in results:
            columns.setdefault(column, {})[row] = value
        table = pd.DataFrame(columns, dtype=float)
        table.index = table.index.astype(self.df_id_type)
        return table.sort_index()


class WideTsFrameAdapter(PartitionedTsData):
    """A frame in which every column but id and sort is a kind."""

    def __init__(self, df, column_id, column_sort=None, value_columns=None):
        _require(column_id, "column_id")
        _check_nan(df, column_id)
        value_columns = value_columns or value_columns_of(df, column_id, column_sort)
        _check_nan(df, *value_columns)
        check_names(*value_columns)
        if column_sort is not None:
            _check_nan(df, column_sort)
        super().__init__(df, column_id)
        codes, ids = _codes(df[column_id])
        at = _order(codes, df, column_sort)
        offsets, times = _offsets(codes, len(ids)), _times(df, column_sort, at)
        self.value_columns = value_columns
        self._set(ids, [Kind(name, df[name], at, offsets, times) for name in value_columns])

    def __len__(self):
        return len(self.ids) * len(self.kinds)


class LongTsFrameAdapter(PartitionedTsData):
    """A frame with one row a reading, whose kind stands in a column of its own."""

    def __init__(self, df, column_id, column_kind, column_value=None, column_sort=None):
        _require(column_id, "column_id")
        _require(column_kind, "column_kind")
        if column_value is None:
            unused = value_columns_of(df, column_id, column_sort, column_kind)
            if len(unused) != 1:
                raise ValueError("Could not guess the value column, as the number of unused columns is not equal to 1: "
                                 f"found {', '.join(map(str, unused))}. Please hand it to the function as an argument.")
            column_value = unused[0]
        _check_nan(df, column_id, column_kind, column_value)
        if column_sort is not None:
            _check_nan(df, column_sort)
        super().__init__(df, column_id)
        self.column_value = column_value
        id_codes, ids = _codes(df[column_id])
        kind_codes, names = _codes(df[column_kind])
        both = kind_codes * len(ids) + id_codes
        at = _order(both, df, column_sort)
        counts = np.bincount(both, minlength=len(ids) * len(names)).reshape(len(names), len(ids))
        times = _times(df, column_sort, at)
        # As tsfresh meets them: id after id, and in each the kinds in their order.
        met = sorted(range(len(names)), key=lambda kind: (int(np.argmax(counts[kind] > 0)), kind))
        begins = np.concatenate([[0], np.cumsum(counts.sum(axis=1))])
        kinds = []
        for kind in met:
            part = slice(begins[kind], begins[kind + 1])
            source = df[column_value].iloc[part] if at is None else df[column_value]
            kinds.append(Kind(names[kind], source, None if at is None else at[part], _running(counts[kind]),
                              None if times is None else times[part]))
        self._set(ids, kinds)


class TsDictAdapter(PartitionedTsData):
    """A dict from kind to a frame of its readings."""

    def __init__(self, ts_dict, column_id, column_value, column_sort=None):
        check_names(*ts_dict)
        for df in ts_dict.values():
            _check_nan(df, column_id, column_value, *([] if column_sort is None else [column_sort]))
        last = list(ts_dict.values())[-1]
        super().__init__(last, column_id)
        coded = {name: _codes(df[column_id]) for name, df in ts_dict.items()}
        ids = None
        for _, own in coded.values():
            ids = pd.Index(own) if ids is None else ids.union(pd.Index(own))
        kinds = []
        for name, df in ts_dict.items():
            own_codes, own = coded[name]
            codes = ids.get_indexer(pd.Index(own))[own_codes]
            at = _order(codes, df, column_sort)
            kinds.append(Kind(name, df[column_value], at, _offsets(codes, len(ids)), _times(df, column_sort, at)))
        self.column_value = column_value
        self._set(ids, kinds)


class MatrixTsData(PartitionedTsData):
    """Equally long series of one kind, one a row of a float64 array of n x m; `dates` (m, optional) are the columns' times."""

    def __init__(self, matrix, kind, dates=None):
        check_names(kind)
        count, length = matrix.shape
        index = None if dates is None else dates[np.tile(np.arange(length), count)]
        source = pd.Series(matrix.ravel(), index=index, copy=False)
        times = None if dates is None else np.tile(seconds(dates), count)
        self.df_id_type = np.dtype(np.int64)
        self._set(np.arange(count), [Kind(kind, source, None, np.arange(count + 1, dtype=np.int64) * length, times)])


def to_tsdata(df, column_id=None, column_kind=None, column_value=None, column_sort=None):
    """The container as arrays.

    Parameters
    ----------
    df : pandas.DataFrame, polars.DataFrame, pyarrow.Table, dict of such, dask.dataframe.DataFrame, or TsData
        With `column_kind` a long frame, without it a wide one; a dict maps kinds to frames.
    column_id, column_kind, column_value, column_sort : str, optional
        Names of the columns. Without `column_value` a long frame's only other column is taken, and of a wide frame all.

    Raises
    ------
    ValueError
        For a container of another form, a column that is not there or holds NaN, and names that end with "_" or
        contain "__".
    """
    if isinstance(df, TsData):
        return df
    if isinstance(df, dict):
        return TsDictAdapter({kind: frame_of(each) for kind, each in df.items()}, column_id, column_value, column_sort)
    if is_dask(df):
        from .dask_frames import DaskTsAdapter

        return DaskTsAdapter(df, column_id, column_kind, column_value, column_sort)
    df = frame_of(df)
    if column_kind is not None:
        return LongTsFrameAdapter(df, column_id, column_kind, column_value, column_sort)
    return WideTsFrameAdapter(df, column_id, column_sort, None if column_value is None else [column_value])


def is_dask(df):
    return hasattr(df, "map_partitions")


def frame_of(table):
    """A pandas frame over the columns' own memory where the library hands that out."""
    if isinstance(table, pd.DataFrame):
        return table
    if hasattr(table, "__arrow_c_stream__"):
        import pyarrow

        table = table if isinstance(table, pyarrow.Table) else pyarrow.table(table)
        return pd.DataFrame({name: _array(table.column(name)) for name in table.column_names}, copy=False)
    found = "a dask frame, expected its compute()" if is_dask(table) else type(table).__name__
    raise ValueError("df must be a DataFrame or a dict of DataFrames; found " + found)


def series_arrays(df, column_id, column_sort, column_value):
    """(ids, (values, offsets, times)) of readings of one kind, in which NaN is a missing one; times are required."""
    _check_nan(df, column_id, column_sort)
    if column_value not in df.columns:
        raise ValueError(f"Column not found: {column_value}")
    codes, ids = _codes(df[column_id])
    at = _order(codes, df, column_sort)
    dates = df[column_sort].infer_objects()
    if dates.dtype.kind != "M":
        raise TypeError(f"Column must hold dates: {column_sort} holds {dates.dtype}")
    times, values = seconds(dates), _numbers(df[column_value])
    at = slice(None) if at is None else at
    return pd.Index(ids), (np.ascontiguousarray(values[at]), _offsets(codes, len(ids)), np.ascontiguousarray(times[at]))


def matrix_arrays(df):
    """(ids, (values, offsets, times)) of a frame with one row a series, whose columns are dates; NaN is a missing reading."""
    if not df.index.is_unique:
        raise ValueError(f"ids must be unique: found {df.index[df.index.duplicated()][0]!r} twice")
    numbers = [pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind) for kind in df.dtypes]
    if not all(numbers):
        place = numbers.index(False)
        raise TypeError(f"Column must hold numbers: {df.columns[place]} holds {df.dtypes.iloc[place]}")
    by_date = np.argsort(df.columns.to_numpy(), kind="stable")
    count, length = df.shape
    values = np.ascontiguousarray(df.to_numpy(dtype=np.float64)[:, by_date]).ravel()
    times = np.tile(seconds(df.columns)[by_date], count)
    return df.index, (values, np.arange(count + 1, dtype=np.int64) * length, times)


def _array(column):
    import pyarrow

    if pyarrow.types.is_string(column.type) or pyarrow.types.is_large_string(column.type):
        column = column.cast(pyarrow.large_string())
        return pd.Series(column.to_pandas())
    return column.to_pandas() if pyarrow.types.is_dictionary(column.type) else column.to_numpy()


def _require(column, name):
    if column is None:
        raise ValueError(f"A value for {name} needs to be supplied")


def _check_nan(df, *columns):
    for column in columns:
        if column not in df.columns:
            raise ValueError(f"Column not found: {column}")
        if df[column].isnull().any():
            raise ValueError(f"Column must not contain NaN values: {column}")


def check_names(*names):
    for name in names:
        if str(name).endswith("_"):
            raise ValueError(f"Dict keys are not allowed to end with '_': {name}")
        if "__" in str(name):
            raise ValueError(f"Dict keys are not allowed to contain '__': {name}")


def value_columns_of(df, *others):
    columns = [column for column in df.columns if column not in others]
    if not columns:
        raise ValueError("Could not guess the value column! Please hand it to the function as an argument.")
    return columns


def _codes(column):
    """(code of each row, the values of the codes in ascending order); in order of appearance where values have none."""
    codes, values = pd.factorize(column, sort=True)
    return codes.astype(np.int64, copy=False), values


def _sort_keys(column):
    """Numbers that sort as the column does."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufmM":
        return column.to_numpy()
    return pd.factorize(column, sort=True)[0]


def _order(codes, df, column_sort):
    """The rows by code and time, equal times as they stand; None where they lie so already."""
    steps = np.diff(codes)
    if column_sort is None:
        return None if (steps >= 0).all() else np.argsort(codes, kind="stable")
    keys = _sort_keys(df[column_sort])
    if (steps >= 0).all() and ((steps > 0) | (keys[1:] >= keys[:-1])).all():
        return None
    both = _joined(codes, keys)
    if both is None:
        return np.lexsort((keys, codes))
    at = np.argsort(both)  # far quicker than a stable sort, and the same where no two are equal
    return at if (np.diff(both[at]) > 0).all() else np.argsort(both, kind="stable")


def _joined(codes, keys):
    """One number that sorts by code, then key; None where there is no such whole number."""
    if keys.dtype.kind not in "iM" or len(keys) == 0:
        return None
    keys = keys.astype(np.int64)
    low, high = int(keys.min()), int(keys.max())
    if high - low >= 2**63:
        return None
    keys = keys - low
    step = max(int(np.gcd.reduce(keys)), 1)  # days count in microseconds or less
    span = (high - low) // step + 1
    return codes * span + keys // step if span * (int(codes.max()) + 1) < 2**63 else None


def _running(counts):
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _offsets(codes, count):
    return _running(np.bincount(codes, minlength=count))


def seconds(dates):
    """Seconds since 1970-01-01 of dates with or without a zone."""
    dates = pd.DatetimeIndex(dates)
    dates = dates if dates.tz is None else dates.tz_convert("UTC").tz_localize(None)
    return dates.to_numpy("datetime64[ns]").astype(np.int64) / 1e9


def _times(df, column_sort, at):
    if isinstance(df.index, pd.DatetimeIndex):
        at_second = seconds(df.index)
    elif column_sort is not None and isinstance(df[column_sort].dtype, (np.dtype, pd.DatetimeTZDtype)) \
            and df[column_sort].dtype.kind == "M":
        at_second = seconds(df[column_sort])
    else:
        return None
    return np.ascontiguousarray(at_second if at is None else at_second[at])


def _numbers(column):
    """float64 values of a column; its own memory where it holds those."""
    if column.dtype == object:
        column = column.infer_objects()
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        raise TypeError(f"Column must hold numbers: {column.name} holds {column.dtype}")
    return column.to_numpy(dtype=np.float64)
