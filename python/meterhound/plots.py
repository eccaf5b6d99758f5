"""Pictures with matplotlib: a consumer's readings with the evidence, contributions to a score, reliability.

Each draws into `ax`, or the current axes, and returns them.
"""
import numpy as np
import pandas as pd

COLOURS = {"for": "#c0392b", "against": "#2471a3", "neither": "#7f8c8d"}


def _axes(ax):
    if ax is not None:
        return ax
    import matplotlib.pyplot

    return matplotlib.pyplot.gca()


def load_curve(readings, case, ax=None):
    """Readings over time with what the case says of them.

    Parameters
    ----------
    readings : pandas.Series
        One consumer's readings in kWh by date; NaN is a missing reading.
    case : dict
        The consumer's case (`Detector.explain`).
    """
    ax = _axes(ax)
    ax.plot(readings.index, readings.to_numpy(), color="#34495e", linewidth=0.8)
    evidence = case["evidence"]
    for finding in evidence["findings"]:
        if finding.get("begin") and finding.get("end"):
            ax.axvspan(pd.Timestamp(finding["begin"]), pd.Timestamp(finding["end"]), color=COLOURS[finding["speaks"]],
                       alpha=0.08, linewidth=0)
    change = evidence["change"]
    if change is not None:
        at, first, last = pd.Timestamp(change["date"]), readings.index.min(), readings.index.max()
        ax.axvline(at, color=COLOURS["for"], linestyle="--", linewidth=1)
        ax.hlines([change["before_per_day"], change["after_per_day"]], [first, at], [at, last], color=COLOURS["for"])
    ax.set_ylabel(case["unit"])
    ax.set_title(f"{case['consumer_id']}: probability {100 * case['probability']:.0f} %")
    return ax


def contributions(case, ax=None):
    """What moved the score, in log-odds, from the usual consumer at the top to this one at the bottom (a waterfall)."""
    ax = _axes(ax)
    explanation = case["explanation"]
    steps = [(f"{each['title']} = {each['shown']}", each["log_odds"]) for each in explanation["contributions"]]
    steps.append(("all other features", explanation["rest_log_odds"]))
    height = np.array([step for _, step in steps])
    begin = explanation["base_log_odds"] + np.concatenate([[0], np.cumsum(height)[:-1]])
    places = np.arange(len(steps))
    ax.barh(places, height, left=begin, color=[COLOURS["for" if step > 0 else "against"] for step in height])
    ax.axvline(explanation["base_log_odds"], color="#7f8c8d", linewidth=0.8)
    ax.axvline(explanation["margin"], color="#34495e", linewidth=0.8)
    ax.set_yticks(places, [name for name, _ in steps])
    ax.invert_yaxis()
    ax.set_xlabel("log-odds of theft")
    return ax


def reliability(evaluation, view=None, ax=None):
    """How often theft was found where the detector said how probable it is, with 95 % intervals.

    Parameters
    ----------
    evaluation : dict
        Of `meterhound.evaluate`, or evaluation.json of a run.
    view : str, optional
        "all", "prospective", ...; the headline's where none is named.
    """
    ax = _axes(ax)
    wanted = view or evaluation["headline"]
    found = [each for each in evaluation["views"] if each["name"] == wanted]
    if not found:
        raise ValueError(f"no view {wanted!r}; there are {[each['name'] for each in evaluation['views']]}")
    bins = found[0]["reliability"]
    names = ("predicted", "observed", "low", "high")
    predicted, observed, low, high = (np.array([each[name] for each in bins]) for name in names)
    ax.errorbar(predicted, observed, yerr=np.maximum([observed - low, high - observed], 0), fmt="o", color="#34495e",
                elinewidth=0.8)
    end = max(high.max(), predicted.max())
    ax.plot([0, end], [0, end], color="#7f8c8d", linewidth=0.8)
    ax.set_xlabel("probability said")
    ax.set_ylabel("share of theft found")
    return ax
