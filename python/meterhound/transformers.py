"""scikit-learn transformers over extraction and selection, with tsfresh's names and parameters."""
from functools import partial

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError

from . import defaults
from .extraction import extract_features
from .imputation import get_range_values_per_column, impute_dataframe_range, restrict_input_to_index
from .relevance import calculate_relevance_table
from .settings import from_columns

_NO_SERIES = "You have to provide a time series using the set_timeseries_container function before."


class _NotFitted(NotFittedError, RuntimeError):
    """scikit-learn's exception, which tsfresh's users may know as a RuntimeError."""


class FeatureAugmenter(TransformerMixin, BaseEstimator):
    """Adds to X the features of the series whose ids are its index.

    Parameters are those of `extract_features`; `timeseries_container` may be set later by `set_timeseries_container`.
    """

    def __init__(self, default_fc_parameters=None, kind_to_fc_parameters=None, column_id=None, column_sort=None,
                 column_kind=None, column_value=None, timeseries_container=None, chunksize=defaults.CHUNKSIZE,
                 n_jobs=defaults.N_PROCESSES, show_warnings=defaults.SHOW_WARNINGS,
                 disable_progressbar=defaults.DISABLE_PROGRESSBAR, impute_function=defaults.IMPUTE_FUNCTION,
                 profile=defaults.PROFILING, profiling_filename=defaults.PROFILING_FILENAME,
                 profiling_sorting=defaults.PROFILING_SORTING):
        self.default_fc_parameters = default_fc_parameters
        self.kind_to_fc_parameters = kind_to_fc_parameters
        self.column_id = column_id
        self.column_sort = column_sort
        self.column_kind = column_kind
        self.column_value = column_value
        self.timeseries_container = timeseries_container
        self.chunksize = chunksize
        self.n_jobs = n_jobs
        self.show_warnings = show_warnings
        self.disable_progressbar = disable_progressbar
        self.impute_function = impute_function
        self.profile = profile
        self.profiling_filename = profiling_filename
        self.profiling_sorting = profiling_sorting

    def set_timeseries_container(self, timeseries_container):
        """The series of the rows of the next X; see `extract_features` for its forms."""
        self.timeseries_container = timeseries_container

    def __sklearn_is_fitted__(self):
        return True

    def fit(self, X=None, y=None):
        """Nothing is learnt."""
        return self

    def transform(self, X):
        """X (n rows, ids as the index) with the features of these ids as further columns."""
        if self.timeseries_container is None:
            raise RuntimeError(_NO_SERIES)
        container = restrict_input_to_index(self.timeseries_container, self.column_id, X.index)
        arguments = {name: value for name, value in self.get_params(deep=False).items() if name != "timeseries_container"}
        features = extract_features(container, **arguments)
        return pd.merge(X, features, left_index=True, right_index=True, how="left")


class FeatureSelector(TransformerMixin, BaseEstimator):
    """Keeps the features that say something about the target; parameters of `select_features`.

    Attributes
    ----------
    relevant_features : list
        Names of the columns kept (numbers for an array).
    features : list
        All columns, by p-value, constant ones last.
    p_values, feature_importances_ : numpy.ndarray
        In the order of `features`; importance is 1 - p. With `multiclass_p_values="all"` frames with a column a class.
    """

    def __init__(self, test_for_binary_target_binary_feature=defaults.TEST_FOR_BINARY_TARGET_BINARY_FEATURE,
                 test_for_binary_target_real_feature=defaults.TEST_FOR_BINARY_TARGET_REAL_FEATURE,
                 test_for_real_target_binary_feature=defaults.TEST_FOR_REAL_TARGET_BINARY_FEATURE,
                 test_for_real_target_real_feature=defaults.TEST_FOR_REAL_TARGET_REAL_FEATURE,
                 fdr_level=defaults.FDR_LEVEL, hypotheses_independent=defaults.HYPOTHESES_INDEPENDENT,
                 n_jobs=defaults.N_PROCESSES, chunksize=defaults.CHUNKSIZE, ml_task="auto", multiclass=False,
                 n_significant=1, multiclass_p_values="min"):
        self.relevant_features = None
        self.feature_importances_ = None
        self.p_values = None
        self.features = None
        self.test_for_binary_target_binary_feature = test_for_binary_target_binary_feature
        self.test_for_binary_target_real_feature = test_for_binary_target_real_feature
        self.test_for_real_target_binary_feature = test_for_real_target_binary_feature
        self.test_for_real_target_real_feature = test_for_real_target_real_feature
        self.fdr_level = fdr_level
        self.hypotheses_independent = hypotheses_independent
        self.n_jobs = n_jobs
        self.chunksize = chunksize
        self.ml_task = ml_task
        self.multiclass = multiclass
        self.n_significant = n_significant
        self.multiclass_p_values = multiclass_p_values

    def __sklearn_is_fitted__(self):
        return self.relevant_features is not None

    def fit(self, X, y):
        """Tests the n x m features X against the n targets y."""
        X = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X))
        y = y if isinstance(y, pd.Series) else pd.Series(np.asarray(y), index=X.index)
        arguments = self.get_params(deep=False)
        del arguments["multiclass_p_values"]
        table = calculate_relevance_table(X, y, **arguments)
        self.relevant_features = table.loc[table.relevant.astype(bool)].feature.tolist()
        self.features = table.index.tolist()
        if not (self.multiclass and "n_significant" in table):
            self.p_values = table.p_value.to_numpy(dtype=float)
            self.feature_importances_ = 1.0 - self.p_values
            return self
        p_values = table.filter(regex="^p_value_")
        if self.multiclass_p_values == "all":
            self.p_values = p_values
            self.feature_importances_ = (1.0 - p_values).rename(
                columns=lambda name: "importance_" + name[len("p_value_"):])
            return self
        chosen = {"min": p_values.min, "max": p_values.max, "avg": p_values.mean}[self.multiclass_p_values]
        self.p_values = chosen(axis=1).to_numpy()
        # Significance for more classes counts for more.
        self.feature_importances_ = 1.0 - self.p_values ** table.n_significant.to_numpy()
        return self

    def transform(self, X):
        """The relevant columns of X, a frame or an array."""
        if self.relevant_features is None:
            raise _NotFitted("You have to call fit before.")
        return X.loc[:, self.relevant_features].copy() if isinstance(X, pd.DataFrame) else X[:, self.relevant_features]


