#!/usr/bin/env python3
"""Makes tests/goldens/monitor/drift.json with scipy 1.17.1 and Evidently 0.7.23 (oracles/requirements-drift.txt).

    oracles/make_drift_goldens.py            # writes it
    oracles/make_drift_goldens.py --check    # says whether what is there is what the peers give

Samples come from `uniforms`, a formula that tests/unit/monitor repeats in C++, so only outputs are stored.
"""
import argparse
import json
import math
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from evidently.legacy.calculations.stattests.psi import _psi
from evidently.legacy.core import ColumnType
from scipy import stats

GOLDENS = Path(__file__).resolve().parent.parent / "tests" / "goldens" / "monitor" / "drift.json"


def uniforms(count, stream):
    """Numbers in [0, 1) by SplitMix64 from state stream * 0x9e3779b97f4a7c15: the same in C++."""
    with np.errstate(over="ignore"):
        step = np.uint64(0x9E3779B97F4A7C15)
        z = step * np.uint64(stream) + step * np.arange(1, count + 1, dtype=np.uint64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(float) * 2.0**-53


def sample(count, stream, scale, shift, levels):
    values = uniforms(count, stream) * scale + shift
    return np.floor(values * levels) / levels if levels else values


def drawn(n1, n2, scale=1.0, shift=0.0, levels=0):
    """Two samples, and what tells the test how to draw them again."""
    case = {"n1": n1, "n2": n2, "streams": [n1 % 97 + 1, n2 % 89 + 101], "scale": scale, "shift": shift, "levels": levels}
    return case, sample(n1, case["streams"][0], 1.0, 0.0, levels), sample(n2, case["streams"][1], scale, shift, levels)


def two_samples():
    sizes = [(1, 1), (1, 9), (5, 7), (10, 10), (30, 200), (200, 200), (200, 1000), (999, 1000), (1000, 5000), (2000, 3000),
             (10000, 50), (10001, 3), (12000, 200), (12000, 1000), (12000, 12000), (20000, 1), (30000, 140), (40000, 700)]
    changes = [(1.0, 0.0, 0), (1.0, 0.0, 12), (1.0, 0.03, 0), (1.2, 0.0, 0), (1.0, 0.3, 0), (1.0, 0.3, 5), (1.0, 1.5, 0)]
    cases = []
    for n1, n2 in sizes:
        for change in changes:
            case, first, second = drawn(n1, n2, *change)
            found = stats.ks_2samp(first, second)
            cases.append(case | {"statistic": float(found.statistic), "p": float(found.pvalue)})
    return cases


def one_sample():
    """The distribution that stands for the exact one above 10,000 values, in every region of its computation."""
    sizes = [1, 2, 3, 10, 50, 139, 140, 141, 198, 500, 923, 3000, 6000, 20000, 99999, 100001]
    cases = []
    for n in sizes:
        grid = [0.3 / n, 0.51 / n, 0.9 / n, 1 / n, 1.3 / n, 0.5, 0.7, 1 - 0.5 / n]
        grid += [z / math.sqrt(n) for z in (0.3, 0.45, 0.6, 0.8, 0.868, 1.0, 1.2, 1.48, 1.49, 1.9, 2.1, 3, 4.5, 9)]
        for d in grid:
            if 0 < d < 1:
                cases.append({"n": n, "d": d, "p": float(stats.kstwo.sf(d, n))})
    return cases


def chi_square():
    cases = []
    for freedom in (1, 2, 9, 10, 29, 100):
        for x in (0.01, 0.5, 1, 5, 9, 20, 45, 120, 400):
            cases.append({"freedom": freedom, "x": x, "tail": float(stats.chi2.sf(x, freedom))})
    quantiles = [{"freedom": freedom, "tail": tail, "x": float(stats.chi2.isf(tail, freedom))}
                 for freedom in (1, 2, 9, 10, 29, 100) for tail in (0.9, 0.5, 0.05, 1e-3, 4e-6, 1e-12)]
    return {"tails": cases, "quantiles": quantiles}


def tables():
    """Two-sample chi-square over bins, none of them rare."""
    cases = []
    for reference, current in (([100, 200, 300], [30, 20, 50]), ([1000] * 10, [18, 22, 25, 15, 20, 20, 19, 21, 30, 10]), ([50, 50], [50, 50])):
        p = stats.chi2_contingency([reference, current], correction=False).pvalue
        cases.append({"reference": reference, "current": current, "p": float(p)})
    return cases


def proportions():
    cases = []
    for a, n, b, m in ((100, 1000, 130, 1000), (850, 10000, 34, 200), (0, 12000, 2, 200), (3, 40, 1, 35), (500, 5000, 520, 5000), (5, 10, 5, 10)):
        table = [[a, n - a], [b, m - b]]
        expected = stats.contingency.expected_freq(table)
        p = stats.fisher_exact(table).pvalue if expected.min() < 10 else stats.chi2_contingency(table, correction=False).pvalue
        cases.append({"hits_1": a, "n_1": n, "hits_2": b, "n_2": m, "p": float(p)})
    return cases


def means():
    cases = []
    for n1, n2, scale, shift in ((20, 30, 1.0, 0.1), (200, 1000, 2.0, -0.4), (5000, 300, 1.1, 0.0)):
        case, first, second = drawn(n1, n2, scale, shift)
        p = stats.ttest_ind(first, second, equal_var=False).pvalue
        cases.append(case | {"change": float(second.mean() - first.mean()), "p": float(p)})
    return cases


def false_discovery():
    cases = []
    for count, power in ((1, 1), (5, 3), (200, 2), (800, 6)):
        p = uniforms(count, 301 + count) ** power
        cases.append({"count": count, "power": power, "adjusted": [float(v) for v in stats.false_discovery_control(p)]})
    return cases


def stability():
    """Evidently's index. Its histogram's edges are given, since it bins both samples together by Sturges' rule."""
    cases = []
    for n1, n2, scale, shift, levels in ((500, 200, 1.0, 0.0, 0), (2000, 1000, 1.2, 0.05, 0), (5000, 5000, 1.0, 0.4, 0), (300, 300, 1.0, 2.0, 0),
                                         (1000, 400, 1.3, 0.0, 8), (100, 9000, 1.0, 0.5, 4), (9000, 100, 1.0, 0.0, 20)):
        case, first, second = drawn(n1, n2, scale, shift, levels)
        reference, current = pd.Series(first), pd.Series(second)
        psi, _ = _psi(reference, current, ColumnType.Numerical, 0.1)
        edges = [] if reference.nunique() <= 20 else [float(edge) for edge in np.histogram_bin_edges(np.concatenate([first, second]), bins="sturges")]
        cases.append(case | {"edges": edges, "psi": float(psi)})
    return cases


def same(a, b):
    if isinstance(a, float) or isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    return a == b


def dump(golden):
    """A case a line."""
    def lines(cases):
        return "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]"
    parts = [f'"{name}": ' + (lines(cases) if isinstance(cases, list) else json.dumps(cases)) for name, cases in golden.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    warnings.simplefilter("ignore")  # scipy's, where it leaves the exact way
    golden = {"two_samples": two_samples(), "one_sample": one_sample(), "chi_square": chi_square(), "tables": tables(),
              "proportions": proportions(), "means": means(), "false_discovery": false_discovery(), "stability": stability()}
    if not options.check:
        GOLDENS.parent.mkdir(parents=True, exist_ok=True)
        GOLDENS.write_text(dump(golden))
        return 0
    held = json.loads(GOLDENS.read_text())
    stale = [part for part in golden if not same(golden[part], held.get(part))]
    for part in stale:
        print(f"{GOLDENS}: `{part}` is not what the peers give", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
