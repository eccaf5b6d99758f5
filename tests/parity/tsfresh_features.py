"""tsfresh's features of every series of a long CSV (id,time,value), comprehensive and index-based, to a CSV.

    python tests/parity/tsfresh_features.py READINGS.csv FEATURES.csv [CALCULATOR TO LEAVE OUT ...]
"""
import sys
import warnings
from pathlib import Path

import pandas as pd

sys.path.append(str(Path(__file__).resolve().parents[2] / "oracles"))
from make_tsfresh_goldens import SETTINGS, extract  # noqa: E402


def main():
    readings, features, *left_out = sys.argv[1:]
    warnings.simplefilter("ignore")
    frame = pd.read_csv(readings, dtype={"id": str}, parse_dates=["time"], float_precision="round_trip").set_index("time")
    table = extract(frame, {name: grid for name, grid in SETTINGS.items() if name not in left_out})
    table.to_csv(features, index_label="id", float_format=lambda value: repr(float(value)))


if __name__ == "__main__":
    main()
