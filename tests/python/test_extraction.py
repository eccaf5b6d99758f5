"""extract_features beside tsfresh's on the same frames, and what it does with everything else."""
import numpy as np
import pandas as pd
import pytest
import tsfresh

import meterhound
from meterhound import EfficientFCParameters, MinimalFCParameters
from meterhound.data import to_tsdata

WIDE = {"column_id": "id", "column_sort": "time"}
LONG = WIDE | {"column_kind": "kind", "column_value": "value"}


def both(container, **arguments):
    theirs = tsfresh.extract_features(container, n_jobs=0, disable_progressbar=True, **arguments)
    return meterhound.extract_features(container, disable_progressbar=True, **arguments), theirs


def hold(container, **arguments):
    ours, theirs = both(container, **arguments)
    # Two numbers of the same feature differ by how sums are rounded; tests/parity holds values more tightly.
    pd.testing.assert_frame_equal(ours, theirs, check_exact=False, rtol=1e-6, atol=1e-8)
    return ours


def test_wide_frame(wide):
    assert hold(wide, default_fc_parameters=EfficientFCParameters(), **WIDE).shape == (3, 2 * 777)


def test_comprehensive_is_the_default(wide):
    assert hold(wide, **WIDE).shape == (3, 2 * 783)


def test_long_frame_with_a_series_missing(long):
    table = hold(long, default_fc_parameters=EfficientFCParameters(), **LONG)
    assert table.loc["b"].filter(like="load__").isna().all()
    assert table.columns[0].startswith("load__")


def test_kinds_in_the_order_in_which_they_are_met():
    frame = pd.DataFrame({"id": [1, 1, 2, 2], "kind": ["z", "y", "a", "z"], "value": [1.0, 2.0, 3.0, 4.0]})
    hold(frame, column_id="id", column_kind="kind", column_value="value", default_fc_parameters=MinimalFCParameters())


def test_dict_of_frames(wide):
    frames = {"p": wide[["id", "time", "load"]].rename(columns={"load": "v"}),
              "q": wide[wide["id"] != "a"][["id", "time", "volts"]].rename(columns={"volts": "v"})}
    hold(frames, column_value="v", default_fc_parameters=MinimalFCParameters(), **WIDE)


@pytest.mark.parametrize("kind", ["int64", "int8", "float64", "str", "category", "datetime64[ns]"])
def test_index_has_the_type_of_the_ids(kind):
    ids = pd.Series([3, 3, 1, 1, 2]).astype("str" if kind == "category" else kind).astype(kind)
    frame = pd.DataFrame({"id": ids, "value": [1.0, 2.0, 3.0, 4.0, 5.0]})
    hold(frame, column_id="id", default_fc_parameters=MinimalFCParameters())


def test_ids_that_are_tuples():
    frame = pd.DataFrame({"id": [("b", 1), ("b", 1), ("a", 2)], "value": [1.0, 2.0, 3.0]})
    hold(frame, column_id="id", default_fc_parameters=MinimalFCParameters())


@pytest.mark.parametrize("kind", ["int64", "float32", "uint8"])
def test_values_of_other_types(kind):
    frame = pd.DataFrame({"id": [1] * 9, "value": np.arange(9).astype(kind)})
    hold(frame, column_id="id", default_fc_parameters=MinimalFCParameters())


def test_dates_in_the_index_bring_the_timewise_trend(wide):
    frame = wide.sort_values(["id", "time"])
    frame.index = pd.Timestamp("2020-02-27") + pd.to_timedelta(frame["time"] ** 1.1, unit="h")
    frame.index = frame.index.rename(None)
    table = hold(frame, default_fc_parameters={"linear_trend_timewise": [{"attr": "slope"}, {"attr": "pvalue"}], "mean": None},
                 **WIDE)
    assert table.notna().all().all()


def test_settings_of_each_kind(long):
    by_kind = {"volts": {"quantile": [{"q": 0.3}, {"q": 0.35}], "mean": None}}
    assert hold(long, kind_to_fc_parameters=by_kind, **LONG).shape == (3, 3)
    hold(long, kind_to_fc_parameters=by_kind, default_fc_parameters=MinimalFCParameters(), **LONG)


@pytest.mark.parametrize("query", [(3, 1, 4), (0.5, 1.25, 3.0, 2.0), np.array([0.1, 0.7, 0.2])],
                         ids=["whole", "fractions", "array"])
def test_queries(wide, query):
    grid = [{"query": query, "threshold": threshold, "normalize": normalize}
            for threshold in (1.5, 4.0) for normalize in (True, False)]
    arguments = {"default_fc_parameters": {"query_similarity_count": grid}, **WIDE}
    if isinstance(query, tuple):
        table = hold(wide, **arguments)
    else:  # tsfresh's names hold NumPy's way of writing arrays
        table, theirs = both(wide, **arguments)
        assert table.to_numpy().tolist() == theirs.to_numpy().tolist()
    assert table.to_numpy().max() > 0
    again = meterhound.extract_features(wide, kind_to_fc_parameters=meterhound.settings.from_columns(table.columns), **WIDE)
    pd.testing.assert_frame_equal(again, table)


def test_functions_of_ones_own(wide):
    def spread(x, scale):
        return scale * (x.max() - x.min())

    def ends(x, param):
        return [(f'at_"{p["at"]}"', x[0] if p["at"] == "first" else x[-1]) for p in param]

    def gaps(x):
        return float(np.diff(x.index).max())

    ends.fctype = "combiner"
    gaps.input = "pd.Series"
    hold(wide, default_fc_parameters={"mean": None, spread: [{"scale": 2}, {"scale": 3}], "median": None,
                                      ends: [{"at": "first"}, {"at": "last"}], gaps: None}, **WIDE)


