"""select_features and extract_relevant_features: tsfresh's functions over the native tests."""
import numpy as np
import pandas as pd

from . import defaults
from .extraction import extract_features
from .imputation import check_for_nans_in_columns, get_ids, impute, restrict_input_to_index
from .relevance import calculate_relevance_table


def select_features(X, y, test_for_binary_target_binary_feature=defaults.TEST_FOR_BINARY_TARGET_BINARY_FEATURE,
                    test_for_binary_target_real_feature=defaults.TEST_FOR_BINARY_TARGET_REAL_FEATURE,
                    test_for_real_target_binary_feature=defaults.TEST_FOR_REAL_TARGET_BINARY_FEATURE,
                    test_for_real_target_real_feature=defaults.TEST_FOR_REAL_TARGET_REAL_FEATURE,
                    fdr_level=defaults.FDR_LEVEL, hypotheses_independent=defaults.HYPOTHESES_INDEPENDENT,
                    n_jobs=defaults.N_PROCESSES, show_warnings=defaults.SHOW_WARNINGS, chunksize=defaults.CHUNKSIZE,
                    ml_task="auto", multiclass=False, n_significant=1):
    """The relevant columns of X, by p-value; see `calculate_relevance_table`.

    Parameters
    ----------
    X : pandas.DataFrame
        n rows x m numeric features without NaN (see `impute`).
    y : pandas.Series or numpy.ndarray
        n targets; a Series has the index of X, an array its order.

    All others are those of `calculate_relevance_table`.

    Returns
    -------
    pandas.DataFrame
        n rows x the relevant features.

    Raises
    ------
    ValueError
        For NaN in X and for indices that differ.
    AssertionError
        For other types, lengths that differ and a target of one value.
    """
    assert isinstance(X, pd.DataFrame), "Please pass features in X as pandas.DataFrame."
    check_for_nans_in_columns(X)
    assert isinstance(y, (pd.Series, np.ndarray)), (
        "The type of target vector y must be one of: pandas.Series, numpy.ndarray")
    assert len(y) > 1, "y must contain at least two samples."
    assert len(X) == len(y), "X and y must contain the same number of samples."
    assert len(set(y)) > 1, "Feature selection is only possible if more than 1 label/class is provided"
    if isinstance(y, np.ndarray):
        y = pd.Series(y, index=X.index)
    elif set(X.index) != set(y.index):
        raise ValueError("Index of X and y must be identical if provided")
    table = calculate_relevance_table(
        X, y, ml_task=ml_task, multiclass=multiclass, n_significant=n_significant, n_jobs=n_jobs,
        show_warnings=show_warnings, test_for_binary_target_real_feature=test_for_binary_target_real_feature,
        fdr_level=fdr_level, hypotheses_independent=hypotheses_independent)
    return X.loc[:, table.index[table["relevant"].astype(bool)]]


def extract_relevant_features(timeseries_container, y, X=None, default_fc_parameters=None, kind_to_fc_parameters=None,
                              column_id=None, column_sort=None, column_kind=None, column_value=None,
                              show_warnings=defaults.SHOW_WARNINGS, disable_progressbar=defaults.DISABLE_PROGRESSBAR,
                              profile=defaults.PROFILING, profiling_filename=defaults.PROFILING_FILENAME,
                              profiling_sorting=defaults.PROFILING_SORTING,
                              test_for_binary_target_binary_feature=defaults.TEST_FOR_BINARY_TARGET_BINARY_FEATURE,
                              test_for_binary_target_real_feature=defaults.TEST_FOR_BINARY_TARGET_REAL_FEATURE,
                              test_for_real_target_binary_feature=defaults.TEST_FOR_REAL_TARGET_BINARY_FEATURE,
                              test_for_real_target_real_feature=defaults.TEST_FOR_REAL_TARGET_REAL_FEATURE,
                              fdr_level=defaults.FDR_LEVEL, hypotheses_independent=defaults.HYPOTHESES_INDEPENDENT,
                              n_jobs=defaults.N_PROCESSES, distributor=None, chunksize=defaults.CHUNKSIZE,
                              ml_task="auto"):
    """extract_features, impute, select_features in one call.

    Parameters
    ----------
    y : pandas.Series
        A target for every id of the container, the ids as its index.
    X : pandas.DataFrame, optional
        Features of one's own, ids as the index: only these ids are extracted, and the relevant features are joined to it.

    All others are those of `extract_features` and `select_features`.

    Returns
    -------
    pandas.DataFrame
        ids x relevant features, after those of X.

    Raises
    ------
    ValueError
        For ids without a target, targets without an id, and as `extract_features` does.
    AssertionError
        For a y that is no Series, and a target of one value.
    """
    assert isinstance(y, pd.Series), f"y needs to be a pandas.Series, received type: {type(y)}."
    assert len(set(y)) > 1, "Feature selection is only possible if more than 1 label/class is provided"
    if X is not None:
        timeseries_container = restrict_input_to_index(timeseries_container, column_id, X.index)
    ids, labelled = get_ids(timeseries_container, column_id), set(y.index)
    if ids - labelled:
        raise ValueError(f"The following ids are in the time series container but are missing in y: {ids - labelled}")
    if labelled - ids:
        raise ValueError(f"The following ids are in y but are missing inside the time series container: {labelled - ids}")
    features = extract_features(
        timeseries_container, default_fc_parameters=default_fc_parameters, kind_to_fc_parameters=kind_to_fc_parameters,
        column_id=column_id, column_sort=column_sort, column_kind=column_kind, column_value=column_value,
        chunksize=chunksize, n_jobs=n_jobs, show_warnings=show_warnings, disable_progressbar=disable_progressbar,
        impute_function=impute, profile=profile, profiling_filename=profiling_filename,
        profiling_sorting=profiling_sorting, distributor=distributor)
    relevant = select_features(
        features, y, test_for_binary_target_real_feature=test_for_binary_target_real_feature, fdr_level=fdr_level,
        hypotheses_independent=hypotheses_independent, n_jobs=n_jobs, show_warnings=show_warnings, ml_task=ml_task)
    return relevant if X is None else pd.merge(X, relevant, left_index=True, right_index=True, how="left")
