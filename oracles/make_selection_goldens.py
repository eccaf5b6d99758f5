#!/usr/bin/env python3
"""Writes tests/goldens/selection.json: tsfresh's relevance tables for a small table of features and several targets.

    python3 -m venv oracle && oracle/bin/pip install -r oracles/requirements-tsfresh.txt
    oracle/bin/python oracles/make_selection_goldens.py

The features are made to meet every branch: ties, two values, constants, classes small enough for the exact Mann-Whitney
test, and columns that are one another's negative.
"""
import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from tsfresh.feature_selection.relevance import calculate_relevance_table

ROWS = 70


def features(dice):
    y = dice.normal(size=ROWS)
    table = {
        "noise": dice.normal(size=ROWS),
        "line": y + 0.5 * dice.normal(size=ROWS),
        "negative": -y + dice.normal(size=ROWS),
        "rounded": np.round(y + dice.normal(size=ROWS)),
        "ties": dice.integers(0, 4, ROWS).astype(float),
        "binary": (y + dice.normal(size=ROWS) > 0).astype(float),
        "rare": (np.arange(ROWS) % 23 == 0).astype(float),
        "other_binary": np.where(dice.random(ROWS) < 0.4, -3.5, 8.25),
        "constant": np.full(ROWS, 4.0),
    }
    for i in range(12):
        table[f"mixed_{i}"] = 0.15 * i * y + dice.normal(size=ROWS)
    return pd.DataFrame(table), y


def rows_of(table):
    return {
        row.feature: [row.type, None if np.isnan(row.p_value) else row.p_value, bool(row.relevant)]
        for row in table.itertuples()
    }


def main():
    warnings.filterwarnings("ignore")
    x, y = features(np.random.default_rng(20))
    targets = {
        "number": y,
        "two": (y > 0.3).astype(int),
        "few": (np.argsort(np.argsort(-y)) < 6).astype(int),
        "three": np.digitize(y, [-0.5, 0.6]),
    }
    cases = [
        {"target": "number", "task": "regression"},
        {"target": "number", "task": "regression", "independent": True, "fdr_level": 0.2},
        {"target": "two", "task": "classification"},
        {"target": "two", "task": "classification", "independent": True},
        {"target": "two", "task": "classification", "test": "smir"},
        {"target": "few", "task": "classification"},
        {"target": "three", "task": "classification"},
        {"target": "three", "task": "classification", "multiclass": True, "n_significant": 2},
    ]
    for case in cases:
        table = calculate_relevance_table(
            x,
            pd.Series(targets[case["target"]]),
            ml_task=case["task"],
            n_jobs=0,
            multiclass=case.get("multiclass", False),
            n_significant=case.get("n_significant", 1),
            fdr_level=case.get("fdr_level", 0.05),
            hypotheses_independent=case.get("independent", False),
            test_for_binary_target_real_feature=case.get("test", "mann"),
        )
        if case.get("multiclass"):
            names = [c for c in table.columns if c.startswith("p_value_")]
            table["p_value"] = table[names].min(axis=1)
        case["relevance"] = rows_of(table)
    golden = {
        "columns": list(x.columns),
        "rows": x.to_numpy().tolist(),
        "targets": {name: np.asarray(values, float).tolist() for name, values in targets.items()},
        "cases": cases,
    }
    path = Path(__file__).resolve().parents[1] / "tests" / "goldens" / "selection.json"
    path.write_text(json.dumps(golden) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
