"""Other feature libraries on the rows of a wide CSV, one process, for context: they compute other features.

    python bench/peer_context.py town.csv TOOL      (tsfel, catch22 or tsflex: tsfresh's efficient functions by tsflex)

Prints one JSON line. The clock covers extraction alone.
"""
import argparse
import contextlib
import io
import json
import time
import warnings

import numpy as np
import pandas as pd


def by_tsfel(x):
    import tsfel

    settings = tsfel.get_features_by_domain()
    # At the rate 100 its columns are named apart; at 1 two of them get the same name and it stops.
    return lambda series: tsfel.time_series_features_extractor(settings, series, fs=100, verbose=0).shape[1]


def by_catch22(x):
    import pycatch22

    return lambda series: len(pycatch22.catch22_all(series.tolist())["values"])


def by_tsflex(x):
    from tsflex.features import FeatureCollection, MultipleFeatureDescriptors
    from tsflex.features.integrations import tsfresh_settings_wrapper
    from tsfresh.feature_extraction import EfficientFCParameters

    settings = EfficientFCParameters()
    del settings["linear_trend_timewise"]  # needs dates, which tsfresh's own table of this file leaves out too
    functions = tsfresh_settings_wrapper(settings)
    n = x.shape[1]
    collection = FeatureCollection(MultipleFeatureDescriptors(functions, "value", windows=n, strides=n))
    index = pd.RangeIndex(n)
    return lambda series: collection.calculate(
        pd.Series(series, index=index, name="value"), include_final_window=True, n_jobs=1, return_df=True).shape[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv")
    parser.add_argument("tool", choices=["tsfel", "catch22", "tsflex"])
    args = parser.parse_args()
    warnings.filterwarnings("ignore")
    wide = pd.read_csv(args.csv).drop(columns=["CONS_NO", "FLAG"])
    x = wide.ffill(axis=1).bfill(axis=1).fillna(0.0).to_numpy(float)
    with contextlib.redirect_stdout(io.StringIO()):  # their progress
        extract = {"tsfel": by_tsfel, "catch22": by_catch22, "tsflex": by_tsflex}[args.tool](x)
        features = extract(x[0])  # loads what they load on the first call
        begun = time.perf_counter()
        for series in x:
            extract(series)
        seconds = time.perf_counter() - begun
    print(json.dumps({"consumers": len(x), "features": features, "seconds": seconds, "series_per_s": len(x) / seconds}))


if __name__ == "__main__":
    main()
