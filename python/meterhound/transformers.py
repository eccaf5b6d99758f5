"""scikit-learn transformers over extraction and selection, with tsfresh's names and parameters."""
from functools import partial

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from . import defaults
from .data import MatrixTsData
from .extraction import extract_features
from .imputation import get_range_values_per_column, impute_dataframe_range, restrict_input_to_index
from .relevance import calculate_relevance_table
from .settings import from_columns


ROWS_KIND = "value"  # what features of the rows of an array are named by


def _holds_series(container, X):
    """Whether X is an array of series, one a row: nothing else says which series are meant, and its rows have no ids."""
    return container is None and X is not None and not isinstance(X, pd.DataFrame)


def _require_ids(container, X):
    if container is None:
        raise RuntimeError("You have to provide a time series using the set_timeseries_container function before.")
    if not isinstance(X, pd.DataFrame):
        raise TypeError(f"X: found {type(X).__name__}, expected a pandas.DataFrame with the ids of the series as its index "
                        "(series as the rows of an array are taken where no container is set)")


class _NotFitted(NotFittedError, RuntimeError):
    """scikit-learn's exception, which tsfresh's users may know as a RuntimeError."""


class _Transformer(TransformerMixin, BaseEstimator):
    """What the transformers share."""

    def _keep(self, given):
        """The arguments of __init__ (its locals) as attributes, which is all that scikit-learn wants it to do."""
        for name, value in given.items():
            if name != "self":
                setattr(self, name, value)

    def _require_target(self, y):
        if y is None:
            raise ValueError(f"{type(self).__name__} requires y to be passed, but the target y is None")

    def _checked(self, X, reset):
        """X as a frame: one as it stands, whatever else as scikit-learn checks arrays, with numbered columns."""
        if not isinstance(X, pd.DataFrame):
            return pd.DataFrame(validate_data(self, X, reset=reset, dtype=np.float64, ensure_all_finite=False))
        if reset:
            self.n_features_in_ = len(X.columns)
            if all(isinstance(name, str) for name in X.columns):
                self.feature_names_in_ = X.columns.to_numpy(dtype=object)
            else:
                vars(self).pop("feature_names_in_", None)
        return X


class FeatureAugmenter(_Transformer):
    """Adds to X the features of the series whose ids are its index.

    Parameters are those of `extract_features`; `timeseries_container` may be set later by `set_timeseries_container`.
    Without a container X may be an array of series, one a row: it comes back with their features beside it.
    """

    def __init__(self, default_fc_parameters=None, kind_to_fc_parameters=None, column_id=None, column_sort=None,
                 column_kind=None, column_value=None, timeseries_container=None, chunksize=defaults.CHUNKSIZE,
                 n_jobs=defaults.N_PROCESSES, show_warnings=defaults.SHOW_WARNINGS,
                 disable_progressbar=defaults.DISABLE_PROGRESSBAR, impute_function=defaults.IMPUTE_FUNCTION,
                 profile=defaults.PROFILING, profiling_filename=defaults.PROFILING_FILENAME,
                 profiling_sorting=defaults.PROFILING_SORTING):
        self._keep(locals())

    def set_timeseries_container(self, timeseries_container):
        """Takes `timeseries_container` for the series of the rows of the next X; see `extract_features` for its forms."""
        self.timeseries_container = timeseries_container

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags

    def fit(self, X=None, y=None):
        """Nothing is learnt from X or y, but for the length of the series where X is an array of them."""
        if _holds_series(self.timeseries_container, X):
            validate_data(self, X, dtype=np.float64)
        return self

    def transform(self, X):
        """X with the features of its ids.

        Parameters
        ----------
        X : pandas.DataFrame, or array-like of n x m
            n rows, with ids of the container as the index. Without a container n series of m equally spaced readings,
            finite numbers in any unit.

        Returns
        -------
        pandas.DataFrame, or numpy.ndarray for an array
            n rows: the columns of X, then the features, float64.

        Raises
        ------
        RuntimeError
            For a frame where no container was set.
        TypeError
            For an X that is no frame where one was set: its rows have no ids.
        AttributeError
            Where no id of X is in the container.
        """
        if _holds_series(self.timeseries_container, X):
            matrix = validate_data(self, X, dtype=np.float64, order="C", reset=False)
            return np.hstack([matrix, self._of_rows(matrix).to_numpy()])
        _require_ids(self.timeseries_container, X)
        container = restrict_input_to_index(self.timeseries_container, self.column_id, X.index)
        arguments = {name: value for name, value in self.get_params(deep=False).items() if name != "timeseries_container"}
        features = extract_features(container, **arguments)
        return pd.merge(X, features, left_index=True, right_index=True, how="left")

    def _of_rows(self, matrix):
        """The features of the rows of an array, numbered from 0."""
        columns = ("timeseries_container", "column_id", "column_sort", "column_kind", "column_value")
        arguments = {name: value for name, value in self.get_params(deep=False).items() if name not in columns}
        return extract_features(MatrixTsData(matrix, ROWS_KIND), **arguments)


