"""Evidently's and alibi-detect's verdicts on the draws of bench/drift_rates.cc: a JSON document on standard output.

Usage: peer_drift.py FOLDER RATES.json CHECKS_UNCHANGED CHECKS_CHANGED. Windows of 1,000 against the whole reference.
Neither takes NaN in all its tests: a missing value becomes the reference's median, as their users do.
"""
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from alibi_detect.cd import KSDrift
from alibi_detect.utils.statstest import fdr
from evidently.legacy.calculations.stattests import get_stattest
from evidently.legacy.core import ColumnType

ALIBI_P = 0.05  # its default
DATASET_SHARE = 0.5  # Evidently calls a data set drifted from this share of its columns on


def filled(reference, current):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # columns without any value
        median = np.nan_to_num(np.nanmedian(reference, axis=0))
    clean = [np.where(np.isfinite(table), table, median) for table in (reference, current)]
    varies = clean[0].max(axis=0) > clean[0].min(axis=0)
    return clean[0][:, varies], clean[1][:, varies]


def evidently(reference, current, name):
    """Share of columns that its test calls drifted; name None: what it takes by itself at this size."""
    moved = 0
    for column in range(reference.shape[1]):
        before, after = pd.Series(reference[:, column]), pd.Series(current[:, column])
        test = get_stattest(before, after, ColumnType.Numerical, name)
        moved += bool(test(before, after, ColumnType.Numerical, None).drifted)
    return moved / reference.shape[1]


def verdicts(reference, current):
    by_default, by_psi = evidently(reference, current, None), evidently(reference, current, "psi")
    p, _ = KSDrift(reference, p_val=ALIBI_P).feature_score(reference, current)
    return {"evidently": by_default >= DATASET_SHARE, "evidently_any": by_default > 0, "evidently_psi": by_psi >= DATASET_SHARE,
            "evidently_psi_any": by_psi > 0, "alibi_bonferroni": bool((p < ALIBI_P / len(p)).any()), "alibi_fdr": bool(fdr(p, ALIBI_P)[0])}


def main(folder, rates, unchanged, changed):
    document = json.loads(Path(rates).read_text(encoding="utf-8"))
    shape = (document["rows"], document["features"])
    reference = np.fromfile(Path(folder) / document["changes"][0]["file"], np.float32).reshape(shape)
    answer = []
    for at, change in enumerate(document["changes"]):
        current = np.fromfile(Path(folder) / change["file"], np.float32).reshape(shape)
        draws = document["draws"][: int(changed if at else unchanged)]
        found = [verdicts(*filled(reference[draw["reference"]], current[draw["current"]])) for draw in draws]
        answer.append({"name": change["name"], "checks": len(found)} | {key: sum(one[key] for one in found) for key in found[0]})
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
