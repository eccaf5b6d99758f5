"""Goldens of tsfresh: of every calculator, and of several kinds of series.

    python -m venv venv && venv/bin/pip install -r oracles/requirements-tsfresh.txt
    venv/bin/python oracles/make_tsfresh_goldens.py

tests/goldens/tsfresh/<calculator>.csv: a row a feature, a column a series of series.txt. Daily dates from 2014-01-01, for
linear_trend_timewise. The longest series takes 20 GB of memory: tsfresh's approximate_entropy compares all pairs at once.
tests/goldens/tsfresh/kinds.json: readings of three kinds, the settings of each, and the table tsfresh makes of them.
"""
import csv
import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from tsfresh import extract_features
from tsfresh.feature_extraction import ComprehensiveFCParameters
from tsfresh.feature_extraction.settings import IndexBasedFCParameters

SETTINGS = {**ComprehensiveFCParameters(), **IndexBasedFCParameters()}
FOLDER = Path(__file__).resolve().parents[1] / "tests" / "goldens" / "tsfresh"


def series():
    """Name -> values. Rounded as files hold them, so that text and memory agree."""
    random = np.random.default_rng(20140101)
    day = np.arange(400)
    week = 1 + 0.3 * np.isin(day % 7, (5, 6))
    house = np.round((9 + 4 * np.cos(2 * np.pi * day / 365.25)) * week * random.lognormal(0, 0.3, day.size), 2)
    made = {f"house_{n}": house[:n] for n in (1, 2, 3, 4, 5, 7, 10, 12, 20, 21, 35, 50, 100, 200, 365, 400)}
    made["zero_streaks"] = np.where((day > 150) & (day < 210) | (day % 50 < 3), 0, house)[:300]
    made["drop"] = np.round(np.where(day > 220, 0.3 * house, house), 3)
    made["constant_30"] = np.full(30, 4.25)
    made["constant_2"] = np.full(2, 7.0)
    made["zeros_60"] = np.zeros(60)
    made["counts"] = random.poisson(2, 150).astype(float)
    made["binary"] = (random.random(120) < 0.4).astype(float)
    made["walk"] = np.round(np.cumsum(random.normal(0, 1, 260)), 4)
    made["below_zero"] = np.round(random.normal(-3, 1, 90), 3)
    made["sparse"] = np.where(random.random(180) < 0.08, np.round(random.exponential(20, 180), 2), 0)
    made["large"] = np.round(random.lognormal(13, 0.5, 140), 1)
    made["small"] = np.round(random.lognormal(-11, 0.4, 140), 9)
    made["sine"] = np.round(np.sin(2 * np.pi * np.arange(128) / 16) + 0.05 * random.normal(size=128), 5)
    made["uneven_trend"] = np.round(0.07 * np.arange(110) + random.normal(0, 0.5, 110), 3)
    made["half_hours"] = np.round(random.gamma(1.2, 0.3, 336) * (1 + np.sin(np.pi * np.arange(336) / 24) ** 2), 3)
    made["heavy_tails"] = np.round(random.standard_t(2, 170), 3)
    made["two_values_far_apart"] = np.where(random.random(45) < 0.3, 90.0, 0.5)
    year = np.arange(17520)
    made["half_hours_year"] = np.round(
        random.gamma(1.5, 0.2, year.size) * (1 + np.sin(np.pi * year / 48) ** 2) * (1 + 0.5 * np.cos(2 * np.pi * year / 17520)), 2)
    made["half_hours_5000"] = np.where(random.random(5000) < 0.02, 0, made["half_hours_year"][6000:11000])
    return made


def extract(frame, settings=None, kinds=None):
    """`frame`: id, value and perhaps kind, indexed by time."""
    return extract_features(frame, column_id="id", column_value="value", column_kind="kind" if "kind" in frame else None,
                            default_fc_parameters=settings, kind_to_fc_parameters=kinds, n_jobs=0, disable_progressbar=True,
                            impute_function=None)


def write(path, features, columns, names):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", delimiter=";", quoting=csv.QUOTE_NONE, quotechar=None)
        writer.writerow(["feature", *names])
        for column in columns:
            writer.writerow([column, *[repr(float(features.loc[name, column])) for name in names]])


def write_kinds():
    """Three kinds of other lengths and names than the alphabet's order, each with settings of its own."""
    random = np.random.default_rng(3)
    lengths = {"volt_age": 40, "energy": 60, "heat": 25}
    readings = [(consumer, kind, day, float(np.round(random.gamma(2, 3), 2)))
                for consumer in ("second", "first") for kind, length in lengths.items() for day in range(length)]
    kinds = {"volt_age": {"mean": None, "quantile": [{"q": 0.3}], "linear_trend": [{"attr": "slope"}]},
             "energy": {"length": None, "cwt_coefficients": [{"widths": (2, 5), "coeff": 3, "w": 5}],
                        "agg_linear_trend": [{"attr": "stderr", "chunk_len": 7, "f_agg": "max"}]},
             "heat": {name: SETTINGS[name] for name in ("fft_aggregated", "maximum", "symmetry_looking", "energy_ratio_by_chunks")}}
    frame = pd.DataFrame(readings, columns=["id", "kind", "day", "value"])
    features = extract(frame.set_index(pd.Timestamp("2014-01-01") + pd.to_timedelta(frame.pop("day"), "D")), kinds=kinds)
    golden = {"readings": readings, "settings": {"kinds": kinds}, "columns": list(features.columns),
              "values": {name: list(map(float, row)) for name, row in zip(features.index, features.values)}}
    (FOLDER / "kinds.json").write_text(json.dumps(golden) + "\n")


def main():
    warnings.simplefilter("ignore")
    made = series()
    frame = pd.concat([pd.DataFrame({"id": name, "time": pd.Timestamp("2014-01-01") + pd.to_timedelta(np.arange(v.size), "D"),
                                     "value": v.astype(float)}) for name, v in made.items()])
    features = extract(frame.set_index("time"), SETTINGS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "series.txt", "w") as file:
        for name, values in made.items():
            file.write(" ".join([name, *map(repr, map(float, values))]) + "\n")
    for old in FOLDER.glob("*.csv"):
        old.unlink()
    by_calculator = {}
    for column in features.columns:
        by_calculator.setdefault(column.split("__")[1], []).append(column)
    for calculator, columns in by_calculator.items():
        write(FOLDER / f"{calculator}.csv", features, columns, made)
    write_kinds()


if __name__ == "__main__":
    main()
