"""Writes tests/goldens/bill_calculators.json: series of bills and what numpy, scipy and pandas say of them.

    python oracles/make_bill_goldens.py      # numpy 2.4.6, scipy 1.17.1, pandas 3.1.1

Every formula is written from its one-line description with the peers' own functions, not from the C++.
"""
import json
import pathlib
import warnings

import numpy as np
import pandas as pd
import scipy.stats

NAN = float("nan")
YEAR = pd.Timedelta(days=365.25)


def attrs(compute):
    return lambda x: {f'attr_"{name}"': value for name, value in compute(x).items()}


def grid(name, numbers, compute):
    return lambda x: {f"{name}_{number}": compute(x, number) for number in numbers}


def ratio(a, b):
    return a / b if b != 0 and not np.isnan(b) else NAN


def mean(x):
    return x.mean() if len(x) else NAN


def log(x):
    return np.log(np.maximum(x, 0) + 10)


def days(delta):
    return delta / pd.Timedelta(days=1)


def since_1970(date):
    return days(date - pd.Timestamp("1970-01-01"))


def statistic(x):
    quantile = np.quantile(x, [0.5, 0.1, 0.9])
    return {
        "mean": np.mean(x), "standard_deviation": np.std(x), "minimum": np.min(x), "maximum": np.max(x),
        "median": quantile[0], "quantile_10": quantile[1], "quantile_90": quantile[2], "sum": np.sum(x),
        "skewness": scipy.stats.skew(x) if np.ptp(x) > 0 else NAN, "variation": ratio(np.std(x), np.mean(x)),
    }


def step(x):
    d = x.diff().dropna()
    return {"minimum": d.min(), "maximum": d.max(), "mean_absolute": d.abs().mean()}


def relative_step(x):
    d = log(x).diff().iloc[1:]
    if len(d) == 0:
        return dict.fromkeys(("falls", "rises", "mean_absolute", "recent_mean_absolute", "largest_fall", "largest_rise",
                              "fall_age", "rise_age"), NAN)
    age = lambda at: days(x.index[-1] - d.index[at])
    return {
        "falls": (d < -0.7).sum(), "rises": (d > 0.7).sum(), "mean_absolute": d.abs().mean(),
        "recent_mean_absolute": d.abs().tail(6).mean(), "largest_fall": d.min(), "largest_rise": d.max(),
        "fall_age": age(int(d.to_numpy().argmin())), "rise_age": age(int(d.to_numpy().argmax())),
    }


def changes(x):
    d = x.diff().dropna() != 0
    return {"count": d.sum(), "share": mean(d), "distinct": x.nunique()}


def trend(x):
    if len(x) < 2:
        return {"slope": NAN, "relative": NAN}
    slope = np.polyfit(np.arange(len(x)), x.to_numpy(), 1)[0]
    return {"slope": slope, "relative": ratio(slope, x.mean())}


def extreme_age(x):
    v = x.to_numpy()
    return {"maximum": len(v) - 1 - v.argmax(), "minimum": len(v) - 1 - v.argmin()}


def longest(flags):
    runs = flags.groupby((~flags).cumsum()).sum()
    return runs.max() if len(runs) else 0


def at_end(flags):
    return int(flags[::-1].cumprod().sum())


def zeros(x):
    z = (x == 0).reset_index(drop=True)
    return {"share": z.mean(), "longest_run": longest(z), "last_run": at_end(z.to_numpy())}


def repeats(x):
    same = (x.diff() == 0).to_numpy()[1:]
    return {"share": mean(same), "last_run": at_end(same) + 1, "tens": (x % 10 == 0).mean(), "hundreds": (x % 100 == 0).mean()}


def year_mean(x, k):
    end = x.index[-1] - k * YEAR
    return mean(x[(x.index > end - YEAR) & (x.index <= end)])


def year_on_year(x, k):
    if k >= len(x):
        return NAN
    at = len(x) - 1 - k
    distance = np.abs((x.index[:at] - (x.index[at] - YEAR)).total_seconds().to_numpy())
    if len(distance) == 0 or distance.min() >= 80 * 86400:
        return NAN
    return log(x.iloc[at]) - log(x.iloc[int(distance.argmin())])


