"""Extracts features with tsfresh from a wide CSV (CONS_NO, FLAG, a column a day); prints one JSON line.

    python bench/peer_extract.py town.csv --settings efficient --jobs 2 --ours ours.csv

The clock covers extract_features alone: reading, filling gaps, reshaping and imputing are left out, in the peer's favour.
--ours compares the values with a table of ours; of two numbers the relative difference is taken.
"""

import argparse
import json
import time
import warnings

import numpy as np
import pandas as pd
from tsfresh import extract_features
from tsfresh.feature_extraction import ComprehensiveFCParameters, EfficientFCParameters, MinimalFCParameters

GRIDS = {"minimal": MinimalFCParameters, "efficient": EfficientFCParameters, "comprehensive": ComprehensiveFCParameters}
NOT_READINGS = ["CONS_NO", "FLAG"]


def long_form(path):
    """One row a reading, gaps filled forwards, then backwards, then with 0: as `meterhound extract` does by default."""
    wide = pd.read_csv(path, dtype={"CONS_NO": str}).set_index("CONS_NO")
    days = wide.drop(columns=NOT_READINGS[1:])
    days.columns = pd.to_datetime(days.columns, format="%Y/%m/%d")
    days = days.sort_index(axis="columns").ffill(axis="columns").bfill(axis="columns").fillna(0.0).astype(float)
    return days.rename_axis(columns="day").reset_index().melt(id_vars="CONS_NO", var_name="day", value_name="value")


def agreement(ours_path, theirs):
    ours = pd.read_csv(ours_path, index_col=0, dtype={0: str})
    shared = theirs.columns.intersection(ours.columns)
    a = ours.loc[theirs.index, shared].to_numpy(float)
    b = theirs[shared].to_numpy(float)
    with np.errstate(invalid="ignore"):  # infinities less infinities
        close = np.abs(a - b) <= 1e-6 * np.maximum(np.abs(a), np.abs(b))
    same = close | (a == b) | (np.isnan(a) & np.isnan(b))
    # A value that is 0 but for rounding has no relative difference worth the name; 1e-9 of the column's size is 0.
    scale = np.nanmax(np.where(np.isfinite(b), np.abs(b), 0.0), axis=0)
    same |= np.abs(a - b) <= 1e-9 * scale
    apart = pd.Series(len(same) - same.sum(axis=0), index=shared)
    return {
        "columns_shared": len(shared),
        "columns_missing": len(theirs.columns) - len(shared),
        "values_compared": int(same.size),
        "values_apart": int((~same).sum()),
        "columns_most_apart": apart[apart > 0].sort_values(ascending=False).head(5).to_dict(),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv")
    parser.add_argument("--settings", choices=GRIDS, default="efficient")
    parser.add_argument("--jobs", type=int, default=1, help="processes; 0 or 1: none but this one")
    parser.add_argument("--ours", help="our features of the same file, to compare values")
    args = parser.parse_args()
    warnings.filterwarnings("ignore")

    long = long_form(args.csv)
    begun = time.perf_counter()
    features = extract_features(
        long,
        column_id="CONS_NO",
        column_sort="day",
        column_value="value",
        default_fc_parameters=GRIDS[args.settings](),
        n_jobs=args.jobs if args.jobs > 1 else 0,
        disable_progressbar=True,
    )
    seconds = time.perf_counter() - begun
    answer = {
        "consumers": len(features),
        "features": features.shape[1],
        "seconds": seconds,
        "series_per_s": len(features) / seconds,
    }
    if args.ours:
        answer |= agreement(args.ours, features)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
