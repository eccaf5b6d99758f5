"""Every calculator as a function of one series, with tsfresh's names, arguments and marks.

A simple calculator takes its parameters as arguments and answers with a number: ``quantile(x, q=0.1)``. A combiner takes
a list of parameter dictionaries and answers with a list of (suffix, value): ``linear_trend(x, [{"attr": "slope"}])``.
`x` is a list, an array or a pandas Series of n numbers; a Series with a DatetimeIndex brings its times. To compute many
features of many series use `meterhound.extract_features`, which is far quicker. Of an empty series counts and
sums are 0 and all else is NaN.
"""
import numpy as np
import pandas as pd

from . import _native
from .data import seconds
from .settings import calculators, split_settings

_COMBINERS = {
    "agg_autocorrelation", "agg_linear_trend", "ar_coefficient", "augmented_dickey_fuller", "cwt_coefficients",
    "energy_ratio_by_chunks", "fft_aggregated", "fft_coefficient", "friedrich_coefficients", "index_mass_quantile",
    "linear_trend", "linear_trend_timewise", "partial_autocorrelation", "query_similarity_count", "spkt_welch_density",
    "symmetry_looking"}
# The order of arguments where it is not that of the catalogue.
_ARGUMENTS = {"approximate_entropy": ("m", "r"), "change_quantiles": ("ql", "qh", "isabs", "f_agg"),
              "max_langevin_fixed_point": ("r", "m"), "permutation_entropy": ("tau", "dimension"),
              "range_count": ("min", "max")}
# What counts or adds up readings is 0 where there are none; everything else is undefined.
_ZERO_OF_NOTHING = {
    "abs_energy", "absolute_sum_of_changes", "approximate_entropy", "c3", "cid_ce", "count_above_mean", "count_below_mean",
    "has_duplicate", "length", "longest_strike_above_mean", "longest_strike_below_mean", "number_crossing_m", "range_count",
    "sum_of_reoccurring_data_points", "sum_of_reoccurring_values", "sum_values", "time_reversal_asymmetry_statistic",
    "value_count", "variance_larger_than_standard_deviation"}


def _compute(name, x, grid):
    """[(column without kind and calculator, value)] of one series."""
    series = x if isinstance(x, pd.Series) else pd.Series(np.asarray(x, dtype=float))
    times = seconds(series.index) if isinstance(series.index, pd.DatetimeIndex) else None
    source = (np.ascontiguousarray(series, dtype=float), np.array([0, len(series)], dtype=np.int64), times)
    extractor = _native.Extractor({"kinds": {}, "default": split_settings({name: grid})[0]}, ["x"])
    values = extractor.extract([source], 1)[0]
    if not len(series) and name in _ZERO_OF_NOTHING:
        values[:] = 0
    return [(column[len("x__" + name):], float(value)) for column, value in zip(extractor.columns, values)]


def _simple(name, arguments):
    def calculator(x, *values, **parameters):
        parameters = dict(zip(arguments, values)) | parameters
        missing = [argument for argument in arguments if argument not in parameters]
        if missing or len(values) > len(arguments):
            raise TypeError(f"{name}() takes the parameters {', '.join(arguments) or 'none'}; missing: {', '.join(missing)}")
        return _compute(name, x, [parameters] if parameters else None)[0][1]

    return calculator


def _combiner(name):
    def calculator(x, param):
        return [(suffix[2:], value) for suffix, value in _compute(name, x, param)]

    return calculator


def _make(name, entry):
    if name in _COMBINERS:
        function = _combiner(name)
    else:
        function = _simple(name, _ARGUMENTS.get(name, tuple((entry["grid"] or [{}])[0])))
    function.__name__ = function.__qualname__ = name
    function.__doc__ = entry["doc"] + "."
    function.fctype = "combiner" if name in _COMBINERS else "simple"
    if "minimal" in entry["presets"]:
        function.minimal = True
    if "comprehensive" in entry["presets"] and "efficient" not in entry["presets"]:
        function.high_comp_cost = True
    if "index_based" in entry["presets"]:
        function.input = "pd.Series"
    if "time_based" in entry["presets"]:
        function.index_type = pd.DatetimeIndex
    return function


__all__ = []
for _name, _entry in calculators().items():
    if {"comprehensive", "time_based"} & set(_entry["presets"]):
        globals()[_name] = _make(_name, _entry)
        __all__.append(_name)
