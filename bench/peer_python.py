"""Both packages on one frame in one process; prints one JSON line.

    python bench/peer_python.py efficient CONSUMERS DAYS JOBS
"""
import json
import resource
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


def cpu_seconds():
    """Of this process and those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def timed(function, frame, settings, jobs):
    """(seconds by the clock, seconds of processors, the table)"""
    begun, used = time.perf_counter(), cpu_seconds()
    table = function(frame, column_id="id", column_sort="day", default_fc_parameters=settings(), n_jobs=jobs,
                     disable_progressbar=True)
    return time.perf_counter() - begun, cpu_seconds() - used, table


def main():
    name, *numbers = sys.argv[1:]
    consumers, days, jobs = map(int, numbers)
    warnings.filterwarnings("ignore")
    frame = frame_of(consumers, days)
    ours = [timed(meterhound.extract_features, frame, GRIDS[name], jobs) for _ in range(RUNS)]
    theirs, their_cpu, table = timed(tsfresh.extract_features, frame, GRIDS[name], jobs)
    ours += [timed(meterhound.extract_features, frame, GRIDS[name], jobs) for _ in range(RUNS)]
    wall, cpu = (statistics.median(run[i] for run in ours) for i in (0, 1))
    assert list(table.columns) == list(ours[0][2].columns)
    print(json.dumps({"ours": wall, "ours_fastest": min(run[0] for run in ours), "ours_slowest": max(run[0] for run in ours),
                      "ours_cpu": cpu, "tsfresh": theirs, "tsfresh_cpu": their_cpu, "ratio_clock": theirs / wall,
                      "ratio_cpu": their_cpu / cpu, "features": table.shape[1]}))


if __name__ == "__main__":
    main()
