"""Extracts features with tsfx, the Rust port of tsfresh, from a wide CSV; prints one JSON line.

    POLARS_MAX_THREADS=2 python bench/peer_tsfx.py town.csv --settings comprehensive

The clock covers extraction alone: reading, filling gaps and reshaping are left out, in the peer's favour.
"""
import argparse
import json
import time

import numpy as np
import pandas as pd
import polars as pl
from tsfx import ExtractionSettings, FeatureSetting, extract_features


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv")
    parser.add_argument("--settings", choices=["minimal", "efficient", "comprehensive"], default="efficient")
    args = parser.parse_args()
    wide = pd.read_csv(args.csv)
    days = sorted(wide.columns.drop(["CONS_NO", "FLAG"]), key=lambda day: pd.to_datetime(day, format="%Y/%m/%d"))
    x = wide[days].ffill(axis=1).bfill(axis=1).fillna(0.0).to_numpy(float)
    frame = pl.DataFrame({"id": np.repeat(np.arange(len(x)), x.shape[1]), "value": x.ravel()})
    settings = ExtractionSettings(
        grouping_cols=["id"], value_cols=["value"], feature_setting=getattr(FeatureSetting, args.settings.capitalize()))
    begun = time.perf_counter()
    features = extract_features(frame.lazy(), settings)
    features = features.collect() if hasattr(features, "collect") else features
    seconds = time.perf_counter() - begun
    print(json.dumps({"consumers": len(x), "features": features.shape[1] - 1, "seconds": seconds,
                      "series_per_s": len(x) / seconds}))


if __name__ == "__main__":
    main()