class RelevantFeatureAugmenter(TransformerMixin, BaseEstimator):
    """Adds to X those features of its ids' series that say something about the target; others are not computed again
    after `fit`. NaN and infinities are replaced by the training rows' ranges.

    Parameters are those of `FeatureAugmenter` and `FeatureSelector`, and

    filter_only_tsfresh_features : bool
        Keep the columns that X already has, whether relevant or not.
    """

    def __init__(self, filter_only_tsfresh_features=True, default_fc_parameters=None, kind_to_fc_parameters=None,
                 column_id=None, column_sort=None, column_kind=None, column_value=None, timeseries_container=None,
                 chunksize=defaults.CHUNKSIZE, n_jobs=defaults.N_PROCESSES, show_warnings=defaults.SHOW_WARNINGS,
                 disable_progressbar=defaults.DISABLE_PROGRESSBAR, profile=defaults.PROFILING,
                 profiling_filename=defaults.PROFILING_FILENAME, profiling_sorting=defaults.PROFILING_SORTING,
                 test_for_binary_target_binary_feature=defaults.TEST_FOR_BINARY_TARGET_BINARY_FEATURE,
                 test_for_binary_target_real_feature=defaults.TEST_FOR_BINARY_TARGET_REAL_FEATURE,
                 test_for_real_target_binary_feature=defaults.TEST_FOR_REAL_TARGET_BINARY_FEATURE,
                 test_for_real_target_real_feature=defaults.TEST_FOR_REAL_TARGET_REAL_FEATURE,
                 fdr_level=defaults.FDR_LEVEL, hypotheses_independent=defaults.HYPOTHESES_INDEPENDENT, ml_task="auto",
                 multiclass=False, n_significant=1, multiclass_p_values="min"):
        self.filter_only_tsfresh_features = filter_only_tsfresh_features
        self.default_fc_parameters = default_fc_parameters
        self.kind_to_fc_parameters = kind_to_fc_parameters
        self.column_id = column_id
        self.column_sort = column_sort
        self.column_kind = column_kind
        self.column_value = column_value
        self.timeseries_container = timeseries_container
        self.chunksize = chunksize
        self.n_jobs = n_jobs
        self.show_warnings = show_warnings
        self.disable_progressbar = disable_progressbar
        self.profile = profile
        self.profiling_filename = profiling_filename
        self.profiling_sorting = profiling_sorting
        self.test_for_binary_target_binary_feature = test_for_binary_target_binary_feature
        self.test_for_binary_target_real_feature = test_for_binary_target_real_feature
        self.test_for_real_target_binary_feature = test_for_real_target_binary_feature
        self.test_for_real_target_real_feature = test_for_real_target_real_feature
        self.fdr_level = fdr_level
        self.hypotheses_independent = hypotheses_independent
        self.ml_task = ml_task
        self.multiclass = multiclass
        self.n_significant = n_significant
        self.multiclass_p_values = multiclass_p_values
        self.feature_extractor = None
        self.feature_selector = None

    def __sklearn_is_fitted__(self):
        return self.feature_selector is not None

    def set_timeseries_container(self, timeseries_container):
        """The series of the rows of the next X; see `extract_features` for its forms."""
        self.timeseries_container = timeseries_container

    def _own(self, kind):
        """Our parameters that a transformer of this kind has too."""
        return {name: value for name, value in self.get_params(deep=False).items() if name in kind._get_param_names()}

    def _fit(self, X, y):
        """All features of X's ids, imputed, after the selector has seen them."""
        if self.timeseries_container is None:
            raise RuntimeError(_NO_SERIES)
        self.feature_extractor = FeatureAugmenter(**self._own(FeatureAugmenter))
        base = pd.DataFrame(index=X.index) if self.filter_only_tsfresh_features else X
        features = self.feature_extractor.transform(base)
        self.col_to_max, self.col_to_min, self.col_to_median = get_range_values_per_column(features)
        impute_dataframe_range(features, self.col_to_max, self.col_to_min, self.col_to_median)
        self.feature_selector = FeatureSelector(**self._own(FeatureSelector))
        self.feature_selector.fit(features, y)
        return features

    def fit(self, X, y):
        """Extracts for the ids of X (n rows) and finds what is relevant for the n targets y."""
        self._fit(X, y)
        return self

    def transform(self, X):
        """X with the relevant features of the present container; without `filter_only_tsfresh_features` its own
        irrelevant columns are dropped."""
        if self.timeseries_container is None:
            raise RuntimeError(_NO_SERIES)
        if self.feature_selector is None or self.feature_selector.relevant_features is None:
            raise _NotFitted("You have to call fit before calling transform.")
        relevant = self.feature_selector.relevant_features
        wanted = [name for name in relevant if name not in set(X.columns)]
        ranges = [{name: entries[name] for name in wanted}
                  for entries in (self.col_to_max, self.col_to_min, self.col_to_median)]
        arguments = self._own(FeatureAugmenter) | {
            "default_fc_parameters": {}, "kind_to_fc_parameters": from_columns(wanted),
            "impute_function": partial(_impute_known, ranges=ranges)}
        features = FeatureAugmenter(**arguments).transform(X)
        kept = list(X.columns) + wanted if self.filter_only_tsfresh_features else relevant
        return features.loc[:, kept].copy()

    def fit_transform(self, X, y):
        """The same as fit and transform; features are extracted once."""
        features = self._fit(X, y)
        selected = features.loc[:, self.feature_selector.relevant_features].copy()
        if self.filter_only_tsfresh_features:
            selected = pd.merge(X, selected, left_index=True, right_index=True, how="left")
        return selected


