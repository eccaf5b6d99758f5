"""p-values of single features: tsfresh's four tests, computed natively.

Each takes the feature `x` and the target `y` as pandas Series of n values without NaN and answers with a p-value. TypeError
for what is no Series; ValueError for NaN, indices that differ, or a Series that is not binary where it should be.
"""
import pandas as pd

from . import defaults
from .relevance import p_value


def target_binary_feature_binary_test(x, y):
    """Fisher's exact test, two-sided."""
    _check(x, y)
    _check_binary(x, "feature")
    _check_binary(y, "target")
    return p_value(x, y == max(set(y)), True)


def target_binary_feature_real_test(x, y, test=defaults.TEST_FOR_BINARY_TARGET_REAL_FEATURE):
    """Mann-Whitney ("mann") or Kolmogorov-Smirnov ("smir"), two-sided."""
    _check(x, y)
    _check_binary(y, "target")
    return p_value(x, y == max(set(y)), True, test)


def target_real_feature_binary_test(x, y):
    """Kolmogorov-Smirnov of the target's values for the two values of the feature, two-sided."""
    _check(x, y)
    _check_binary(x, "feature")
    return p_value(x, y, False)


def target_real_feature_real_test(x, y):
    """Kendall's tau, two-sided."""
    _check(x, y)
    return p_value(x, y, False)


def _check(x, y):
    for name, series in (("feature", x), ("target", y)):
        if not isinstance(series, pd.Series):
            raise TypeError(f"The {name} should be a pandas Series, found {type(series).__name__}")
        if series.isnull().any():
            raise ValueError(f"The {name} contains NaN values")
    if list(x.index) != list(y.index):
        raise ValueError("X and y need to have the same index!")


def _check_binary(series, name):
    if len(set(series)) != 2:
        raise ValueError(f"The {name} should have two values, found {len(set(series))}")
