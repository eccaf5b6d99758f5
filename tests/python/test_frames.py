"""polars and pyarrow tables give what the same pandas frame gives, bit for bit."""
import pandas as pd
import polars
import pyarrow
import pytest

import meterhound

MAKERS = {"polars": polars.from_pandas, "pyarrow": lambda frame: pyarrow.Table.from_pandas(frame, preserve_index=False),
          "pyarrow dictionary": lambda frame: pyarrow.Table.from_pandas(frame.astype({"id": "category"}), preserve_index=False)}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_wide_and_long(wide, long, make):
    for frame, arguments in ((wide, {}), (long, {"column_kind": "kind", "column_value": "value"})):
        arguments |= {"column_id": "id", "column_sort": "time"}
        expected = meterhound.extract_features(frame, **arguments)
        table = meterhound.extract_features(make(frame), **arguments)
        assert list(table.index) == list(expected.index) and list(table.columns) == list(expected.columns)
        assert table.to_numpy().tobytes() == expected.to_numpy().tobytes()


def test_dict_of_tables(wide):
    frames = {kind: wide[["id", "time", kind]].rename(columns={kind: "v"}) for kind in ("load", "volts")}
    arguments = {"column_id": "id", "column_sort": "time", "column_value": "v"}
    expected = meterhound.extract_features(frames, **arguments)
    pd.testing.assert_frame_equal(
        meterhound.extract_features({kind: polars.from_pandas(frame) for kind, frame in frames.items()}, **arguments), expected)


@pytest.mark.parametrize("column", ["id", "load"])
def test_missing_values_name_the_column(wide, column):
    table = polars.from_pandas(wide).with_columns(polars.when(polars.col("time") == 3).then(None).otherwise(
        polars.col(column)).alias(column))
    with pytest.raises(ValueError, match=f"NaN values: {column}"):
        meterhound.extract_features(table, column_id="id", column_sort="time")


def test_another_container_is_refused():
    with pytest.raises(ValueError, match="found list"):
        meterhound.extract_features([1, 2, 3], column_id="id")
