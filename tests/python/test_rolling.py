"""Windows beside tsfresh's, row by row."""
import warnings

import numpy as np
import pandas as pd
import polars
import pytest
from tsfresh.utilities import dataframe_functions as theirs

import meterhound
from meterhound.utilities import dataframe_functions as ours

DAYS = pd.date_range("2024-02-27", periods=9)


def frame(times=range, names=("b", "a", "c"), lengths=(6, 9, 1)):
    """Series of unequal lengths, mixed."""
    parts = [pd.DataFrame({"home": name, "t": times(length), "kwh": np.arange(length) / 4 + place,
                           "volts": 230 - np.arange(length)})
             for place, (name, length) in enumerate(zip(names, lengths))]
    return pd.concat(parts).sample(frac=1, random_state=5).reset_index(drop=True)


def hold(function, df, *arguments, **named):
    expected = getattr(theirs, function)(df.copy(), *arguments, **named)
    before = df.copy()
    found = getattr(ours, function)(df, *arguments, **named)
    pd.testing.assert_frame_equal(found, expected)
    pd.testing.assert_frame_equal(df, before)  # tsfresh adds a column to its caller's frame
    return found


@pytest.mark.parametrize("direction", [1, -1, 3, -4])
@pytest.mark.parametrize("limits", [{}, {"max_timeshift": 3}, {"min_timeshift": 2}, {"max_timeshift": 3, "min_timeshift": 3}])
@pytest.mark.parametrize("times", [range, lambda n: DAYS[:n], lambda n: np.arange(n) / 2], ids=["int", "days", "float"])
def test_windows(direction, limits, times):
    hold("roll_time_series", frame(times), "home", "t", rolling_direction=direction, n_jobs=0, disable_progressbar=True, **limits)


@pytest.mark.parametrize("direction", [1, -2])
def test_windows_of_rows_as_they_stand(direction):
    df = frame().drop(columns="t")
    hold("roll_time_series", df, "home", rolling_direction=direction, max_timeshift=2, n_jobs=0, disable_progressbar=True)


@pytest.mark.parametrize("names", [(2, 1, 3), (0.5, 0.25, 1.5), ("id 2", "id 1", "id 10")])
def test_windows_of_a_long_frame(names):
    df = frame(names=names).melt(id_vars=["home", "t"], var_name="id kind")
    df = df[~((df["home"] == names[0]) & (df["id kind"] == "volts"))].rename(columns={"home": "id"})
    rolled = hold("roll_time_series", df, "id", "t", "id kind", max_timeshift=4, n_jobs=0, disable_progressbar=True)
    table = meterhound.extract_features(rolled, column_id="id", column_sort="t", column_kind="id kind", column_value="value",
                                        default_fc_parameters={"length": None, "maximum": None})
    assert len(table) == 16 and table["kwh__length"].max() == 5
    assert table.loc[(names[1], 7), "kwh__maximum"] == 1 + 7 / 4


def test_windows_of_a_dict_and_of_another_frame():
    df = frame()
    rolled = ours.roll_time_series({"one": df, "two": polars.from_pandas(df)}, "home", "t", max_timeshift=2)
    pd.testing.assert_frame_equal(rolled["one"], rolled["two"])
    pd.testing.assert_frame_equal(rolled["one"], ours.roll_time_series(df, "home", "t", max_timeshift=2))


def test_windows_longer_than_all_series():
    assert len(ours.roll_time_series(frame(), "home", "t", min_timeshift=50)) == 0


def test_uneven_steps_are_warned_of():
    uneven = pd.DataFrame({"home": [1, 1, 1, 2], "t": [1, 2, 4, 9], "kwh": 1.0})
    with pytest.warns(UserWarning, match="not uniformly sampled"):
        ours.roll_time_series(uneven, "home", "t")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ours.roll_time_series(uneven.drop(index=2), "home", "t")
        ours.roll_time_series(uneven.assign(t=["a", "b", "d", "x"]), "home", "t")


@pytest.mark.parametrize("x", [[4, 1, 3, 9, 2], np.arange(6) / 7, pd.Series(np.arange(9) ** 2, index=DAYS)],
                         ids=["list", "array", "days"])
@pytest.mark.parametrize("arguments", [(1, 1), (3, 1), (None, 1), (3, 1, 2), (2, 2)])
def test_forecasting_frames(x, arguments):
    found, target = ours.make_forecasting_frame(x, "kwh", *arguments)
    expected, their_target = theirs.make_forecasting_frame(x, "kwh", *arguments)
    pd.testing.assert_frame_equal(found, expected)
    pd.testing.assert_series_equal(target, their_target)
    features = meterhound.extract_features(found, column_id="id", column_sort="time", column_kind="kind", column_value="value",
                                           default_fc_parameters=meterhound.MinimalFCParameters())
    assert list(features.index) == list(target.index)


@pytest.mark.parametrize("arguments", [{}, {"column_id": "home"}, {"column_sort": "t"}, {"column_id": "home", "column_sort": "t"},
                                       {"column_id": "home", "column_kind": "volts"}])
@pytest.mark.parametrize("length", [1, 2, 4, 50])
def test_pieces(arguments, length):
    df = frame(lambda n: np.arange(n) + n / 100)  # no two times are equal, which tsfresh's sort would exchange
    df["volts"] %= 2
    hold("add_sub_time_series_index", df, length, **arguments)
