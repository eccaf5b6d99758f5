"""Windows over series, as tsfresh cuts them for forecasting: every window becomes a series with an id of its own.

All windows are cut at once with NumPy; the arguments about processes that tsfresh's functions take have no effect here.
"""
import warnings

import numpy as np
import pandas as pd

from . import defaults
from .data import frame_of


def roll_time_series(df_or_dict, column_id, column_sort=None, column_kind=None, rolling_direction=1, max_timeshift=None,
                     min_timeshift=0, chunksize=defaults.CHUNKSIZE, n_jobs=defaults.N_PROCESSES,
                     show_warnings=defaults.SHOW_WARNINGS, disable_progressbar=defaults.DISABLE_PROGRESSBAR,
                     distributor=None):
    """Every window of every series, ready for `extract_features` with ``column_id="id"``.

    Parameters
    ----------
    df_or_dict : pandas.DataFrame, polars.DataFrame, pyarrow.Table, or dict of such
        n rows in a wide or long form, or a dict from kind to frame; it is left as it is.
    column_id, column_sort, column_kind : str
        Names of columns, as in `extract_features`; without `column_sort` the order of the rows counts.
    rolling_direction : int
        Positive: a window ends at each reading and is named after the last one. Negative: it begins there and is named after
        the first. Its size is the number of readings from one window to the next.
    max_timeshift : int, optional
        A window holds this many readings and one more, at most; None: all since the series' begin (or to its end).
    min_timeshift : int
        Windows with this many readings or fewer are left out.
    chunksize, n_jobs, show_warnings, disable_progressbar, distributor
        As in tsfresh; without effect.

    Returns
    -------
    pandas.DataFrame or dict of such
        The rows of all windows, in order of the new ids and of time: the frame's other columns, then those of kind and id,
        and "id" with tuples of the series' id and the window's time (its place, counted from 0, without `column_sort`). The
        places are in a column "sort" where there is no `column_sort`.

    Raises
    ------
    ValueError
        For a direction of 0, a `max_timeshift` below 1, a `min_timeshift` below 0, NaN in `column_sort`, fewer than two rows,
        and a dict with `column_kind`.
    AttributeError
        For a `column_id` that the frame lacks.

    Warns
    -----
    UserWarning
        Where the times of the readings are unevenly spaced.
    """
    if rolling_direction == 0:
        raise ValueError("Rolling direction of 0 is not possible")
    if max_timeshift is not None and max_timeshift <= 0:
        raise ValueError("max_timeshift needs to be positive!")
    if min_timeshift < 0:
        raise ValueError("min_timeshift needs to be positive or zero!")
    if isinstance(df_or_dict, dict):
        _require_no_kind(column_kind)
        return {kind: roll_time_series(df, column_id, column_sort, None, rolling_direction, max_timeshift, min_timeshift)
                for kind, df in df_or_dict.items()}
    df = frame_of(df_or_dict)
    if len(df) <= 1:
        raise ValueError("Your time series container has zero or one rows!. Can not perform rolling.")
    if column_id is None:
        raise ValueError("You have to set the column_id which contains the ids of the different time series")
    if column_id not in df:
        raise AttributeError("The given column for the id is not present in the data.")
    keys = [column_id] if column_kind is None else [column_kind, column_id]
    if column_sort is None:
        df = df.assign(sort=np.arange(len(df)))
    elif df[column_sort].isnull().any():
        raise ValueError("You have NaN values in your sort column.")
    time = pd.factorize(df[column_sort or "sort"], sort=True)[0]
    series, rows, begins = _grouped(df, keys, time)
    if column_sort is not None:
        _warn_of_uneven_steps(df[column_sort].iloc[rows], series[rows])

    window = _windows(np.diff(begins), rolling_direction, max_timeshift, min_timeshift)
    within = np.arange(window.length.sum()) - np.repeat(np.cumsum(window.length) - window.length, window.length)
    taken = rows[np.repeat(begins[window.series] + window.first, window.length) + within]
    named = rows[begins[window.series] + window.named]  # the reading that gives a window its name
    shift = window.named if column_sort is None else time[named]
    shown = window.named if column_sort is None else df[column_sort].iloc[named]
    names = _tuples(df[column_id].iloc[named], pd.Series(shown))

    rolled = df.iloc[taken].reset_index(drop=True)
    rolled = rolled[[name for name in df.columns if name not in keys] + keys].assign(id=np.repeat(names, window.length))
    ids = pd.factorize(df[column_id], sort=True)[0]
    return rolled.iloc[np.lexsort((time[taken], np.repeat(shift, window.length), ids[taken]))]


