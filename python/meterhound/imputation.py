"""Replacing what is no number in a feature table, as tsfresh does, in place."""
import warnings

import numpy as np
import pandas as pd


def get_range_values_per_column(df):
    """Largest, smallest and median finite value of every column of the frame `df`, as three dicts from column to value; 0, with
    a RuntimeWarning, where a column has none."""
    values = df.to_numpy(dtype=float)
    finite = np.isfinite(values)
    empty = ~finite.any(axis=0)
    if empty.any():
        warnings.warn(f"The columns {df.columns[empty].values} did not have any finite values. Filling with zeros.",
                      RuntimeWarning)
    masked = np.where(finite, values, np.nan)
    masked[:, empty] = 0
    if len(df) == 0:
        masked = np.zeros((1, len(df.columns)))
    return tuple(dict(zip(df.columns, statistic(masked, axis=0))) for statistic in (np.nanmax, np.nanmin, np.nanmedian))


def impute_dataframe_range(df_impute, col_to_max, col_to_min, col_to_median):
    """Replaces +inf, -inf and NaN by the column's entry in three dicts.

    Parameters
    ----------
    df_impute : pandas.DataFrame
        n x m numbers; it is changed in place, columns without such values as little as possible.
    col_to_max, col_to_min, col_to_median : dict
        Column to what stands for +inf, -inf and NaN, as from `get_range_values_per_column`.

    Returns
    -------
    pandas.DataFrame
        `df_impute`.

    Raises
    ------
    ValueError
        For a column without an entry and for entries that are not finite.
    """
    if len(df_impute) == 0:
        return df_impute
    columns = df_impute.columns
    ranges = (col_to_max, col_to_min, col_to_median)
    if any(not set(columns) <= set(entries) for entries in ranges):
        raise ValueError("Some of the dictionaries col_to_median, col_to_max, col_to_min contains more or less keys "
                         "than the column names in df")
    if any(not np.isfinite(list(entries.values())).all() for entries in ranges):
        raise ValueError("Some of the dictionaries col_to_median, col_to_max, col_to_min contains non finite values "
                         "to replace")
    values = df_impute.to_numpy(dtype=float)
    for place in np.flatnonzero(~np.isfinite(values).all(axis=0)):
        name, column = columns[place], values[:, place].copy()
        column[np.isposinf(column)] = col_to_max[name]
        column[np.isneginf(column)] = col_to_min[name]
        column[np.isnan(column)] = col_to_median[name]
        df_impute.isetitem(place, column)
    return df_impute


def impute(df_impute):
    """Replaces +inf by the column's largest finite value, -inf by its smallest, NaN by its median; a column without any
    becomes 0, with a RuntimeWarning.

    It depends on the rows: to treat new rows as those of a training set, keep the ranges of `get_range_values_per_column` and
    use `impute_dataframe_range`, or `PerColumnImputer`.

    Parameters
    ----------
    df_impute : pandas.DataFrame
        n x m numbers; it is changed in place.

    Returns
    -------
    pandas.DataFrame
        `df_impute`.
    """
    if len(df_impute) == 0:
        return df_impute
    return impute_dataframe_range(df_impute, *get_range_values_per_column(df_impute))


def impute_dataframe_zero(df_impute):
    """Replaces NaN and infinities of the frame `df_impute` by 0, in place. Returns it."""
    zeros = dict.fromkeys(df_impute.columns, 0.0)
    return impute_dataframe_range(df_impute, zeros, zeros, zeros)


def restrict_input_to_index(df_or_dict, column_id, index):
    """The rows of a container `df_or_dict` (a frame, or a dict from kind to frame) whose id, in `column_id`, is in `index`.

    AttributeError when there is none, TypeError for another container.
    """
    if isinstance(df_or_dict, dict):
        return {kind: restrict_input_to_index(df, column_id, index) for kind, df in df_or_dict.items()}
    if not isinstance(df_or_dict, pd.DataFrame):
        raise TypeError("df_or_dict should be of type dict or pandas.DataFrame")
    kept = df_or_dict[column_id].isin(index)
    if not kept.any():
        raise AttributeError("The ids of the time series container and the index of the input data X do not share any "
                             "identifier!")
    return df_or_dict[kept]


def get_ids(df_or_dict, column_id):
    """The set of ids in the column `column_id` of a container `df_or_dict` (a frame, or a dict from kind to frame).

    TypeError for another container.
    """
    if isinstance(df_or_dict, dict):
        return set().union(*(get_ids(df, column_id) for df in df_or_dict.values()))
    if not isinstance(df_or_dict, pd.DataFrame):
        raise TypeError("df_or_dict should be of type dict or pandas.DataFrame")
    return set(df_or_dict[column_id].unique().tolist())


def check_for_nans_in_columns(df, columns=None):
    """ValueError that names those of the `columns` (all where None) of the frame `df` with NaN, if there are any."""
    columns = df.columns if columns is None else [columns] if isinstance(columns, str) else list(columns)
    nan = df.loc[:, columns].isnull().any()
    if nan.any():
        raise ValueError(f"Columns {nan.index[nan].tolist()} of DataFrame must not contain NaN values")