class FeatureSelector(_Transformer):
    """Keeps the features that say something about the target. Parameters are those of `select_features`, and

    multiclass_p_values : {"min", "max", "avg", "all"}
        With `multiclass`: which of the classes' p-values a feature gets.

    Attributes
    ----------
    relevant_features_ : list
        Names of the columns kept (numbers for an array).
    features_ : list
        All columns, by p-value, constant ones last.
    p_values_, feature_importances_ : numpy.ndarray
        In the order of `features_`; importance is 1 - p. With `multiclass_p_values="all"` frames with a column a class.
    n_features_in_ : int
        Columns of X; their names are `feature_names_in_` where all are texts.

    `relevant_features`, `features` and `p_values` are tsfresh's names of these; all are None before `fit`.
    """

    relevant_features_ = features_ = p_values_ = feature_importances_ = None

    def __init__(self, test_for_binary_target_binary_feature=defaults.TEST_FOR_BINARY_TARGET_BINARY_FEATURE,
                 test_for_binary_target_real_feature=defaults.TEST_FOR_BINARY_TARGET_REAL_FEATURE,
                 test_for_real_target_binary_feature=defaults.TEST_FOR_REAL_TARGET_BINARY_FEATURE,
                 test_for_real_target_real_feature=defaults.TEST_FOR_REAL_TARGET_REAL_FEATURE,
                 fdr_level=defaults.FDR_LEVEL, hypotheses_independent=defaults.HYPOTHESES_INDEPENDENT,
                 n_jobs=defaults.N_PROCESSES, chunksize=defaults.CHUNKSIZE, ml_task="auto", multiclass=False,
                 n_significant=1, multiclass_p_values="min"):
        self._keep(locals())

    @property
    def relevant_features(self):
        """`relevant_features_`, as tsfresh calls it."""
        return self.relevant_features_

    @property
    def features(self):
        """`features_`, as tsfresh calls it."""
        return self.features_

    @property
    def p_values(self):
        """`p_values_`, as tsfresh calls it."""
        return self.p_values_

    def __sklearn_is_fitted__(self):
        return self.relevant_features_ is not None

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags

    def fit(self, X, y):
        """Tests every column against the target.

        Parameters
        ----------
        X : pandas.DataFrame or array-like
            n rows x m numeric features without NaN; infinities count as the largest and smallest values.
        y : pandas.Series or array-like
            n targets; a Series has the index of a frame X, anything else its order.

        Raises
        ------
        ValueError
            For NaN in X and for another number of targets.
        """
        self._require_target(y)
        by_index = isinstance(X, pd.DataFrame) and isinstance(y, pd.Series)
        X = self._checked(X, reset=True)
        y = y if by_index else pd.Series(column_or_1d(y, warn=True), index=X.index)
        arguments = self.get_params(deep=False)
        del arguments["multiclass_p_values"]
        table = calculate_relevance_table(X, y, **arguments)
        self.relevant_features_ = table.loc[table.relevant.astype(bool)].feature.tolist()
        self.features_ = table.index.tolist()
        self._places = X.columns.get_indexer(self.relevant_features_)
        self._rate(table)
        return self

    def _rate(self, table):
        """The p-values and importances of a relevance table."""
        if not (self.multiclass and "n_significant" in table):
            self.p_values_ = table.p_value.to_numpy(dtype=float)
            self.feature_importances_ = 1.0 - self.p_values_
            return
        p_values = table.filter(regex="^p_value_")
        if self.multiclass_p_values == "all":
            self.p_values_ = p_values
            self.feature_importances_ = (1.0 - p_values).rename(
                columns=lambda name: "importance_" + name[len("p_value_"):])
            return
        chosen = {"min": p_values.min, "max": p_values.max, "avg": p_values.mean}[self.multiclass_p_values]
        self.p_values_ = chosen(axis=1).to_numpy()
        # Significance for more classes counts for more.
        self.feature_importances_ = 1.0 - self.p_values_ ** table.n_significant.to_numpy()

    def transform(self, X):
        """The relevant columns of X: of a frame by name, as a frame; of an array by place, as an array."""
        if self.relevant_features_ is None:
            raise _NotFitted("You have to call fit before.")
        if isinstance(X, pd.DataFrame):
            return X.loc[:, self.relevant_features_].copy()
        return validate_data(self, X, reset=False, ensure_all_finite=False)[:, self._places]

    def get_feature_names_out(self, input_features=None):
        """Names of the relevant columns, out of `input_features` or those of `fit`; an array's are x0, x1, ..."""
        check_is_fitted(self)
        if input_features is None:
            input_features = getattr(self, "feature_names_in_", [f"x{place}" for place in range(self.n_features_in_)])
        return np.asarray(input_features, dtype=object)[self._places]


