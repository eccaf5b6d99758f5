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


@pytest.mark.parametrize("dates", [False, True])
def test_extractor_gives_what_extract_features_gives(dates):
    matrix = np.random.default_rng(4).gamma(2.0, 3.0, (7, 90))
    days = pd.date_range("2024-01-01", periods=90)
    settings = meterhound.EfficientFCParameters() | meterhound.TheftFCParameters()
    readings = pd.DataFrame({"id": np.repeat(np.arange(7), 90), "load": matrix.ravel()},
                            index=np.tile(days, 7) if dates else None)
    expected = meterhound.extract_features(readings, column_id="id", default_fc_parameters=settings)
    X = pd.DataFrame(matrix, columns=days, index=list("gfedcba")) if dates else matrix
    extractor = meterhound.FeatureExtractor(settings, kind="load").fit(X[:3])
    assert extractor.transform(X).tobytes() == expected.to_numpy().tobytes()
    assert list(extractor.get_feature_names_out()) == list(expected.columns)
    table = extractor.set_output(transform="pandas").transform(X)
    assert list(table.columns) == list(expected.columns) and list(table.index) == (list("gfedcba") if dates else list(range(7)))


def test_extractor_says_what_was_found():
    frame = pd.DataFrame(np.ones((3, 4)), columns=pd.date_range("2024-01-01", periods=4))
    extractor = meterhound.FeatureExtractor(meterhound.MinimalFCParameters()).fit(frame)
    with pytest.raises(ValueError, match="expected one as in fit"):
        extractor.transform(frame.to_numpy())
    with pytest.raises(ValueError, match="NaN"):
        extractor.transform(frame.replace(1, np.nan))
    with pytest.raises(ValueError, match="expecting 4 features"):
        extractor.transform(frame.iloc[:, :3])
    with pytest.raises(ValueError, match="unknown calculator 'maen'"):
        meterhound.FeatureExtractor({"maen": None}).fit(frame)


def test_names_go_through_a_pipeline():
    dice = np.random.default_rng(4)
    y = dice.integers(0, 2, 60)
    pipeline = make_pipeline(meterhound.FeatureExtractor(), meterhound.PerColumnImputer(), meterhound.FeatureSelector())
    X = dice.gamma(2.0, 3.0, (60, 40)) * (1 + y[:, None])
    chosen = pipeline.fit_transform(X, y)
    names = pipeline.get_feature_names_out()
    assert len(names) == chosen.shape[1] and "value__mean" in names
    table = clone(pipeline).set_output(transform="pandas").fit_transform(X, y)
    pd.testing.assert_frame_equal(table, pd.DataFrame(np.asarray(chosen), columns=names))


def test_selector_takes_frames_by_name_and_arrays_by_place(town):
    _, _, y = town
    X = pd.DataFrame({"noise": np.random.default_rng(1).normal(size=len(y)), "same": y * 2.0}, index=y.index)
    selector = meterhound.FeatureSelector().fit(X, y)
    assert selector.relevant_features == selector.relevant_features_ == ["same"]
    assert selector.transform(X[["same", "noise"]]).equals(X[["same"]])
    with pytest.warns(UserWarning, match="feature names"):
        assert selector.transform(X.to_numpy()).tolist() == X[["same"]].to_numpy().tolist()
    with pytest.raises(ValueError, match="NaN"):
        selector.fit(X.replace(0, np.nan), y)


@pytest.mark.parametrize("kind", [meterhound.FeatureAugmenter, meterhound.RelevantFeatureAugmenter])
def test_augmenters_need_ids(town, kind):
    frame, X, y = town
    with pytest.raises(TypeError, match="X: found ndarray, expected a pandas.DataFrame with the ids"):
        kind(column_id="id", timeseries_container=frame).fit_transform(X.to_numpy(), y)
    with pytest.raises(RuntimeError, match="set_timeseries_container"):
        kind(column_id="id").fit_transform(X, y)


def test_without_a_container_the_rows_of_an_array_are_series():
    dice = np.random.default_rng(5)
    y = np.repeat([0, 1], 30)
    series = dice.gamma(2.0 + y, size=(40, 60)).T
    few = meterhound.MinimalFCParameters()
    features = meterhound.FeatureExtractor(few).fit_transform(series)
    beside = meterhound.FeatureAugmenter(few).fit_transform(series)
    assert np.array_equal(beside, np.hstack([series, features]), equal_nan=True)

    names = meterhound.FeatureExtractor(few).fit(series).get_feature_names_out()
    frame = pd.DataFrame(features, columns=names)
    relevant = meterhound.FeatureSelector().fit(meterhound.PerColumnImputer().fit_transform(frame), y).relevant_features
    augmenter = meterhound.RelevantFeatureAugmenter(default_fc_parameters=few).fit(series, y)
    assert 0 < len(relevant) < len(names) and augmenter.feature_selector.relevant_features == relevant
    some = augmenter.transform(series[:7])
    assert np.array_equal(some, np.hstack([series[:7], frame.loc[:6, relevant]]))
    assert np.array_equal(augmenter.fit_transform(series, y)[:7], some)
    with pytest.raises(ValueError, match="40 features"):
        augmenter.transform(series[:, :39])


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
