"""Commands as functions, and pictures of what they say."""
import matplotlib
import numpy as np
import pandas as pd
import pytest

import meterhound
from meterhound import plots
from meterhound.__main__ import program

matplotlib.use("Agg")
from matplotlib.figure import Figure  # noqa: E402

pytestmark = pytest.mark.skipif(not program().is_file(), reason="the package was built without the program")
SETTINGS = {"detection.xgboost.n_estimators": 40, "feature_extraction.tsfresh_settings": "minimal+theft",
            "evaluation.bootstraps": 100}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    path = tmp_path_factory.mktemp("town") / "town.csv"
    said = meterhound.simulate(path, consumers=400, days=420, theft=0.2, seed=5)
    assert said["consumers"] == 400 and said["thefts"] == 80
    return path


@pytest.fixture(scope="module")
def case(town):
    return meterhound.Detector(settings=SETTINGS).fit(town).explain(town)[0]


def test_commands_raise_what_the_program_says(town, tmp_path):
    with pytest.raises(ValueError, match="Could not convert: --consumers = many"):
        meterhound.simulate(tmp_path / "x.csv", consumers="many")
    with pytest.raises(ValueError, match="no command"):
        meterhound.command("simluate")


def test_drift_found_is_an_answer(town, tmp_path):
    other = tmp_path / "other.csv"
    wide = pd.read_csv(town, dtype=str)
    days = wide.columns[2:]
    wide[days] = wide[days].astype(float) * 3
    wide.to_csv(other, index=False)
    assert meterhound.drift(town, other)["verdict"] == "drift"
    assert meterhound.drift(town, town)["verdict"] == "stable"


def test_report_writes_the_page(town, tmp_path):
    meterhound.Detector(settings=SETTINGS).fit(town).report(town, tmp_path)
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_reliability(town, tmp_path):
    evaluation = meterhound.evaluate(town, tmp_path, settings=SETTINGS)
    ax = plots.reliability(evaluation, ax=Figure().subplots())
    bins = next(view for view in evaluation["views"] if view["name"] == evaluation["headline"])["reliability"]
    assert ax.containers[0].lines[0].get_ydata().tolist() == [each["observed"] for each in bins]
    with pytest.raises(ValueError, match="no view 'none'"):
        plots.reliability(evaluation, view="none")


def test_contributions_end_at_the_margin(case):
    ax = plots.contributions(case, ax=Figure().subplots())
    last = ax.patches[-1]
    assert np.isclose(last.get_x() + last.get_width(), case["explanation"]["margin"])
    assert len(ax.patches) == len(case["explanation"]["contributions"]) + 1


def test_load_curve_shows_the_change(town, case):
    wide = pd.read_csv(town, index_col="CONS_NO").drop(columns="FLAG")
    readings = wide.loc[case["consumer_id"]]
    readings.index = pd.to_datetime(readings.index, format="%Y/%m/%d")
    ax = plots.load_curve(readings, case, ax=Figure().subplots())
    assert len(ax.lines[0].get_ydata()) == len(readings)
    assert case["evidence"]["change"] is None or len(ax.lines) == 2