def seasonal_residual(x):
    residual = x - x.groupby((x.index.month - 1) // 2).transform("mean")
    scale = abs(x.mean()) + 10
    return {"deviation": np.std(residual) / scale, "recent_mean": residual.tail(4).mean() / scale,
            "recent_minimum": residual.tail(4).min() / scale, "minimum": residual.min() / scale}


def change_point(x):
    n = len(x)
    names = ("fall", "fall_age", "rise", "rise_age", "score", "score_age")
    if n < 6:
        return dict.fromkeys(names, NAN)
    splits = range(3, n - 2)
    levels = [(x.iloc[:i].mean(), x.iloc[i:].mean()) for i in splits]
    change = np.array([log(b) - log(a) for a, b in levels])
    spread = np.std(x)
    score = np.array([abs(b - a) / spread * np.sqrt(i * (n - i) / n) if spread > 0 else 0
                      for i, (a, b) in zip(splits, levels)])
    age = lambda place, found: days(x.index[-1] - x.index[splits[int(place)]]) if found else NAN
    return dict(zip(names, (min(change.min(), 0), age(change.argmin(), change.min() < 0),
                            max(change.max(), 0), age(change.argmax(), change.max() > 0),
                            score.max(), age(score.argmax(), score.max() > 0))))


def event(x):
    happened = np.flatnonzero(x != 0)
    last = happened[-1] if len(happened) else None
    return {"count": len(happened), "share": len(happened) / len(x),
            "bills_since": NAN if last is None else len(x) - 1 - last,
            "days_since": NAN if last is None else days(x.index[-1] - x.index[last]),
            "date": NAN if last is None else since_1970(x.index[last])}


def gap(dates):
    g = days(pd.Series(dates).diff().iloc[1:])
    if len(g) == 0:
        return dict.fromkeys(("mean", "minimum", "maximum", "standard_deviation", "last", "same_day", "minimum_age"), NAN)
    return {"mean": g.mean(), "minimum": g.min(), "maximum": g.max(), "standard_deviation": g.std(ddof=0),
            "last": g.iloc[-1], "same_day": (g == 0).mean(), "minimum_age": len(g) - 1 - int(g.to_numpy().argmin())}


def recent(x, k, function):
    return function(x.tail(k))


READ = {  # of the bills that were read
    "bill_statistic": attrs(statistic),
    "bill_last_value": grid("k", range(12), lambda x, k: x.iloc[-1 - k] if k < len(x) else NAN),
    "bill_recent_ratio": grid("k", (2, 3, 6, 12), lambda x, k: ratio(x.tail(k).mean(), x.iloc[:-k].mean()) if len(x) > k else NAN),
    "bill_recent_deviation": grid("k", (3, 6, 12), lambda x, k: np.std(x.tail(k)) if len(x) >= k else NAN),
    "bill_step": attrs(step),
    "bill_relative_step": attrs(relative_step),
    "bill_changes": attrs(changes),
    "bill_trend": attrs(trend),
    "bill_extreme_age": attrs(extreme_age),
    "bill_zeros": attrs(zeros),
    "bill_repeats": attrs(repeats),
    "bill_mean_of_year": grid("year", range(2010, 2020), lambda x, year: mean(x[x.index.year == year])),
    "bill_year_mean": grid("k", range(6), year_mean),
    "bill_year_ratio": grid("k", range(5), lambda x, k: ratio(year_mean(x, k), year_mean(x, k + 1))),
    "bill_year_on_year": grid("k", range(6), year_on_year),
    "bill_quarter_ratio": grid("quarter", range(1, 5), lambda x, q: ratio(mean(x[x.index.quarter == q]), x.mean())),
    "bill_seasonal_residual": attrs(seasonal_residual),
    "bill_change_point": attrs(change_point),
    "bill_event": attrs(event),
}
DATES = {  # of the dates of all bills
    "bill_count": lambda d: {"": len(d)},
    "bill_dates": attrs(lambda d: {"first": since_1970(d[0]), "last": since_1970(d[-1]), "span": days(d[-1] - d[0])}),
    "bill_gap": attrs(gap),
    "bill_days_back": grid("k", range(1, 12), lambda d, k: days(d[-1] - d[-1 - k]) if k < len(d) else NAN),
    "bill_count_of_year": grid("year", range(2010, 2020), lambda d, year: int((d.year == year).sum())),
}


def series_of(kind, random):
    count = {"one": 1, "two": 2, "short": 5, "none_read": 4}.get(kind, int(random.integers(12, 45)))
    gaps = random.choice([0, 1, 59, 61, 92, 120, 123, 400], size=count, p=[.08, .02, .15, .15, .2, .2, .15, .05])
    dates = pd.Timestamp("2008-03-11") + pd.to_timedelta(np.cumsum(gaps), unit="D")
    season = 1 + .3 * np.sin(dates.month.to_numpy() / 12 * 2 * np.pi)
    values = np.round(random.gamma(2, 150, size=count) * season)
    if kind == "zeros":
        values[random.random(count) < .5] = 0
    if kind == "constant":
        values[:] = 70
    if kind == "code":
        values = random.choice([203.0, 203, 203, 5, 207], size=count)
    if kind == "event":
        values = (random.random(count) < .15).astype(float)
    if kind == "drop":
        values[count // 2:] *= .2
    if kind == "signed":
        values -= 400
    missing = random.random(count) < (1.0 if kind == "none_read" else .15 if kind != "whole" else 0)
    if kind in ("one", "two", "short"):
        missing[:] = False
    return dates, values, missing


def plain(value):
    value = float(value)
    return value if np.isfinite(value) else None


def main():
    warnings.simplefilter("ignore")
    random = np.random.default_rng(20)
    cases = []
    kinds = ["whole", "gaps", "zeros", "constant", "code", "event", "drop", "signed", "one", "two", "short", "none_read"]
    for kind in kinds + kinds[:8]:
        dates, values, missing = series_of(kind, random)
        read = pd.Series(values[~missing], index=dates[~missing])
        expected = {name: {key: plain(v) for key, v in compute(dates).items()} for name, compute in DATES.items()}
        for name, compute in READ.items():
            expected[name] = {key: plain(v) for key, v in compute(read).items()} if len(read) else {}
        cases.append({"kind": kind, "days": [int(since_1970(d)) for d in dates], "values": values.tolist(),
                      "missing": missing.astype(int).tolist(), "expected": expected})
    path = pathlib.Path(__file__).parent.parent / "tests/goldens/bill_calculators.json"
    path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
