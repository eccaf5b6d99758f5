"""How close a simulated town is to real consumers, and how hard its thefts are to find.

    meterhound simulate ... --out town.csv
    python oracles/simulation_realism.py town.csv ../shared/data/sgcc191/recovered_wide.csv [--difficulty] [--halfhours REAL.csv.xz]

Both files have the SGCC form (CONS_NO, FLAG, one column a day; empty = missing). Prints quantiles of marginal statistics
of both, honest and theft apart. The real rows were clipped at mean + 3 sd, so the simulated ones are clipped alike.
--difficulty trains XGBoost on simple aggregates and prints cross-validated AUC by group of features; it tells whether the
town is about as hard as SGCC (AUC .85, coverage alone .76) and is never quoted as detection quality.
Pinned: numpy 2.4.6, pandas 3.1.1, scikit-learn 1.9.1, xgboost 3.2.0.
"""
import argparse
import warnings

import numpy as np
import pandas as pd


def read(path):
    wide = pd.read_csv(path)
    columns = [c for c in wide.columns if c not in ("CONS_NO", "FLAG")]
    dates = pd.to_datetime(pd.Index(columns))
    order = np.argsort(dates.to_numpy())
    return wide["FLAG"].to_numpy(), wide[columns].to_numpy(float)[:, order], dates[order]


def clip(x):
    return np.minimum(x, (np.nanmean(x, 1) + 3 * np.nanstd(x, 1))[:, None])


def runs(flags):
    """Lengths, starts and ends of runs of True."""
    edge = np.diff(np.concatenate([[0], flags.astype(int), [0]]))
    start, end = np.where(edge == 1)[0], np.where(edge == -1)[0]
    return end - start, start, end


def autocorrelation(row, lag):
    a, b = row[:-lag], row[lag:]
    both = ~np.isnan(a) & ~np.isnan(b)
    if both.sum() < 60 or a[both].std() == 0 or b[both].std() == 0:
        return np.nan
    return np.corrcoef(a[both], b[both])[0, 1]


def statistics(x, dates):
    """Name -> list of numbers to print: quantiles over consumers unless the name says otherwise."""
    q = lambda v: np.nanpercentile(v, [5, 25, 50, 75, 95])
    seen = ~np.isnan(x)
    mean, sd = np.nanmean(x, 1), np.nanstd(x, 1)
    zero = (x == 0).sum(1) / seen.sum(1)
    out = {"mean kWh/day": q(mean), "cv": q(sd / mean)}
    for lag in (1, 7, 30, 365):
        out[f"autocorrelation {lag}"] = q([autocorrelation(r, lag) for r in x])
    out["autocorrelation 1 of differences"] = q([autocorrelation(np.diff(r), 1) for r in x])
    out["mean |difference| / mean"] = q(np.nanmean(np.abs(np.diff(x)), 1) / mean)

    def months(year, which):
        return np.nanmean(x[:, (dates.year == year) & np.isin(dates.month, which)], 1)

    out["summer / spring 2016"] = q(months(2016, [7, 8]) / months(2016, [4, 5]))
    out["winter / spring 2016"] = q(months(2016, [1, 2]) / months(2016, [4, 5]))
    weekend = dates.weekday >= 5
    out["weekend / weekday"] = q(np.nanmean(x[:, weekend], 1) / np.nanmean(x[:, ~weekend], 1))
    out["zero share"] = q(zero)
    zero_runs = np.concatenate([runs(r == 0)[0] for r in x])
    out["zero runs: per consumer, share of 1, 2-3, 4-17, more"] = [
        len(zero_runs) / len(x), *[((zero_runs > a) & (zero_runs <= b)).mean() for a, b in ((0, 1), (1, 3), (3, 17), (17, 9999))]]
    missing = 1 - seen.mean(1)
    out["missing share"] = q(missing)
    out["missing by year 2014 2015 2016, all, over half"] = [
        *[1 - seen[:, dates.year == y].mean() for y in (2014, 2015, 2016)], missing.mean(), (missing > .5).mean()]
    lengths, lead, ends, count = [], 0, 0, []
    archive = np.searchsorted(dates.to_numpy(), np.datetime64("2016-01-01"))
    for row in seen:
        length, start, end = runs(~row)
        lengths.append(length)
        count.append(len(length))
        lead += len(start) > 0 and start[0] == 0
        ends += bool(np.any((end == archive) & (length > 30)))
    lengths = np.concatenate(lengths)
    out["gap lengths: share of 1, 2, 3-7, 8-30, more"] = [
        ((lengths > a) & (lengths <= b)).mean() for a, b in ((0, 1), (1, 2), (2, 7), (7, 30), (30, 9999))]
    out["gaps per consumer"] = q(count)
    out["share: first day missing; hole ends 2015-12-31; zeros pooled"] = [
        lead / len(x), ends / len(x), (x == 0).sum() / seen.sum()]
    return out


