"""What is computed: tsfresh's settings dictionaries, made from the program's own catalogue.

A settings object maps a calculator's name to None (no parameters) or to a list of parameter dictionaries, each of which
makes one column. Keys may also be Python functions, as in tsfresh; those run in Python, at Python's speed.
"""
import ast
import copy

import numpy as np

from . import _native

_CATALOGUE = {entry["name"]: entry for entry in _native.catalogue()}


def _grid(entry):
    """The default grid in tsfresh's form: None where there are no parameters, tuples for lists."""
    grid = [{name: tuple(value) if isinstance(value, list) else value for name, value in parameters.items()}
            for parameters in entry["grid"]]
    return None if grid == [{}] else grid


def _of_presets(*presets):
    return {name: _grid(entry) for name, entry in _CATALOGUE.items() if set(presets) & set(entry["presets"])}


def calculators():
    """Every calculator with its documentation: a dict from name to a dict of `doc`, `presets`, `position`, `cost`
    ("linear", "sort", "spectrum", "regression", "quadratic"), `parameters` (names) and `grid` (default parameters)."""
    return copy.deepcopy(_CATALOGUE)


class PickableSettings(dict):
    """A dict that can be pickled although some of its keys are functions, lambdas among them (needs cloudpickle)."""

    def __reduce__(self):
        items = [(_pack(key), value) for key, value in self.items()]
        return _unpack, (type(self), items, self.__dict__ or None)


def _pack(key):
    if not callable(key):
        return key, False
    import cloudpickle

    return cloudpickle.dumps(key), True


def _unpack(kind, items, attributes):
    settings = kind.__new__(kind)
    for (key, packed), value in items:
        if packed:
            import cloudpickle

            key = cloudpickle.loads(key)
        settings[key] = value
    settings.__dict__.update(attributes or {})
    return settings


class ComprehensiveFCParameters(PickableSettings):
    """All of tsfresh's calculators: 783 columns, 788 where the frame has a DatetimeIndex.

    Delete keys to leave calculators out, change the lists to change their parameters.
    """

    _presets = ("comprehensive", "time_based")

    def __init__(self):
        super().__init__(_of_presets(*self._presets))


class EfficientFCParameters(ComprehensiveFCParameters):
    """Without the entropies that take quadratic time: 777 columns, 782 with a DatetimeIndex."""

    _presets = ("efficient", "time_based")


class MinimalFCParameters(ComprehensiveFCParameters):
    """Ten columns, for a first look."""

    _presets = ("minimal",)


class IndexBasedFCParameters(ComprehensiveFCParameters):
    """The calculators to which tsfresh hands an index: 3 columns, 8 with a DatetimeIndex."""

    _presets = ("index_based",)


class TimeBasedFCParameters(ComprehensiveFCParameters):
    """The calculators that need a DatetimeIndex: 5 columns."""

    _presets = ("time_based",)


class TheftFCParameters(ComprehensiveFCParameters):
    """Ours: what theft, and what looks like it, does to a load curve. Times come from a DatetimeIndex or from a
    `column_sort` of dates."""

    _presets = ("theft",)


def include_function(func, exclusion_attr="input_type"):
    """Whether a Python function is marked as a calculator (`fctype`), lacks this mark, and has what it depends on."""
    return (hasattr(func, "fctype") and not hasattr(func, exclusion_attr)
            and getattr(func, "dependency_available", True) is not False)


def from_columns(columns, columns_to_ignore=None):
    """The settings that make exactly these columns, for `kind_to_fc_parameters`.

    Parameters
    ----------
    columns : iterable of str
        Names such as ``load__quantile__q_0.1``; a feature table itself will do. Kinds may hold "__".
    columns_to_ignore : iterable of str, optional
        Names that are passed over.

    Returns
    -------
    dict
        Kind to calculator to None or a list of parameter dictionaries.

    Raises
    ------
    TypeError
        For a name that is no text.
    ValueError
        For a name that no calculator makes.
    """
    ignored = set(columns_to_ignore or ())
    settings = {}
    for column in columns:
        if not isinstance(column, str):
            raise TypeError(f"Column name {column} should be a string or unicode")
        if column in ignored:
            continue
        kind, calculator, parameters = _parse(column)
        grids = settings.setdefault(kind, {})
        if not parameters:
            grids[calculator] = None
        elif grids.get(calculator) is None:
            grids[calculator] = [parameters]
        else:
            grids[calculator].append(parameters)
    return settings


def _parse(column):
    parts = column.split("__")
    if len(parts) == 1:
        raise ValueError(f"Splitting of columnname {column} resulted in only one part.")
    places = [place for place in range(1, len(parts)) if parts[place] in _CATALOGUE]
    if not places:
        raise ValueError(f"Unknown feature name {parts[1]}")
    place = places[0]
    parameters = {}
    for part in parts[place + 1:]:
        name, _, text = part.partition('_"') if part.endswith('"') and '_"' in part else part.rpartition("_")
        try:
            parameters[name] = _literal('"' + text if part.endswith('"') else text)
        except (ValueError, SyntaxError):
            raise ValueError(f"Column name {column}: found {part!r}, expected a parameter's name and its value") from None
    return "__".join(parts[:place]), parts[place], parameters


def _literal(text):
    special = {"nan": np.nan, "inf": np.inf, "-inf": -np.inf}
    return special[text.lower()] if text.lower() in special else ast.literal_eval(text)


def _plain(value):
    """A parameter as the native module takes it: NumPy's scalars and arrays become Python's."""
    if isinstance(value, (str, bool, int, float, type(None))):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return value


def split_settings(settings):
    """(what runs natively: name to None or a list of dicts; Python functions and their parameters), in their order."""
    native, functions = {}, {}
    for key, grid in (settings or {}).items():
        if callable(key):
            functions[key] = grid
        else:
            native[str(key)] = None if not grid else [
                {str(name): _plain(value) for name, value in parameters.items()} for parameters in grid]
            if key == "mean_n_absolute_max":  # an AssertionError in tsfresh, too
                assert all(parameters.get("number_of_maxima", 1) > 0 for parameters in grid or ()), (
                    "number_of_maxima must be a positive integer")
    return native, functions
