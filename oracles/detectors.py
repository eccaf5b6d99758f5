"""Makes tests/goldens/detectors with scikit-learn 1.9.1, imbalanced-learn 0.14.2, xgboost 3.2.0 and shap 0.51.0.

Run: python oracles/detectors.py   (versions as pinned in oracles/requirements-detectors.txt)
Inputs come from `uniforms`, a formula that tests/unit/detectors repeats in C++, so only outputs are stored.
"""

import json
import pathlib
import warnings

import numpy as np
import shap
import xgboost
from imblearn.combine import SMOTETomek
from imblearn.over_sampling import SMOTE
from imblearn.under_sampling import TomekLinks
from sklearn.calibration import _sigmoid_calibration
from sklearn.ensemble import IsolationForest
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

GOLDENS = pathlib.Path(__file__).resolve().parent.parent / "tests" / "goldens" / "detectors"


def uniforms(count, stream):
    """Numbers in [0, 1) by SplitMix64 from state stream * 0x9e3779b97f4a7c15: the same in C++."""
    with np.errstate(over="ignore"):
        step = np.uint64(0x9E3779B97F4A7C15)
        z = step * np.uint64(stream) + step * np.arange(1, count + 1, dtype=np.uint64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(float) * 2.0**-53


def map_at(scores, labels, depth):
    """MAP@depth of Zheng et al. 2018."""
    first = labels[np.argsort(-scores, kind="stable")][:depth]
    hits = np.flatnonzero(first) + 1
    return float(np.mean(np.arange(1, len(hits) + 1) / hits)) if len(hits) else 0.0


def metrics():
    cases = []
    for name, levels in (("distinct", 0), ("ties", 40)):
        n = 2000
        p = uniforms(n, 11) ** 2
        if levels:
            p = (np.floor(p * levels) + 0.5) / levels
        y = (uniforms(n, 12) < 0.02 + 0.5 * p**1.5).astype(int)
        case = {"name": name, "rows": n, "levels": levels, "thefts": int(y.sum())}
        case["roc_auc"] = roc_auc_score(y, p)
        case["pr_auc"] = average_precision_score(y, p)
        case["brier"] = brier_score_loss(y, p)
        logit = np.log(np.clip(p, 1e-6, 1 - 1e-6) / (1 - np.clip(p, 1e-6, 1 - 1e-6)))
        fit = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10000).fit(logit[:, None], y)
        case["calibration_slope"] = float(fit.coef_[0, 0])
        if not levels:
            order = np.argsort(-p, kind="stable")
            for share in (0.01, 0.05, 0.10):
                k = round(share * n)
                case[f"precision_at_{share}"] = float(y[order[:k]].mean())
                case[f"recall_at_{share}"] = float(y[order[:k]].sum() / y.sum())
            case["map_at_100"] = map_at(p, y, 100)
            case["map_at_200"] = map_at(p, y, 200)
            bins = np.array_split(order, 10)
            case["ece"] = float(sum(len(b) / n * abs(y[b].mean() - p[b].mean()) for b in bins))
        cases.append(case)
    return cases


def forest_data():
    """1,500 rows x 8: a curved crowd, one constant column, 60 strangers (label 1) at its edge and outside."""
    n, strangers = 1500, 60
    u = uniforms(n * 8, 21).reshape(n, 8)
    x = np.empty_like(u)
    for j in range(8):
        x[:, j] = np.sqrt(u[:, j]) * (j + 1) + u[:, (j + 3) % 8]
    x[:, 5] = 7.0
    y = np.zeros(n, int)
    y[:strangers] = 1
    x[:strangers, 0] += 1.5 * u[:strangers, 1]
    x[:strangers, 2] -= 2.5 * u[:strangers, 6]
    x[:strangers, 4] += 2.0 * u[:strangers, 3]
    return x, y


