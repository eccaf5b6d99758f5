"""Both packages on one frame in one process; prints one JSON line.

    python bench/peer_python.py efficient CONSUMERS DAYS JOBS
"""
import json
import statistics
import sys
import time
import warnings

import numpy as np
import pandas as pd
import tsfresh

import meterhound

GRIDS = {"efficient": meterhound.EfficientFCParameters, "comprehensive": meterhound.ComprehensiveFCParameters}
RUNS = 5


def frame_of(consumers, days):
    """Daily use: a yearly swing, weekends, noise, a level of each consumer; every value its own."""
    dice = np.random.default_rng(7)
    day = np.arange(days)
    shape = 10 + 3 * np.cos(2 * np.pi * day / 365) + (day % 7 >= 5)
    use = dice.gamma(9, shape * dice.lognormal(0, 0.5, (consumers, 1)) / 9)
    return pd.DataFrame({"id": np.repeat([f"c{i:05}" for i in range(consumers)], days),
                         "day": np.tile(pd.date_range("2014-01-01", periods=days), consumers), "kwh": use.ravel()})


def timed(function, frame, settings, jobs):
    begun = time.perf_counter()
    table = function(frame, column_id="id", column_sort="day", default_fc_parameters=settings(), n_jobs=jobs,
                     disable_progressbar=True)
    return time.perf_counter() - begun, table


def main():
    name, *numbers = sys.argv[1:]
    consumers, days, jobs = map(int, numbers)
    warnings.filterwarnings("ignore")
    frame = frame_of(consumers, days)
    runs = sorted(timed(meterhound.extract_features, frame, GRIDS[name], jobs)[0] for _ in range(RUNS))
    ours = statistics.median(runs)
    theirs, table = timed(tsfresh.extract_features, frame, GRIDS[name], jobs)
    assert list(table.columns) == list(meterhound.extract_features(
        frame, column_id="id", column_sort="day", default_fc_parameters=GRIDS[name]()).columns)
    print(json.dumps({"ours": ours, "ours_fastest": runs[0], "ours_slowest": runs[-1], "tsfresh": theirs,
                      "ratio": theirs / ours, "features": table.shape[1]}))


if __name__ == "__main__":
    main()
