"""extract_features: tsfresh's function, computed natively."""
import warnings
from functools import partial

import numpy as np
import pandas as pd

from . import _native, defaults
from .dask_frames import DaskTsAdapter
from .data import to_tsdata
from .functions import run_function
from .progress import bar, threads_of
from .settings import ComprehensiveFCParameters, TimeBasedFCParameters, split_settings


def extract_features(timeseries_container, default_fc_parameters=None, kind_to_fc_parameters=None, column_id=None,
                     column_sort=None, column_kind=None, column_value=None, chunksize=defaults.CHUNKSIZE,
                     n_jobs=defaults.N_PROCESSES, show_warnings=defaults.SHOW_WARNINGS,
                     disable_progressbar=defaults.DISABLE_PROGRESSBAR, impute_function=defaults.IMPUTE_FUNCTION,
                     profile=defaults.PROFILING, profiling_filename=defaults.PROFILING_FILENAME,
                     profiling_sorting=defaults.PROFILING_SORTING, distributor=None, pivot=True):
    """Features of every id, as tsfresh's function of this name gives them.

    The interpreter's lock is released while features are computed; Ctrl-C stops after the series in hand.

    Parameters
    ----------
    timeseries_container : pandas.DataFrame, polars.DataFrame, pyarrow.Table, dict of such, or dask.dataframe.DataFrame
        Long (with `column_kind`), wide (a column a kind), or a dict from kind to frame; n rows in all. Values are
        numbers in any unit; features of scale come out in that unit.
    default_fc_parameters : dict, optional
        Calculator to None or a list of parameter dictionaries; `ComprehensiveFCParameters()` when nothing is given.
        Keys may be Python functions; these run in Python.
    kind_to_fc_parameters : dict, optional
        Kind to such a dict, instead of the default for these kinds; without a default only these kinds are computed.
    column_id, column_sort, column_kind, column_value : str
        Names of columns. Readings of an id are taken in the order of `column_sort`, equal ones as they stand.
    n_jobs : int, optional
        Threads; 0 and 1: one, None or negative: all cores the process may use. Values do not depend on it.
    chunksize : int, optional
        Series a piece where a `distributor` is given; of no effect otherwise.
    show_warnings : bool
        Show warnings of Python functions among the calculators.
    disable_progressbar : bool
        No progress on a terminal.
    impute_function : callable, optional
        Called with the table, which it changes in place; `meterhound.impute`, for example.
    profile, profiling_filename, profiling_sorting
        Write a profile of the Python side to a file, sorted by this column of cProfile.
    distributor : object with `map_reduce`, optional
        One of tsfresh's distributors: series are handed to it one by one, which takes longer.
    pivot : bool
        False: a list of (id, column, value) rather than a table; of a dask frame a frame of `column_id`, "variable", "value".

    Returns
    -------
    pandas.DataFrame
        ids x features, float64; index: the ids, sorted, with the type of the id column; columns in the settings' order.
        Of a dask frame a dask frame, whose ids are sorted within partitions.

    Raises
    ------
    ValueError
        For NaN or missing columns, names that end with "_" or contain "__", unknown calculators or parameters, and an
        `impute_function` or `distributor` with a dask frame.
    TypeError
        For values that are not numbers.
    """
    if default_fc_parameters is None:
        default_fc_parameters = ComprehensiveFCParameters() if kind_to_fc_parameters is None else {}
    with warnings.catch_warnings(), _Profile(profile, profiling_filename, profiling_sorting):
        warnings.simplefilter("default" if show_warnings else "ignore")
        data = to_tsdata(timeseries_container, column_id, column_kind, column_value, column_sort)
        if isinstance(data, DaskTsAdapter):
            if impute_function is not None or distributor is not None:
                raise ValueError("found an impute_function or a distributor with a dask frame, whose features are not computed "
                                 "yet; expected neither")
            return _lazily(data, default_fc_parameters, kind_to_fc_parameters, n_jobs, pivot)
        if distributor is not None:
            result = _distribute(data, distributor, chunksize, default_fc_parameters, kind_to_fc_parameters, pivot)
        else:
            report = bar("Feature extraction", "ids", disable_progressbar)
            result = _extract(data, default_fc_parameters, kind_to_fc_parameters, threads_of(n_jobs), report)
            if not pivot:
                result = _triples(data, result)
        if impute_function is not None:
            impute_function(result)
    return result


class _Profile:
    """cProfile around a block, written to a file; nothing when not wanted."""

    def __init__(self, wanted, filename, sorting):
        self.wanted, self.filename, self.sorting = wanted, filename, sorting

    def __enter__(self):
        if self.wanted:
            import cProfile

            self.profile = cProfile.Profile()
            self.profile.enable()

    def __exit__(self, *_):
        if self.wanted:
            import pstats

            self.profile.disable()
            with open(self.filename, "w", encoding="utf-8") as file:
                pstats.Stats(self.profile, stream=file).sort_stats(self.sorting).print_stats()


