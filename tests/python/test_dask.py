"""Dask frames give what the same pandas frame gives, and what tsfresh makes of them."""
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
import tsfresh

import meterhound
from meterhound import EfficientFCParameters, MinimalFCParameters

WIDE = {"column_id": "id", "column_sort": "time"}
LONG = WIDE | {"column_kind": "kind", "column_value": "value"}


def partitioned(frame):
    """Rows of an id lie in several partitions, and one partition stays without any."""
    parts = (dd.from_pandas(part, npartitions=count, sort=False) for part, count in ((frame, 4), (frame.iloc[:0], 1)))
    return dd.concat(list(parts))


@pytest.mark.parametrize("arguments", [WIDE, LONG, {"column_id": "id"}], ids=["wide", "long", "unsorted"])
def test_features(wide, long, arguments):
    frame = long if arguments is LONG else wide
    expected = meterhound.extract_features(frame, default_fc_parameters=EfficientFCParameters(), **arguments)
    lazy = meterhound.extract_features(partitioned(frame), default_fc_parameters=EfficientFCParameters(), **arguments)
    assert isinstance(lazy, dd.DataFrame) and lazy.npartitions > 1
    table = lazy.compute().sort_index()
    pd.testing.assert_frame_equal(table, expected, check_like=arguments is LONG, check_index_type=False)
    assert list(lazy.columns) == list(table.columns)


def test_triples(long):
    arguments = {"pivot": False, "default_fc_parameters": MinimalFCParameters(), **LONG}
    found = meterhound.extract_features(partitioned(long), **arguments).compute()
    expected = pd.DataFrame(meterhound.extract_features(long, **arguments), columns=["id", "variable", "value"])
    found, expected = (frame.astype({"id": object, "variable": object}).sort_values(["id", "variable"]).reset_index(drop=True)
                       for frame in (found, expected))
    pd.testing.assert_frame_equal(found, expected)


def test_beside_tsfresh(long):
    frame = long[long["id"] != "b"]  # tsfresh makes 0 of what is undefined in a dask frame
    ours, theirs = (each(dd.from_pandas(frame, npartitions=1), default_fc_parameters=MinimalFCParameters(), **LONG).compute()
                    for each in (meterhound.extract_features, tsfresh.extract_features))
    np.testing.assert_allclose(ours[sorted(theirs.columns)], theirs[sorted(theirs.columns)].loc[ours.index], rtol=1e-9)
    assert set(ours.columns) == set(theirs.columns)


def test_dates_in_the_index_and_a_function_of_ones_own(wide):
    def spread(x):
        return x.max() - x.min()

    frame = wide.sort_values(["id", "time"])
    frame.index = pd.Timestamp("2020-02-27") + pd.to_timedelta(frame["time"], unit="h")
    settings = {"linear_trend_timewise": [{"attr": "slope"}], spread: None, "mean": None}
    arguments = {"default_fc_parameters": settings, "column_id": "id"}
    expected = meterhound.extract_features(frame, **arguments)
    found = meterhound.extract_features(dd.from_pandas(frame, npartitions=3, sort=False), **arguments)
    pd.testing.assert_frame_equal(found.compute().sort_index(), expected, check_index_type=False)


def test_errors_say_what_was_found(wide, long):
    frame = dd.from_pandas(wide, npartitions=2)
    for arguments, message in [({}, "column_id"), ({"column_id": "no"}, "Column not found: no"),
                               ({"column_id": "id", "column_value": "x"}, "Column not found: x"),
                               (WIDE | {"impute_function": meterhound.impute}, "not computed yet")]:
        with pytest.raises(ValueError, match=message):
            meterhound.extract_features(frame, **arguments)
    with pytest.raises(ValueError, match="Could not guess"):
        meterhound.extract_features(dd.from_pandas(long, npartitions=2), column_id="id", column_kind="kind")
    with pytest.raises(ValueError, match="found a dask frame"):
        meterhound.extract_features({"a": frame}, column_value="load", **WIDE)
