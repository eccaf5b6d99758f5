"""The transformers inside scikit-learn, and beside tsfresh's."""
import numpy as np
import pandas as pd
import pytest
import tsfresh.transformers as theirs
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import meterhound

ALL = [meterhound.FeatureAugmenter, meterhound.FeatureSelector, meterhound.PerColumnImputer, meterhound.RelevantFeatureAugmenter]


@pytest.fixture()
def town():
    dice = np.random.default_rng(21)
    ids = pd.Index([f"c{i}" for i in range(50)])
    y = pd.Series(dice.integers(0, 2, len(ids)), index=ids)
    frame = pd.DataFrame({"id": np.repeat(ids, 30), "value": dice.gamma(2.0 + np.repeat(y.to_numpy(), 30))})
    return frame, pd.DataFrame({"own": dice.normal(size=len(ids))}, index=ids), y


@pytest.mark.parametrize("kind", ALL)
def test_the_same_parameters_as_tsfresh(kind):
    assert set(kind().get_params()) == set(getattr(theirs, kind.__name__)().get_params())


@pytest.mark.parametrize("kind", ALL)
def test_cloned_with_its_parameters(kind):
    transformer = kind(**{name: f"value of {name}" for name in kind._get_param_names()})
    assert clone(transformer).get_params() == transformer.get_params()


def test_augmenter(town):
    frame, X, _ = town
    arguments = {"column_id": "id", "timeseries_container": frame, "default_fc_parameters": meterhound.MinimalFCParameters()}
    ours = meterhound.FeatureAugmenter(**arguments).fit(X).transform(X.iloc[::-2])
    peer = theirs.FeatureAugmenter(n_jobs=0, disable_progressbar=True, **arguments).fit(X).transform(X.iloc[::-2])
    pd.testing.assert_frame_equal(ours, peer, check_exact=False, rtol=1e-9)


@pytest.mark.parametrize("keep", [True, False])
def test_relevant_augmenter(town, keep):
    frame, X, y = town
    arguments = {"column_id": "id", "timeseries_container": frame, "filter_only_tsfresh_features": keep,
                 "default_fc_parameters": meterhound.EfficientFCParameters()}
    ours = meterhound.RelevantFeatureAugmenter(**arguments)
    at_once = ours.fit_transform(X, y)
    assert len(at_once.columns) > 20 and ("own" in at_once) == keep
    later = ours.transform(X)
    pd.testing.assert_frame_equal(later[at_once.columns], at_once)
    peer = theirs.RelevantFeatureAugmenter(n_jobs=0, disable_progressbar=True, **arguments).fit_transform(X, y)
    assert set(at_once.columns) == set(peer.columns)


def test_in_a_pipeline_that_is_searched(town):
    frame, X, y = town
    augmenter = meterhound.RelevantFeatureAugmenter(column_id="id", timeseries_container=frame,
                                                    default_fc_parameters=meterhound.MinimalFCParameters())
    pipeline = make_pipeline(augmenter, RandomForestClassifier(n_estimators=20, random_state=1))
    search = GridSearchCV(pipeline, {"relevantfeatureaugmenter__fdr_level": [0.01, 0.5]}, cv=3, error_score="raise").fit(X, y)
    assert search.best_score_ > 0.8


@pytest.mark.parametrize("kind", [meterhound.FeatureSelector, meterhound.PerColumnImputer])
def test_not_fitted(kind):
    with pytest.raises(NotFittedError):
        kind().transform(pd.DataFrame({"a": [1.0]}))