def _impute_known(features, ranges):
    return impute_dataframe_range(features, *ranges)


class PerColumnImputer(TransformerMixin, BaseEstimator):
    """Replaces infinities and NaN by the ranges of the rows it was fitted on, or by those it is given.

    col_to_NINF_repl_preset, col_to_PINF_repl_preset, col_to_NAN_repl_preset : dict, optional
        Column to replacement, for some columns or all.
    """

    def __init__(self, col_to_NINF_repl_preset=None, col_to_PINF_repl_preset=None, col_to_NAN_repl_preset=None):
        self._col_to_NINF_repl = None
        self._col_to_PINF_repl = None
        self._col_to_NAN_repl = None
        self.col_to_NINF_repl_preset = col_to_NINF_repl_preset
        self.col_to_PINF_repl_preset = col_to_PINF_repl_preset
        self.col_to_NAN_repl_preset = col_to_NAN_repl_preset

    def __sklearn_is_fitted__(self):
        return self._col_to_NAN_repl is not None

    def fit(self, X, y=None):
        """Keeps the finite range and median of every column of X (n x m)."""
        X = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X))
        for name in ("NINF", "PINF", "NAN"):
            unknown = set(getattr(self, f"col_to_{name}_repl_preset") or {}) - set(X.columns)
            if unknown:
                raise ValueError(f"Preset dictionary 'col_to_{name}_repl_preset' contains columns that the frame lacks: "
                                 f"{sorted(map(str, unknown))}")
        largest, smallest, median = get_range_values_per_column(X)
        self._col_to_PINF_repl = largest | (self.col_to_PINF_repl_preset or {})
        self._col_to_NINF_repl = smallest | (self.col_to_NINF_repl_preset or {})
        self._col_to_NAN_repl = median | (self.col_to_NAN_repl_preset or {})
        return self

    def transform(self, X):
        """X with its infinities and NaN replaced, as a frame."""
        if self._col_to_NAN_repl is None:
            raise _NotFitted("PerColumnImputer is not fitted")
        X = X.copy() if isinstance(X, pd.DataFrame) else pd.DataFrame(np.array(X))
        return impute_dataframe_range(X, self._col_to_PINF_repl, self._col_to_NINF_repl, self._col_to_NAN_repl)
