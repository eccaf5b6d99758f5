"""Which features say something about a target, with the false discovery rate under control (Christ, Kempa-Liehr and
Feindt 2016): tsfresh's relevance table, with tests computed natively."""
import warnings
from functools import reduce

import numpy as np
import pandas as pd

from . import _native, defaults
from .imputation import check_for_nans_in_columns
from .progress import bar, threads_of

LARGEST = np.finfo(float).max


def calculate_relevance_table(X, y, ml_task="auto", multiclass=False, n_significant=1, n_jobs=defaults.N_PROCESSES,
                              show_warnings=defaults.SHOW_WARNINGS, chunksize=defaults.CHUNKSIZE,
                              test_for_binary_target_binary_feature=defaults.TEST_FOR_BINARY_TARGET_BINARY_FEATURE,
                              test_for_binary_target_real_feature=defaults.TEST_FOR_BINARY_TARGET_REAL_FEATURE,
                              test_for_real_target_binary_feature=defaults.TEST_FOR_REAL_TARGET_BINARY_FEATURE,
                              test_for_real_target_real_feature=defaults.TEST_FOR_REAL_TARGET_REAL_FEATURE,
                              fdr_level=defaults.FDR_LEVEL, hypotheses_independent=defaults.HYPOTHESES_INDEPENDENT):
    """Tests every feature against the target.

    Parameters
    ----------
    X : pandas.DataFrame
        n rows x m numeric features without NaN.
    y : pandas.Series
        n targets with the index of X: classes, or numbers for a regression.
    ml_task : {"auto", "classification", "regression"}
        "auto": classes where y holds whole numbers, booleans or texts.
    multiclass : bool
        Relevant is what tells at least `n_significant` classes from the others.
    n_significant : int
        Of no effect without `multiclass`.
    n_jobs : int, optional
        Threads, as in `extract_features`. `chunksize` has no effect.
    show_warnings : bool
        Warn of constant features, and where nothing is relevant.
    test_for_binary_target_real_feature : {"mann", "smir"}
        Mann-Whitney or Kolmogorov-Smirnov.
    test_for_binary_target_binary_feature, test_for_real_target_binary_feature, test_for_real_target_real_feature
        There is one test each, as in tsfresh: Fisher, Kolmogorov-Smirnov and Kendall.
    fdr_level : float
        Expected share of irrelevant features among those found, 0 to 1.
    hypotheses_independent : bool
        True: Benjamini-Hochberg, False: Benjamini-Yekutieli.

    Returns
    -------
    pandas.DataFrame
        Index: the features, by p-value, constant ones last. Columns: feature, type ("real", "binary", "constant"),
        p_value, relevant; with `multiclass` p_value_<class> and relevant_<class> of each class, and n_significant.

    Raises
    ------
    ValueError
        For NaN in X, and an `ml_task` or test that there is not.
    AssertionError
        For indices that differ, and a `multiclass` that does not fit the target.
    """
    check_for_nans_in_columns(X)
    y, X = y.sort_index(), X.sort_index()
    assert list(y.index) == list(X.index), "The index of X and y need to be the same"
    if ml_task not in ("auto", "classification", "regression"):
        raise ValueError("ml_task must be one of: 'auto', 'classification', 'regression'")
    ml_task = infer_ml_task(y) if ml_task == "auto" else ml_task
    if multiclass:
        assert ml_task == "classification", "ml_task must be classification for multiclass problem"
        assert len(y.unique()) >= n_significant, "n_significant must not exceed the total number of classes"
        if len(y.unique()) <= 2:
            warnings.warn("Two or fewer classes, binary feature selection will be used (multiclass = False)")
            multiclass = False
    options = {"fdr_level": fdr_level, "independent": hypotheses_independent, "threads": threads_of(n_jobs),
               "kolmogorov_smirnov": _is_smir(test_for_binary_target_real_feature)}
    with warnings.catch_warnings():
        warnings.simplefilter("default" if show_warnings else "ignore")
        return _table(X, y, ml_task, multiclass, n_significant, options)