def make_forecasting_frame(x, kind, max_timeshift, rolling_direction, min_timeshift=0):
    """For one series the windows of what was known before each reading, and the readings as targets.

    Parameters
    ----------
    x : array-like or pandas.Series
        n readings; a Series brings its index as times.
    kind : str
        What the readings are, for names of features.
    max_timeshift, rolling_direction, min_timeshift
        As in `roll_time_series`.

    Returns
    -------
    (pandas.DataFrame, pandas.Series)
        A long frame with the columns time, value, kind and id (the tuple ``("id", time)``), without the reading to be
        forecast; and this reading for each of the ids, which are the index.
    """
    times = x.index if isinstance(x, pd.Series) else range(len(x))
    frame = pd.DataFrame({"id": ["id"] * len(x), "time": times, "value": x, "kind": kind})
    rolled = roll_time_series(frame, "id", "time", "kind", rolling_direction, max_timeshift, min_timeshift)
    rolled = rolled[rolled["id"].duplicated(keep="last")]
    target = frame["value"].iloc[1:]
    target.index = pd.Index([("id", time) for time in target.index], tupleize_cols=False)
    return rolled, target[target.index.isin(list(rolled["id"].unique()))]


def add_sub_time_series_index(df_or_dict, sub_length, column_id=None, column_sort=None, column_kind=None):
    """Cuts series into pieces of `sub_length` readings; the last one may be shorter.

    Parameters
    ----------
    df_or_dict : pandas.DataFrame, polars.DataFrame, pyarrow.Table, or dict of such
        n rows; it is left as it is.
    sub_length : int
        Readings a piece.
    column_id, column_sort, column_kind : str, optional
        Names of columns, as in `extract_features`; without `column_id` all rows (of a kind) are one series.

    Returns
    -------
    pandas.DataFrame or dict of such
        The rows, in the order of `column_sort` where it is given, with a column "id": the number of the piece, or a tuple of
        it and the series' id.

    Raises
    ------
    ValueError
        For a dict with `column_kind`.
    """
    if isinstance(df_or_dict, dict):
        _require_no_kind(column_kind)
        return {kind: add_sub_time_series_index(df, sub_length, column_id, column_sort) for kind, df in df_or_dict.items()}
    df = frame_of(df_or_dict)
    keys = [name for name in (column_id, column_kind) if name is not None]
    time = np.zeros(len(df), dtype=int) if column_sort is None else pd.factorize(df[column_sort], sort=True)[0]
    _, rows, begins = _grouped(df, keys, time)
    lengths = np.diff(begins)
    pieces = (np.arange(len(rows)) - np.repeat(begins[:-1], lengths)) // sub_length
    names = pieces if column_id is None else _tuples(pd.Series(pieces), df[column_id].iloc[rows])
    cut = df.iloc[rows][[name for name in df.columns if name not in keys] + keys].assign(id=names)
    return cut if column_sort is None else cut.sort_values(column_sort, kind="stable")


def _require_no_kind(column_kind):
    if column_kind is not None:
        raise ValueError("You passed in a dictionary and gave a column name for the kind. Both are not possible.")


def _grouped(df, keys, time):
    """(series of each row, the rows series after series in order of time, where each series begins and the last ends).

    Series are numbered in the order of their keys; rows whose key is NaN belong to none, as in pandas.
    """
    series = df.groupby(keys).ngroup().to_numpy() if keys else np.zeros(len(df), dtype=int)
    rows = np.lexsort((time, series))
    rows = rows[series[rows] >= 0]
    return series, rows, np.concatenate([[0], np.cumsum(np.bincount(series[rows]))])


class _Windows:
    """Of each window: its series, first reading and number of readings, and the reading after which it is named."""

    def __init__(self, series, first, length, named):
        self.series, self.first, self.length, self.named = series, first, length, named


def _windows(lengths, direction, max_timeshift, min_timeshift):
    """All windows of series of these lengths, in the order in which tsfresh meets them: shift after shift."""
    longest = int(lengths.max(initial=0))
    most = (max_timeshift or longest) + 1
    step = abs(direction)
    # tsfresh counts so that the longest series has a window with all of its readings.
    places = np.arange(longest - 1, -1, -step)[::-1] if direction > 0 else np.arange(0, longest, step)
    place, series = (each.ravel() for each in np.meshgrid(places, np.arange(len(lengths)), indexing="ij"))
    inside = place < lengths[series]
    place, series = place[inside], series[inside]
    if direction > 0:
        first = np.maximum(place + 1 - most, 0)
        length = place + 1 - first
    else:
        first = place
        length = np.minimum(most, lengths[series] - place)
    kept = length > min_timeshift
    return _Windows(series[kept], first[kept], length[kept], place[kept])


def _warn_of_uneven_steps(times, series):
    if times.dtype.kind not in "iufmM":
        return
    times = times.to_numpy()
    steps = (times[1:] - times[:-1])[series[1:] == series[:-1]]
    if len(steps) and steps.min() != steps.max():
        warnings.warn("Your time stamps are not uniformly sampled, which makes rolling nonsensical in some domains.")


def _tuples(*columns):
    """An array of tuples of the columns' values, as Python has them."""
    tuples = np.empty(len(columns[0]), dtype=object)
    tuples[:] = list(zip(*(column.astype(object) for column in columns)))
    return tuples