def forest():
    x, y = forest_data()
    scores = []
    for seed in range(20):
        scores.append(-IsolationForest(n_estimators=100, max_samples=256, random_state=seed).fit(x).score_samples(x))
    mean = np.mean(scores, axis=0)
    aucs = [roc_auc_score(y, s) for s in scores]
    between = np.corrcoef([np.argsort(np.argsort(s)) for s in scores])
    return {
        "mean_scores": [round(float(s), 6) for s in mean],
        "auc_mean": float(np.mean(aucs)),
        "auc_sd": float(np.std(aucs, ddof=1)),
        "spearman_to_mean_least": float(min(np.corrcoef(np.argsort(np.argsort(mean)), np.argsort(np.argsort(s)))[0, 1] for s in scores)),
        "spearman_between_least": float(between.min()),
    }


def tree_data(n=600, columns=6):
    """Rows with a tenth of the values missing; label from two interactions."""
    u = uniforms(n * columns, 31).reshape(n, columns)
    x = np.round(u * 16) / 4 + u
    z = (x[:, 0] > 2.5) * 1.5 + (x[:, 1] * x[:, 2] > 6) * 1.2 - 1.8
    y = (uniforms(n, 32) < 1 / (1 + np.exp(-z))).astype(int)
    x[uniforms(n * columns, 33).reshape(n, columns) < 0.1] = np.nan
    return x, y


def trees():
    x, y = tree_data()
    data = xgboost.DMatrix(x, y)
    model = xgboost.train(
        {"objective": "binary:logistic", "max_depth": 4, "learning_rate": 0.3, "tree_method": "hist", "nthread": 1, "seed": 7},
        data,
        num_boost_round=12,
    )
    model.save_model(GOLDENS / "trees.ubj")
    rows = x[:40]
    part = xgboost.DMatrix(rows)
    explainer = shap.TreeExplainer(model)
    values = explainer.shap_values(rows)
    expected = float(np.ravel(explainer.expected_value)[0])
    own = model.predict(part, pred_contribs=True)
    assert np.abs(own[:, :-1] - values).max() < 1e-5
    return {
        "margins": model.predict(part, output_margin=True).astype(float).tolist(),
        "shap": np.round(values, 7).tolist(),
        "expected": expected,
        "margins_all_sum": float(model.predict(data, output_margin=True).astype(float).sum()),
    }


def smote_data():
    """300 rows x 4, 60 of them minority, overlapping."""
    n, few = 300, 60
    x = uniforms(n * 4, 41).reshape(n, 4) * np.array([1.0, 2.0, 0.5, 3.0])
    y = np.zeros(n, int)
    y[::5] = 1
    assert y.sum() == few
    x[y == 1] += 0.35
    return x, y


def smote():
    x, y = smote_data()
    cleaner = TomekLinks(sampling_strategy="all")
    cleaner.fit_resample(x, y)
    kept = set(cleaner.sample_indices_.tolist())
    sampler = SMOTETomek(random_state=3)
    _, resampled = sampler.fit_resample(x, y)
    _, grown = SMOTE(random_state=3).fit_resample(x, y)
    return {
        "tomek_removed": sorted(set(range(len(y))) - kept),
        "smote_counts": np.bincount(grown).tolist(),
        "smote_tomek_counts": np.bincount(resampled).tolist(),
    }


def calibration():
    n = 500
    margin = np.round((uniforms(n, 51) - 0.7) * 60) / 10  # ties
    y = (uniforms(n, 52) < 1 / (1 + np.exp(-(0.8 * margin - 0.5)))).astype(int)
    a, b = _sigmoid_calibration(margin, y)
    iso = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(margin, y)
    grid = np.linspace(-6, 3, 91)
    return {
        "platt_slope": float(-a),
        "platt_intercept": float(-b),
        "grid": grid.tolist(),
        "isotonic": iso.predict(grid).astype(float).tolist(),
    }


def main():
    warnings.filterwarnings("ignore")
    GOLDENS.mkdir(parents=True, exist_ok=True)
    for make in (metrics, forest, trees, smote, calibration):
        path = GOLDENS / f"{make.__name__}.json"
        path.write_text(json.dumps(make()) + "\n")
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