def _table(X, y, ml_task, multiclass, n_significant, options):
    types = pd.Series([get_feature_type(X[name]) for name in X.columns], index=X.columns, dtype=object)
    constant = _constant_part(types[types == "constant"])
    if len(constant):
        warnings.warn(f"[test_feature_significance] Constant features: {', '.join(map(str, constant.feature))}",
                      RuntimeWarning)
    if len(constant) == len(types):
        return constant
    # Real features before binary ones, each in their order, as tsfresh sorts them by p-value.
    tested = X.loc[:, list(types.index[types == "real"]) + list(types.index[types == "binary"])]
    if ml_task == "regression":
        table = _tested_part(tested, y.to_numpy(dtype=float), False, options)
    else:
        labels = list(y.unique())
        tables = [_tested_part(tested, (y == label).to_numpy(dtype=float), True, options) for label in labels]
        table = _multiclass(tables, labels, n_significant) if multiclass else combine_relevance_tables(tables)
    if multiclass:
        for label in labels:
            constant[f"relevant_{label}"] = False
        constant["n_significant"] = 0
        constant = constant.drop(columns="p_value")
    table = pd.concat([table, constant]) if len(constant) else table
    if not table["relevant"].any():
        warnings.warn(f"No feature was found relevant for {ml_task} for fdr level = {options['fdr_level']} (which "
                      "corresponds to the maximal percentage of irrelevant features, consider using an higher fdr level "
                      "or add other features.", RuntimeWarning)
    return table


def _constant_part(types):
    return pd.DataFrame({"feature": types.index, "type": types.to_numpy(), "p_value": np.nan, "relevant": False},
                        index=pd.Index(types.index, name="feature"))


def _tested_part(X, target, classification, options):
    rows = _native.relevance(_ranked(X), [str(name) for name in X.columns], np.ascontiguousarray(target), classification,
                             report=bar("Feature selection", "features", False), **options)
    table = pd.DataFrame(rows, columns=["type", "p_value", "relevant"], index=pd.Index(X.columns, name="feature"))
    table.insert(0, "feature", table.index)
    return table.sort_values("p_value")


def _ranked(X):
    """The matrix with infinities at the ends of the numbers: all tests look at order alone."""
    values = np.ascontiguousarray(X.to_numpy(dtype=float))
    if np.isinf(values).any():
        values = np.clip(values, -LARGEST, LARGEST)
    return values


def _multiclass(tables, labels, n_significant):
    named = [table.reset_index(drop=True).rename(
        columns={"p_value": f"p_value_{label}", "relevant": f"relevant_{label}"}) for table, label in zip(tables, labels)]
    table = reduce(lambda left, right: left.merge(right, on=["feature", "type"], how="outer"), named)
    table["n_significant"] = table[[f"relevant_{label}" for label in labels]].sum(axis=1)
    table["relevant"] = table["n_significant"] >= n_significant
    table.index = table["feature"]
    return table


def combine_relevance_tables(relevance_tables):
    """One table of several of the same features: relevant in any, the smallest p-value; in the order of the first."""
    table = relevance_tables[0].copy()
    for other in relevance_tables[1:]:
        other = other.reindex(table.index)
        table["relevant"] |= other["relevant"]
        table["p_value"] = np.minimum(table["p_value"], other["p_value"])
    return table


def get_feature_type(feature_column):
    """"constant", "binary" (two values) or "real"."""
    distinct = len(pd.unique(feature_column))
    return "constant" if distinct == 1 else "binary" if distinct == 2 else "real"


def infer_ml_task(y):
    """"classification" for whole numbers, booleans and texts, otherwise "regression"."""
    whole = pd.api.types.is_integer_dtype(y.dtype) or pd.api.types.is_bool_dtype(y.dtype)
    return "classification" if whole or y.dtype == object or isinstance(y.dtype, pd.StringDtype) else "regression"


def _is_smir(test):
    if test not in ("mann", "smir"):
        raise ValueError("Please use a valid entry for test_for_binary_target_real_feature. Valid entries are 'mann' and "
                         f"'smir'; found {test!r}.")
    return test == "smir"


def p_value(x, y, classification, test="mann"):
    """The p-value of one feature (pandas Series of n numbers) against one target; see `calculate_relevance_table`."""
    rows = _native.relevance(_ranked(x.to_frame()), [str(x.name)], np.ascontiguousarray(y, dtype=float), classification,
                             fdr_level=0.05, independent=False, kolmogorov_smirnov=_is_smir(test), threads=1)
    return rows[0][1]
