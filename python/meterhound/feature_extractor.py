"""FeatureExtractor: features of the rows of a matrix, as any transformer of scikit-learn."""
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from . import defaults
from .data import MatrixTsData
from .extraction import extract_features


class FeatureExtractor(TransformerMixin, BaseEstimator):
    """Turns series, one a row of X, into their features: an array in, an array out.

    Every check that scikit-learn has for estimators holds. Where series lie in a frame of readings use `FeatureAugmenter`.

    Parameters
    ----------
    default_fc_parameters : dict, optional
        What to compute, as in `extract_features`; None: `ComprehensiveFCParameters()`.
    kind : str
        What the readings are: the first part of the features' names.
    n_jobs : int, optional
        Threads; 0 and 1: one, None or negative: all cores. Values do not depend on it.
    show_warnings : bool
        Show warnings of Python functions among the calculators.
    disable_progressbar : bool
        No progress on a terminal.

    Attributes
    ----------
    n_features_in_ : int
        Readings of a series.
    feature_names_in_ : numpy.ndarray
        The columns of X where these are texts.
    has_dates_ : bool
        Whether the columns of X were a DatetimeIndex.
    """

    def __init__(self, default_fc_parameters=None, kind="value", n_jobs=defaults.N_PROCESSES,
                 show_warnings=defaults.SHOW_WARNINGS, disable_progressbar=defaults.DISABLE_PROGRESSBAR):
        self.default_fc_parameters = default_fc_parameters
        self.kind = kind
        self.n_jobs = n_jobs
        self.show_warnings = show_warnings
        self.disable_progressbar = disable_progressbar

    def fit(self, X, y=None):
        """Learns the length of the series, whether they come with dates, and the features' names.

        X is as for `transform`; `y` is not looked at.
        """
        dates = _dates(X)
        matrix = validate_data(self, X, dtype=np.float64, order="C")
        self.has_dates_ = dates is not None
        self._names = self._features(matrix[:1], dates).columns.to_numpy(dtype=object)
        return self

    def transform(self, X):
        """Features of the rows of X.

        Parameters
        ----------
        X : array-like or frame of n x m
            n series of m equally spaced readings, finite numbers in any unit. A frame whose columns are a DatetimeIndex
            brings the times of the readings.

        Returns
        -------
        numpy.ndarray of n x features
            float64, NaN where a feature is undefined; with ``set_output(transform="pandas")`` a frame with their names and
            the index of X.

        Raises
        ------
        ValueError
            For NaN, infinities, another number of readings than in `fit`, and columns without dates where `fit` had some.
        """
        check_is_fitted(self)
        dates = _dates(X) if self.has_dates_ else None
        if self.has_dates_ and dates is None:
            raise ValueError("found columns that are no DatetimeIndex, expected one as in fit")
        matrix = validate_data(self, X, dtype=np.float64, order="C", reset=False)
        return self._features(matrix, dates).to_numpy()

    def get_feature_names_out(self, input_features=None):
        """Names of the features, an array of texts; they do not depend on `input_features`."""
        check_is_fitted(self)
        return self._names

    def _features(self, matrix, dates):
        return extract_features(MatrixTsData(matrix, self.kind, dates), default_fc_parameters=self.default_fc_parameters,
                                n_jobs=self.n_jobs, show_warnings=self.show_warnings,
                                disable_progressbar=self.disable_progressbar)


def _dates(X):
    return X.columns if isinstance(getattr(X, "columns", None), pd.DatetimeIndex) else None
