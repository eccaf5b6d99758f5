"""Python functions as calculators, as tsfresh lets its users write them."""
import warnings


def output_format(parameters):
    """``name_value__name_value``, sorted by name, texts in double quotes: tsfresh's way of naming parameters."""
    return "__".join(f'{name}_"{value}"' if isinstance(value, str) else f"{name}_{value}"
                     for name, value in sorted(parameters.items()))


def run_function(function, grid, series):
    """Yields (suffix, value) for a function and its list of parameters (or None) on one pandas Series.

    A function that is marked ``fctype = "combiner"`` gets the whole list and answers with pairs of its own; any other is
    called once for each dictionary. ``input = "pd.Series"`` asks for the Series rather than its array, and
    ``index_type`` for an index of that type: on another one there is no value, and a warning.
    """
    wanted = getattr(function, "index_type", None)
    takes_series = getattr(function, "input", None) == "pd.Series"
    if takes_series and wanted is not None and not isinstance(series.index, wanted):
        warnings.warn(f"{function.__name__} requires the data to have a index of type {wanted}. Results will not be "
                      "calculated")
        return
    x = series if takes_series else series.to_numpy()
    if getattr(function, "fctype", None) == "combiner":
        for suffix, value in function(x, param=grid):
            yield (f"__{suffix}" if suffix else ""), value
    elif grid:
        for parameters in grid:
            yield "__" + output_format(parameters), function(x, **parameters)
    else:
        yield "", function(x)
