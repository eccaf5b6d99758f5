"""tsfresh's functions on frames, where its users look for them."""
from ..imputation import (check_for_nans_in_columns, get_ids, get_range_values_per_column, impute, impute_dataframe_range,
                          impute_dataframe_zero, restrict_input_to_index)
from ..rolling import add_sub_time_series_index, make_forecasting_frame, roll_time_series

__all__ = [
    "add_sub_time_series_index", "check_for_nans_in_columns", "get_ids", "get_range_values_per_column", "impute",
    "impute_dataframe_range", "impute_dataframe_zero", "make_forecasting_frame", "restrict_input_to_index",
    "roll_time_series",
]
