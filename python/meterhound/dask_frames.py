"""Dask frames as containers: every partition is worked on natively once all rows of an id lie in the same one.

Nothing but the names of the kinds is computed before dask is asked to; dask itself is not imported.
"""
import pandas as pd

from .data import TsData, check_names, to_tsdata, value_columns_of


_PLACE = "_meterhound_place_"  # of each row in the whole frame, for a shuffle exchanges rows


class DaskTsAdapter(TsData):
    """A dask frame of readings, long (with `column_kind`) or wide."""

    def __init__(self, df, column_id, column_kind=None, column_value=None, column_sort=None):
        if column_id is None:
            raise ValueError("A value for column_id needs to be supplied")
        for column in (column_id, column_kind, column_value, column_sort):
            if column is not None and column not in df.columns:
                raise ValueError(f"Column not found: {column}")
        if column_value is None:
            unused = value_columns_of(df, column_id, column_sort, column_kind)
            if column_kind is not None:
                if len(unused) != 1:
                    raise ValueError("Could not guess the value column! Please hand it to the function as an argument.")
                column_value = unused[0]
            self.value_columns = unused
        else:
            self.value_columns = [column_value]
        if column_kind is None:
            check_names(*self.value_columns)
        self.df = df
        self.column_id, self.column_kind, self.column_value, self.column_sort = column_id, column_kind, column_value, column_sort

    @property
    def id_type(self):
        return self.df.dtypes[self.column_id]

    def map(self, function, meta):
        """A dask frame of what `function` makes of each partition's `TsData`; `meta` describes it, as dask has it."""
        counted = self.df.assign(**{_PLACE: 1})
        counted = counted.assign(**{_PLACE: counted[_PLACE].cumsum()})
        whole = counted.shuffle(on=self.column_id)
        columns = self.column_id, self.column_kind, self.column_value, self.column_sort
        return whole.map_partitions(_of_partition, function, columns, meta=meta)

    def apply(self, f, meta, **arguments):
        """A dask frame of the frames that `f` makes of each `Timeseries` (with values as floats)."""
        return self.map(lambda data: pd.concat([f(series._replace(data=series.data.astype(float)), **arguments)
                                                for series in data]), meta)

    def example(self):
        """A container with a series of each kind, for the names of what is made of them; looks for the kinds of a long frame."""
        kinds = self.value_columns
        if self.column_kind is not None:
            kinds = sorted(self.df[self.column_kind].unique().compute(), key=str)
        dates = pd.date_range("2000-01-01", periods=2) if isinstance(self.df._meta.index, pd.DatetimeIndex) else None
        return to_tsdata({str(kind): pd.DataFrame({"id": 0, "value": [0.0, 1.0]}, index=dates) for kind in kinds},
                         column_id="id", column_value="value")


def _of_partition(part, function, columns):
    return function(to_tsdata(part.sort_values(_PLACE).drop(columns=_PLACE), *columns))