def _lazily(data, default, by_kind, n_jobs, pivot):
    """A dask frame of features; each partition takes one thread, for dask works on several, unless `n_jobs` says more."""
    settings = default, by_kind, 1 if n_jobs is None else threads_of(n_jobs), None
    if not pivot:
        columns = [(data.column_id, data.id_type), ("variable", object), ("value", float)]
        return data.map(partial(_rows_of_triples, settings=settings, columns=[name for name, _ in columns]), columns)
    example = _extract(data.example(), *settings)
    meta = example.iloc[:0].set_index(pd.Index([], dtype=data.id_type))
    return data.map(partial(_table_with, settings=settings, columns=example.columns), meta)


def _table_with(data, settings, columns):
    return _extract(data, *settings).reindex(columns=columns)


def _rows_of_triples(data, settings, columns):
    return pd.DataFrame(_triples(data, _extract(data, *settings)), columns=columns).astype({"value": float})


class _Plan:
    """What to compute for each kind, natively and in Python."""

    def __init__(self, data, default, by_kind):
        by_kind = {str(kind): settings for kind, settings in (by_kind or {}).items()}
        timewise = () if data.has_datetime_index else set(TimeBasedFCParameters())
        self.orders, self.functions, native = [], [], {}
        for kind in data.kinds:
            settings = by_kind.get(kind.name, default)
            own, functions = split_settings(settings)
            for name in timewise & own.keys() if timewise else ():
                warnings.warn(f"{name} requires the data to have a DatetimeIndex. Results will not be calculated")
                del own[name]
            native[kind.name] = own
            self.functions.append(functions)
            self.orders.append([key if callable(key) else str(key) for key in settings or {}])
        self.extractor = _native.Extractor({"kinds": native, "default": {}}, [kind.name for kind in data.kinds])


def _extract(data, default, by_kind, threads, report):
    if not data.kinds:
        return pd.DataFrame(index=data.rows, dtype=float)
    plan = _Plan(data, default, by_kind)
    columns = plan.extractor.columns
    try:
        values = plan.extractor.extract([(kind.values, kind.offsets, kind.times) for kind in data.kinds], threads, report)
    finally:
        if report is not None:
            report.close()
    table = pd.DataFrame(values, index=data.rows, columns=columns, copy=False)
    if any(plan.functions):
        table = _with_functions(table, data, plan)
    return table


def _with_functions(table, data, plan):
    """The table with the columns of Python functions, each where its settings have it."""
    origins = plan.extractor.origins
    parts = []
    for place, kind in enumerate(data.kinds):
        for key in plan.orders[place]:
            if callable(key):
                parts.append(_function_columns(data, kind, key, plan.functions[place][key]))
            else:
                parts.append(table.iloc[:, [i for i, origin in enumerate(origins) if origin == (place, key)]])
    return pd.concat(parts, axis=1) if parts else table


def _function_columns(data, kind, function, grid):
    rows = []
    for row in range(len(data.ids)):
        series = kind.series(row)
        rows.append({f"{kind.name}__{function.__name__}{suffix}": value
                     for suffix, value in run_function(function, grid, series)} if len(series) else {})
    return pd.DataFrame(rows, index=data.rows, dtype=float)


def _triples(data, table):
    """(id, column, value) of every series there is, id after id."""
    kinds = {kind.name: place for place, kind in enumerate(data.kinds)}
    names = sorted(kinds, key=len, reverse=True)
    place = np.array([kinds[next(name for name in names if column.startswith(name + "__"))] for column in table.columns],
                     dtype=int)
    present = data.present()
    columns, values = table.columns.to_numpy(), table.to_numpy()
    triples = []
    for row, name in enumerate(data.ids):
        kept = np.flatnonzero(present[row][place])
        triples.extend(zip([name] * len(kept), columns[kept], values[row, kept].tolist()))
    return triples


def extract_chunk(series, default_fc_parameters, kind_to_fc_parameters):
    """Features of one `Timeseries` as (id, column, value) triples: what a distributor runs."""
    frame = pd.DataFrame({"id": 0, "value": series.data.to_numpy()}, index=series.data.index)
    data = to_tsdata({series.kind: frame}, column_id="id", column_value="value")
    table = _extract(data, default_fc_parameters, kind_to_fc_parameters, 1, None)
    return [(series.id, column, value) for column, value in zip(table.columns, table.to_numpy()[0])]


def _distribute(data, distributor, chunksize, default, by_kind, pivot):
    if not callable(getattr(distributor, "map_reduce", None)):
        raise ValueError("the passed distributor is not an DistributorBaseClass object")
    result = distributor.map_reduce(extract_chunk, data=data, chunk_size=chunksize, function_kwargs={
        "default_fc_parameters": default, "kind_to_fc_parameters": by_kind})
    distributor.close()
    return data.pivot(result) if pivot else result
