"""The settings beside tsfresh's, and settings read off the names of columns."""
import pickle

import numpy as np
import pandas as pd
import pytest
import tsfresh.feature_extraction.settings as theirs

import meterhound
from meterhound import settings

NAMES = ["MinimalFCParameters", "EfficientFCParameters", "ComprehensiveFCParameters", "IndexBasedFCParameters",
         "TimeBasedFCParameters"]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_keys_parameters_and_order_as_tsfresh(name):
    ours, peer = getattr(meterhound, name)(), getattr(theirs, name)()
    assert list(ours.items()) == list(peer.items())
    assert isinstance(ours, dict)


def test_changing_one_leaves_the_next_as_it_was():
    first = meterhound.EfficientFCParameters()
    first["quantile"].clear()
    del first["mean"]
    assert meterhound.EfficientFCParameters() == theirs.EfficientFCParameters()


def test_from_columns_as_tsfresh():
    frame = pd.DataFrame({"id": [1] * 30, "x": np.arange(30.0), "y": np.arange(30.0) ** 0.5})
    columns = meterhound.extract_features(frame, column_id="id").columns
    read = settings.from_columns(columns)
    assert read == theirs.from_columns(columns)
    again = meterhound.extract_features(frame, column_id="id", kind_to_fc_parameters=read)
    assert list(again.columns) == list(columns)


def test_from_columns_of_kinds_with_two_underscores():
    assert settings.from_columns(["a__b__quantile__q_0.1", "a__b__mean"]) == {"a__b": {"quantile": [{"q": 0.1}], "mean": None}}


def test_from_columns_reads_every_value():
    columns = ['x__f__value_count__value_nan'.replace("f__", ""), "x__value_count__value_-inf",
               'x__agg_linear_trend__attr_"slope"__chunk_len_5__f_agg_"max"', "x__cwt_coefficients__coeff_0__w_2__widths_(2, 5)"]
    read = settings.from_columns(columns)["x"]
    assert np.isnan(read["value_count"][0]["value"]) and read["value_count"][1]["value"] == -np.inf
    assert read["agg_linear_trend"] == [{"attr": "slope", "chunk_len": 5, "f_agg": "max"}]
    assert read["cwt_coefficients"] == [{"coeff": 0, "w": 2, "widths": (2, 5)}]


@pytest.mark.parametrize("columns, error", [([4], TypeError), (["x"], ValueError), (["x__no_such"], ValueError),
                                            (["x__quantile__q_"], ValueError), (["x__quantile__q"], ValueError)])
def test_from_columns_of_names_that_are_none(columns, error):
    with pytest.raises(error):
        settings.from_columns(columns)


def test_pickled_with_functions_among_the_keys():
    made = meterhound.MinimalFCParameters()
    made[lambda x: x[0] + 1] = None
    read = pickle.loads(pickle.dumps(made))
    assert type(read) is meterhound.MinimalFCParameters and len(read) == 11
    assert list(read)[-1]([1]) == 2


def test_numpy_parameters():
    frame = pd.DataFrame({"id": [1] * 30, "x": np.arange(30.0)})
    table = meterhound.extract_features(frame, column_id="id", default_fc_parameters={
        "quantile": [{"q": np.float64(0.25)}], "autocorrelation": [{"lag": np.int64(2)}], "value_count": [{"value": np.inf}]})
    assert list(table.columns) == ["x__quantile__q_0.25", "x__autocorrelation__lag_2", "x__value_count__value_inf"]


def test_the_catalogue_is_documented():
    assert all(entry["doc"] and entry["presets"] is not None for entry in settings.calculators().values())
    assert set(meterhound.ComprehensiveFCParameters()) <= set(settings.calculators())
