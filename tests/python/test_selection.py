"""Selection beside tsfresh's: the same p-values, and the same columns in the same order."""
import numpy as np
import pandas as pd
import pytest
import tsfresh
from tsfresh.feature_selection.relevance import calculate_relevance_table as their_table

import meterhound
from meterhound.relevance import calculate_relevance_table

ROWS = 240


def features(dice, target):
    table = pd.DataFrame({f"noise_{i}": dice.normal(size=ROWS) for i in range(20)})
    for i in range(8):
        table[f"real_{i}"] = target * (i + 1) / 4 + dice.normal(size=ROWS)
    table["ties"] = np.round(target + dice.normal(size=ROWS))
    table["binary"] = (target + dice.normal(size=ROWS) > 0.5).astype(int)
    table["binary_noise"] = dice.integers(0, 2, ROWS)
    table["constant"] = 3.0
    table.index = [f"c{i:03}" for i in dice.permutation(ROWS)]
    return table


def targets(dice):
    return {"two classes": dice.integers(0, 2, ROWS), "booleans": dice.integers(0, 2, ROWS).astype(bool),
            "four classes": dice.integers(0, 4, ROWS), "numbers": dice.normal(size=ROWS)}


def hold(ours, theirs):
    assert list(ours.columns) == list(theirs.columns)
    assert list(ours.index) == list(theirs.index)
    for column in ours.columns:
        if column.startswith("p_value"):
            np.testing.assert_allclose(ours[column].astype(float), theirs[column].astype(float), rtol=1e-9)
        else:
            assert list(ours[column]) == list(theirs[column])


@pytest.mark.parametrize("name", ["two classes", "booleans", "four classes", "numbers"])
@pytest.mark.parametrize("options", [{}, {"hypotheses_independent": True, "fdr_level": 0.2},
                                     {"test_for_binary_target_real_feature": "smir"}])
def test_table(name, options):
    dice = np.random.default_rng(11)
    target = targets(dice)[name]
    table = features(dice, target.astype(float))
    y = pd.Series(target, index=table.index).sample(frac=1, random_state=2)
    hold(calculate_relevance_table(table, y, **options), their_table(table, y, n_jobs=0, **options))


@pytest.mark.parametrize("wanted", [1, 2, 4])
def test_multiclass(wanted):
    dice = np.random.default_rng(12)
    target = dice.integers(0, 4, ROWS)
    table = features(dice, target.astype(float))
    y = pd.Series(target, index=table.index)
    options = {"multiclass": True, "n_significant": wanted, "ml_task": "classification"}
    hold(calculate_relevance_table(table, y, **options), their_table(table, y, n_jobs=0, **options))
    ours = meterhound.select_features(table, y, **options)
    pd.testing.assert_frame_equal(ours, tsfresh.select_features(table, y, n_jobs=0, **options))


def test_infinities_are_ends_of_the_order():
    dice = np.random.default_rng(13)
    y = pd.Series(dice.integers(0, 2, ROWS))
    table = pd.DataFrame({"x": np.where(dice.random(ROWS) < 0.1, np.inf, y + dice.normal(size=ROWS))})
    hold(calculate_relevance_table(table, y), their_table(table, y, n_jobs=0))


def test_extract_relevant_features(wide):
    dice = np.random.default_rng(14)
    n, length = 60, 40
    y = pd.Series(dice.integers(0, 2, n), index=range(n))
    frame = pd.DataFrame({"id": np.repeat(range(n), length), "value": dice.normal(np.repeat(y, length), 1.0)})
    arguments = {"column_id": "id", "default_fc_parameters": meterhound.EfficientFCParameters(), "disable_progressbar": True}
    ours = meterhound.extract_relevant_features(frame, y, **arguments)
    theirs = tsfresh.extract_relevant_features(frame, y, n_jobs=0, **arguments)
    assert set(ours.columns) == set(theirs.columns) and len(ours.columns) > 50
    pd.testing.assert_frame_equal(ours, theirs[ours.columns], check_exact=False, rtol=1e-6, atol=1e-8)
    own = pd.DataFrame({"mine": 1.0}, index=y.index)
    joined = meterhound.extract_relevant_features(frame, y, X=own, **arguments)
    assert list(joined.columns) == ["mine", *ours.columns]


def test_ids_without_a_target_and_targets_without_ids():
    frame = pd.DataFrame({"id": [1, 1, 2, 2], "value": [1.0, 2.0, 3.0, 4.0]})
    with pytest.raises(ValueError, match=r"missing in y: \{2\}"):
        meterhound.extract_relevant_features(frame, pd.Series([0, 1], index=[1, 3]), column_id="id")
    with pytest.raises(ValueError, match=r"missing inside the time series container: \{3\}"):
        meterhound.extract_relevant_features(frame, pd.Series([0, 1, 1], index=[1, 2, 3]), column_id="id")


def test_values_missing_in_features():
    with pytest.raises(ValueError, match=r"\['b'\]"):
        meterhound.select_features(pd.DataFrame({"a": [1.0, 2.0], "b": [np.nan, 1.0]}), pd.Series([0, 1]))


def test_imputation_as_tsfresh():
    dice = np.random.default_rng(15)
    table = pd.DataFrame(dice.normal(size=(30, 12)), columns=list("abcdefghijkl"))
    table = table.mask(dice.random(table.shape) < 0.2).mask(dice.random(table.shape) < 0.1, np.inf)
    table = table.mask(dice.random(table.shape) < 0.1, -np.inf)
    table["none"] = np.nan
    ours, theirs = table.copy(), table.copy()
    meterhound.impute(ours)
    tsfresh.utilities.dataframe_functions.impute(theirs)
    pd.testing.assert_frame_equal(ours, theirs)
