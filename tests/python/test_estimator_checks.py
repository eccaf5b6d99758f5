"""scikit-learn's own checks of estimators. What fails is listed, each with its reason; a listed check that passes fails."""
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

import meterhound

# The detector refuses what these checks hand over.
NUMBERS_WITHOUT_DATES = "numbers without dates are no readings: X is a file, or a frame with dates"
DETECTOR = """
    check_array_api_input check_classifier_data_not_an_array check_classifier_not_supporting_multiclass
    check_classifiers_classes check_classifiers_one_label check_classifiers_regression_target check_classifiers_train
    check_complex_data check_dict_unchanged check_dont_overwrite_parameters check_dtype_object
    check_estimator_sparse_array check_estimator_sparse_matrix check_estimator_sparse_tag check_estimators_dtypes
    check_estimators_empty_data_messages check_estimators_fit_returns_self check_estimators_overwrite_params
    check_estimators_pickle check_f_contiguous_array_estimator check_fit1d check_fit2d_1feature check_fit2d_1sample
    check_fit2d_predict1d check_fit_check_is_fitted check_fit_idempotent check_fit_score_takes_y
    check_methods_sample_order_invariance check_methods_subset_invariance check_n_features_in
    check_n_features_in_after_fitting check_pipeline_consistency check_positive_only_tag_during_fit
    check_readonly_memmap_input check_requires_y_none check_supervised_y_2d check_supervised_y_no_nan"""


def expected_failures(estimator):
    checks, reason = {
        meterhound.FeatureSelector: ("check_estimators_nan_inf", "infinite features have a rank, as in tsfresh"),
        meterhound.Detector: (DETECTOR, NUMBERS_WITHOUT_DATES)}.get(type(estimator), ("", ""))
    return dict.fromkeys(checks.split(), reason)


def estimators():
    few = {"default_fc_parameters": meterhound.MinimalFCParameters()}
    return [meterhound.FeatureExtractor(), meterhound.FeatureExtractor(meterhound.MinimalFCParameters(), n_jobs=1),
            meterhound.PerColumnImputer(), meterhound.FeatureSelector(), meterhound.FeatureAugmenter(**few),
            meterhound.RelevantFeatureAugmenter(**few), meterhound.Detector()]


@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks(estimators(), expected_failed_checks=expected_failures, xfail_strict=True)
def test_check(estimator, check):
    check(estimator)
