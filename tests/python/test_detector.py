"""The detector beside the command line: the same model file, the same scores, the same cases."""
import csv
import json
import pickle
import subprocess

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score

from meterhound import Detector
from meterhound.__main__ import program

pytestmark = pytest.mark.skipif(not program().is_file(), reason="the package was built without the program")

# A small model: what is compared does not depend on its size.
SETTINGS = {"detection.xgboost.n_estimators": 60, "feature_extraction.tsfresh_settings": "minimal+theft"}


def run(*arguments):
    return subprocess.run([str(part) for part in (program(), *arguments)], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    folder = tmp_path_factory.mktemp("towns")
    for name, seed in (("known", 3), ("new", 4)):
        run("simulate", "--consumers", 500, "--days", 420, "--seed", seed, "--theft", 0.2, "--out", folder / f"{name}.csv", "-q")
    return folder


@pytest.fixture(scope="module")
def fitted(towns):
    return Detector(settings=SETTINGS).fit(towns / "known.csv")


@pytest.fixture(scope="module")
def command_line(towns):
    flags = [part for key, value in SETTINGS.items() for part in ("--set", f"{key}={value}")]
    run("train", towns / "known.csv", "--out", towns, "-q", *flags)
    run("score", towns / "new.csv", "--model", towns / "model.mh", "--out", towns, "-q", *flags)
    return towns, flags


def wide_frame(path):
    """The file as a frame with a row a consumer and dates as columns, mixed both ways, and its labels."""
    wide = pd.read_csv(path, dtype={"CONS_NO": str}, float_precision="round_trip").set_index("CONS_NO")
    labels = wide.pop("FLAG")
    wide.columns = pd.to_datetime(wide.columns, format="%Y/%m/%d")
    return wide.sample(frac=1, random_state=2).sample(frac=1, axis=1, random_state=2), labels


def long_frame(path):
    """The same with one row a reading."""
    wide, labels = wide_frame(path)
    frame = wide.rename_axis(columns="time", index="id").stack(future_stack=True).rename("value").reset_index()
    return frame.sample(frac=1, random_state=1), labels


def test_the_model_file_is_the_command_lines(fitted, command_line, tmp_path):
    fitted.save(tmp_path / "model.mh")
    assert (tmp_path / "model.mh").read_bytes() == (command_line[0] / "model.mh").read_bytes()


def test_the_scores_are_the_command_lines_bit_for_bit(fitted, command_line):
    with open(command_line[0] / "scores.csv", encoding="utf-8") as file:
        theirs = list(csv.DictReader(file))
    ours = fitted.score_consumers(command_line[0] / "new.csv")
    assert list(ours.index) == [row["consumer_id"] for row in theirs]
    for name in ("probability", "probability_low", "probability_high", "anomaly_score"):
        assert ours[name].tolist() == [float(row[name]) for row in theirs]
    assert ours["tier"].tolist() == [row["tier"] for row in theirs]


def test_the_cases_are_the_command_lines(fitted, command_line):
    folder, flags = command_line
    theirs = json.loads(run("explain", folder / "new.csv", "--model", folder / "model.mh", "--top", 2, "--json", *flags))["cases"]
    ours = fitted.explain(folder / "new.csv", top=2)
    for case in (*ours, *theirs):
        case.pop("generated", None)  # the clock
    assert ours == theirs and ours[0]["consumer_id"]


def test_a_frame_gives_what_the_file_gives(fitted, towns):
    frame, labels = long_frame(towns / "new.csv")
    pd.testing.assert_frame_equal(fitted.score_consumers(frame), fitted.score_consumers(towns / "new.csv"))
    known, labels = long_frame(towns / "known.csv")
    again = Detector(settings=SETTINGS).fit(known, labels)
    assert again.score_consumers(frame)["probability"].tolist() == fitted.score_consumers(frame)["probability"].tolist()


def test_a_wide_frame_gives_what_the_file_gives_in_its_own_order(fitted, towns):
    known, labels = wide_frame(towns / "known.csv")
    new, _ = wide_frame(towns / "new.csv")
    expected = fitted.score_consumers(towns / "new.csv")
    for y in (labels, labels.loc[known.index].to_numpy(), labels.loc[known.index].tolist()):
        again = Detector(settings=SETTINGS).fit(known, y)
        assert again.predict_proba(new)[:, 1].tolist() == expected.loc[new.index, "probability"].tolist()
    pd.testing.assert_frame_equal(fitted.score_consumers(new), expected)


def test_cross_validated_by_scikit_learn(towns):
    known, labels = wide_frame(towns / "known.csv")
    scores = cross_val_score(Detector(settings=SETTINGS), known, labels.loc[known.index], cv=3, scoring="roc_auc",
                             error_score="raise")
    assert scores.mean() > 0.6


def test_probabilities_in_the_order_of_ids(fitted, towns):
    frame, labels = long_frame(towns / "new.csv")
    proba = fitted.predict_proba(frame)
    ranked = fitted.score_consumers(frame)
    assert proba.shape == (500, 2) and np.allclose(proba.sum(axis=1), 1)
    assert proba[:, 1].tolist() == ranked.loc[sorted(ranked.index), "probability"].tolist()
    theft = labels.loc[sorted(labels.index)].to_numpy() == 1
    assert proba[theft, 1].mean() > 1.5 * proba[~theft, 1].mean()
    assert set(fitted.predict(frame)) <= {0, 1}


def test_saved_pickled_and_cloned(fitted, towns, tmp_path):
    fitted.save(tmp_path / "model.mh")
    expected = fitted.predict_proba(towns / "new.csv").tobytes()
    for other in (Detector.load(tmp_path / "model.mh"), pickle.loads(pickle.dumps(fitted))):
        assert other.predict_proba(towns / "new.csv").tobytes() == expected
        assert other.fingerprint_ == fitted.fingerprint_ and other.manifest_["program"] == "meterhound"
    with pytest.raises(NotFittedError):
        clone(fitted).predict(towns / "new.csv")


def test_errors_say_what_was_found(fitted, towns, tmp_path):
    frame, labels = long_frame(towns / "new.csv")
    with pytest.raises(ValueError, match="expected 0, 1 or NaN"):
        Detector().fit(frame, labels + 1)
    with pytest.raises(ValueError, match="no consumer 'nobody'"):
        fitted.explain(frame, ids=["nobody"])
    with pytest.raises(ValueError, match="detection.xgboost.max_depth"):
        Detector(settings={"detection.xgboost.max_dept": 3}).fit(frame, labels)
    with pytest.raises(TypeError, match="must hold dates"):
        fitted.predict(frame.assign(time=1))
    with pytest.raises(TypeError, match="y: found ndarray"):
        Detector().fit(frame, labels.to_numpy())
    wide, labels = wide_frame(towns / "new.csv")
    with pytest.raises(ValueError, match="ids must be unique"):
        fitted.predict(pd.concat([wide, wide.iloc[:1]]))
    with pytest.raises(TypeError, match="must hold numbers: 20"):
        fitted.predict(wide.astype({wide.columns[3]: str}))
    with pytest.raises(TypeError, match="X: found ndarray, expected a file"):
        fitted.predict(wide.to_numpy())
    with pytest.raises(FileNotFoundError):
        fitted.predict(tmp_path / "none.csv")
    (tmp_path / "bad.mh").write_bytes(b"no model")
    with pytest.raises(ValueError, match="not a"):
        Detector.load(tmp_path / "bad.mh")