@pytest.mark.parametrize("times", [
    lambda dice, n: dice.permutation(n), lambda dice, n: dice.integers(0, 9, n), lambda dice, n: dice.random(n),
    lambda dice, n: pd.Timestamp("2020-01-01") + pd.to_timedelta(dice.permutation(n), unit="D"),
    lambda dice, n: pd.array([np.iinfo(np.int64).min, np.iinfo(np.int64).max] + [0] * (n - 2)),
    lambda dice, n: [f"t{each:04}" for each in dice.permutation(n)]])
def test_readings_in_the_order_of_time_and_equal_times_as_they_stand(times):
    dice = np.random.default_rng(5)
    n = 300
    frame = pd.DataFrame({"id": dice.choice(list("xyz"), n), "time": times(dice, n), "value": np.arange(n, dtype=float)})
    ordered = frame.sort_values(["id", "time"], kind="stable")
    data = to_tsdata(frame, column_id="id", column_sort="time", column_value="value")
    assert data.kinds[0].values.tolist() == ordered["value"].tolist()


def test_frames_without_rows(wide, long):
    for frame, arguments in ((wide, WIDE), (long, LONG)):
        assert len(meterhound.extract_features(frame.iloc[:0], **arguments)) == 0
    assert meterhound.extract_features(wide, default_fc_parameters={}, **WIDE).shape == (3, 0)


def test_triples(long):
    ours, theirs = both(long, default_fc_parameters=MinimalFCParameters(), pivot=False, **LONG)
    assert [triple[:2] for triple in ours] == [triple[:2] for triple in theirs]
    np.testing.assert_allclose([triple[2] for triple in ours], [triple[2] for triple in theirs], rtol=1e-12)


def test_distributor(long):
    distributor = tsfresh.utilities.distribution.MapDistributor(disable_progressbar=True)
    settings = EfficientFCParameters()
    through = meterhound.extract_features(long, distributor=distributor, default_fc_parameters=settings, **LONG)
    pd.testing.assert_frame_equal(through, meterhound.extract_features(long, default_fc_parameters=settings, **LONG))
    with pytest.raises(ValueError, match="distributor"):
        meterhound.extract_features(long, distributor=object(), **LONG)


def test_same_bits_for_any_number_of_threads(wide):
    tables = [meterhound.extract_features(wide, n_jobs=jobs, **WIDE).to_numpy().tobytes() for jobs in (0, 1, 3, -1, None)]
    assert len(set(tables)) == 1


def test_imputes_in_place(wide):
    table = meterhound.extract_features(wide, impute_function=meterhound.impute, **WIDE)
    assert np.isfinite(table.to_numpy()).all()


@pytest.mark.parametrize("column", ["id", "time", "kind", "value"])
def test_missing_values_name_the_column(long, column):
    long[column] = long[column].astype(object)
    long.loc[4, column] = None
    with pytest.raises(ValueError, match=f"must not contain NaN values: {column}"):
        meterhound.extract_features(long, **LONG)


@pytest.mark.parametrize("arguments, message", [
    ({}, "column_id"), ({"column_id": "no"}, "Column not found: no"), ({"column_id": "id", "column_value": "x"}, "found: x"),
    ({"column_id": "id", "column_kind": "kind"}, "Could not guess the value column")])
def test_columns_that_are_not_there(long, arguments, message):
    with pytest.raises(ValueError, match=message):
        meterhound.extract_features(long, **arguments)


@pytest.mark.parametrize("name", ["a__b", "a_"])
def test_names_that_cannot_be_read_back(name):
    with pytest.raises(ValueError, match="not allowed"):
        meterhound.extract_features(pd.DataFrame({"id": [1], name: [1.0]}), column_id="id")


@pytest.mark.parametrize("values", [[True, False], ["1", "2"], pd.to_datetime(["2020", "2021"])])
def test_values_that_are_no_numbers(values):
    with pytest.raises(TypeError, match="must hold numbers"):
        meterhound.extract_features(pd.DataFrame({"id": [1, 1], "value": values}), column_id="id")


def test_unknown_calculators_and_parameters_name_the_nearest(wide):
    with pytest.raises(ValueError, match="mean"):
        meterhound.extract_features(wide, default_fc_parameters={"medain": None}, **WIDE)
    with pytest.raises(ValueError, match=r"quantile: unknown parameter 'p'"):
        meterhound.extract_features(wide, default_fc_parameters={"quantile": [{"p": 0.1}]}, **WIDE)


def test_infinite_values_end_and_are_not_mistaken():
    frame = pd.DataFrame({"id": [1] * 40, "value": [np.inf, -np.inf] + list(range(38))})
    table = meterhound.extract_features(frame, column_id="id")
    assert table["value__maximum"].item() == np.inf
    assert np.isnan(table["value__mean"].item())


def test_profile_is_written(wide, tmp_path):
    meterhound.extract_features(wide, profile=True, profiling_filename=tmp_path / "profile.txt",
                                default_fc_parameters=MinimalFCParameters(), **WIDE)
    assert "cumulative" in (tmp_path / "profile.txt").read_text()


def test_theft_calculators_read_dates_of_the_sort_column():
    days = pd.date_range("2020-01-01", periods=200)
    frame = pd.DataFrame({"id": 1, "day": days, "value": np.random.default_rng(1).gamma(2, 3, 200)})
    table = meterhound.extract_features(frame, column_id="id", column_sort="day",
                                        default_fc_parameters=meterhound.TheftFCParameters())
    dateless = meterhound.extract_features(frame.drop(columns="day"), column_id="id",
                                           default_fc_parameters=meterhound.TheftFCParameters())
    assert table.notna().sum(axis=1).item() > dateless.notna().sum(axis=1).item()