def compare(town, real):
    (label_s, x_s, dates_s), (label_r, x_r, dates_r) = town, real
    tables = [statistics(clip(x[label == flag]), dates)
              for flag in (0, 1) for label, x, dates in ((label_r, x_r, dates_r), (label_s, x_s, dates_s))]
    for name in tables[0]:
        print(name)
        for who, table in zip(("real honest", "sim  honest", "real theft ", "sim  theft "), tables):
            print("   ", who, " ".join(f"{v:9.3f}" for v in table[name]))


def aggregates(x):
    """(behaviour, coverage): simple per-consumer columns."""
    seen = ~np.isnan(x)
    n = x.shape[1]
    edges = np.linspace(0, n, 35).astype(int)
    spans = list(zip(edges[:-1], edges[1:]))
    months = np.column_stack([np.nanmean(x[:, a:b], 1) for a, b in spans])
    cover = np.column_stack([seen[:, a:b].mean(1) for a, b in spans])
    mean, sd = np.nanmean(x, 1), np.nanstd(x, 1)
    half, day = n // 2, np.arange(n)
    slope = [np.polyfit(day[s], r[s], 1)[0] if s.sum() > 2 else 0 for r, s in zip(x, seen)]
    behaviour = [mean, sd, sd / mean, np.nanmin(x, 1), np.nanmax(x, 1) / mean, (x == 0).sum(1) / seen.sum(1),
                 np.nanmean(x[:, half:], 1) / np.nanmean(x[:, :half], 1), slope / mean, *np.nanpercentile(x, [5, 25, 50, 75, 95], 1),
                 (months < .2 * mean[:, None]).sum(1), np.nanmean(np.abs(np.diff(x)), 1) / mean,
                 np.nanmin(np.diff(months), 1) / mean, np.nanmax(np.diff(months), 1) / mean,
                 [autocorrelation(r, 7) for r in x], [autocorrelation(r, 1) for r in x], *(months / mean[:, None]).T]
    longest = [max(runs(~s)[0], default=0) for s in seen]
    count = [len(runs(~s)[0]) for s in seen]
    coverage = [seen.mean(1), longest, count, seen.argmax(1), seen[:, ::-1].argmax(1), *cover.T]
    return np.column_stack(behaviour), np.column_stack(coverage)


def difficulty(town):
    from sklearn.metrics import average_precision_score, roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from xgboost import XGBClassifier
    label, x, _ = town
    behaviour, coverage = aggregates(x)
    behaviour[~np.isfinite(behaviour)] = np.nan
    level = behaviour[:, :1]
    for name, columns in (("all", np.hstack([behaviour, coverage])), ("behaviour", behaviour), ("coverage", coverage), ("mean use", level)):
        model = XGBClassifier(n_estimators=300, max_depth=4, learning_rate=.05, subsample=.8, colsample_bytree=.5, n_jobs=2, random_state=7)
        p = cross_val_predict(model, columns, label, cv=StratifiedKFold(5, shuffle=True, random_state=7), method="predict_proba")[:, 1]
        print(f"{name:10s} AUC {roc_auc_score(label, p):.3f}  AP {average_precision_score(label, p):.3f}  P@1% {label[np.argsort(-p)[:len(p) // 100]].mean():.2f}")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("town")
    args.add_argument("real", nargs="?")
    args.add_argument("--difficulty", action="store_true")
    a = args.parse_args()
    warnings.filterwarnings("ignore")
    np.seterr(all="ignore")
    town = read(a.town)
    if a.real:
        compare(town, read(a.real))
    if a.difficulty:
        difficulty(town)


if __name__ == "__main__":
    main()