class RelevantFeatureAugmenter(_Transformer):
    """Adds to X those features of its ids' series that say something about the target; others are not computed again
    after `fit`. NaN and infinities are replaced by the training rows' ranges. Without a container X may be an array of
    series, one a row.

    Parameters are those of `FeatureAugmenter` and `FeatureSelector`, and

    filter_only_tsfresh_features : bool
        Keep the columns that X already has, whether relevant or not.
    """

    feature_extractor_ = feature_selector_ = None

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
        self._keep(locals())

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags

    @property
    def feature_extractor(self):
        """The `FeatureAugmenter` within, as tsfresh calls it; None before `fit`."""
        return self.feature_extractor_

    @property
    def feature_selector(self):
        """The `FeatureSelector` within, as tsfresh calls it; None before `fit`."""
        return self.feature_selector_

    def __sklearn_is_fitted__(self):
        return self.feature_selector_ is not None

    def set_timeseries_container(self, timeseries_container):
        """Takes `timeseries_container` for the series of the rows of the next X; see `extract_features` for its forms."""
        self.timeseries_container = timeseries_container

    def _own(self, kind):
        """Our parameters that a transformer of this kind has too."""
        return {name: value for name, value in self.get_params(deep=False).items() if name in kind._get_param_names()}

    def _checked_rows(self, X, reset):
        """An array of series as a frame with numbered columns, or X as it is."""
        if not _holds_series(self.timeseries_container, X):
            _require_ids(self.timeseries_container, X)
            return X
        matrix = validate_data(self, X, dtype=np.float64, order="C", reset=reset)
        return pd.DataFrame(matrix, columns=[f"x{place}" for place in range(matrix.shape[1])], copy=False)

    def _augmented(self, X, base, **changed):
        """Base with features of the series of X, as _checked_rows gave it."""
        augmenter = FeatureAugmenter(**self._own(FeatureAugmenter) | changed)
        if self.timeseries_container is not None:
            return augmenter.transform(base)
        return pd.concat([base, augmenter._of_rows(X.to_numpy())], axis=1)

    def _fit(self, X, y):
        """All features of X's series, imputed, after the selector has seen them. X as _checked_rows gives it."""
        self.feature_extractor_ = FeatureAugmenter(**self._own(FeatureAugmenter))
        base = pd.DataFrame(index=X.index) if self.filter_only_tsfresh_features else X
        features = self._augmented(X, base)
        self._ranges = get_range_values_per_column(features)
        impute_dataframe_range(features, *self._ranges)
        self.feature_selector_ = FeatureSelector(**self._own(FeatureSelector))
        self.feature_selector_.fit(features, y)
        return features

    def fit(self, X, y):
        """Extracts for the ids of X and finds what is relevant.

        Parameters
        ----------
        X : pandas.DataFrame, or array-like of n x m
            n rows, with ids of the container as the index. Without a container n series of m equally spaced readings,
            finite numbers in any unit.
        y : pandas.Series or array-like
            n targets; a Series has the index of X, anything else its order.

        Raises
        ------
        RuntimeError
            For a frame where no container was set.
        TypeError
            For an X that is no frame where one was set: its rows have no ids.
        ValueError
            Where y is None.
        """
        self._require_target(y)
        self._fit(self._checked_rows(X, reset=True), y)
        return self

    def transform(self, X):
        """X with the relevant features of the present container; without `filter_only_tsfresh_features` its own
        irrelevant columns are dropped."""
        if self.feature_selector is None or self.feature_selector.relevant_features is None:
            raise _NotFitted("You have to call fit before calling transform.")
        rows = self._checked_rows(X, reset=False)
        relevant = self.feature_selector.relevant_features
        wanted = [name for name in relevant if name not in set(rows.columns)]
        ranges = [{name: entries[name] for name in wanted} for entries in self._ranges]
        features = self._augmented(rows, rows, default_fc_parameters={}, kind_to_fc_parameters=from_columns(wanted),
                                   impute_function=partial(_impute_known, ranges=ranges))
        kept = list(rows.columns) + wanted if self.filter_only_tsfresh_features else relevant
        return self._as_given(X, features.loc[:, kept].copy())

    def fit_transform(self, X, y):
        """The same as `fit` and `transform`; features are extracted once."""
        self._require_target(y)
        rows = self._checked_rows(X, reset=True)
        features = self._fit(rows, y)
        selected = features.loc[:, self.feature_selector.relevant_features].copy()
        if self.filter_only_tsfresh_features:
            selected = pd.merge(rows, selected, left_index=True, right_index=True, how="left")
        return self._as_given(X, selected)

    def _as_given(self, X, features):
        """A frame for a frame, an array for an array."""
        return features.to_numpy() if _holds_series(self.timeseries_container, X) else features


def _impute_known(features, ranges):
    return impute_dataframe_range(features, *ranges)


class PerColumnImputer(OneToOneFeatureMixin, _Transformer):
    """Replaces infinities and NaN by the ranges of the rows it was fitted on, or by those it is given.

    col_to_NINF_repl_preset, col_to_PINF_repl_preset, col_to_NAN_repl_preset : dict, optional
        Column to replacement, for some columns or all.
    """

    _col_to_NINF_repl = _col_to_PINF_repl = _col_to_NAN_repl = None

    def __init__(self, col_to_NINF_repl_preset=None, col_to_PINF_repl_preset=None, col_to_NAN_repl_preset=None):
        self._keep(locals())

    def __sklearn_is_fitted__(self):
        return self._col_to_NAN_repl is not None

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = []
        return tags

    def fit(self, X, y=None):
        """Keeps the finite range and median of every column of X (a frame or an array of n x m); y is not looked at.

        ValueError for presets of columns that X lacks.
        """
        X = self._checked(X, reset=True)
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
        """X (a frame with columns of `fit`, or an array with all of them) with its infinities and NaN replaced, as a frame of
        float64. ValueError for columns that `fit` did not see."""
        if self._col_to_NAN_repl is None:
            raise _NotFitted("PerColumnImputer is not fitted")
        X = self._checked(X, reset=False).copy()
        return impute_dataframe_range(X, self._col_to_PINF_repl, self._col_to_NINF_repl, self._col_to_NAN_repl)
