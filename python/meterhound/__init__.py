"""Meterhound in Python: tsfresh's features and their selection at native speed, and the program itself
(`python -m meterhound`)."""
from ._native import __version__
from .commands import command, drift, evaluate, simulate
from .detector import Detector
from .extraction import extract_features
from .feature_extractor import FeatureExtractor
from .imputation import impute, impute_dataframe_range, impute_dataframe_zero
from .rolling import make_forecasting_frame, roll_time_series
from .selection import extract_relevant_features, select_features
from .settings import (ComprehensiveFCParameters, EfficientFCParameters, IndexBasedFCParameters, MinimalFCParameters,
                       TheftFCParameters, TimeBasedFCParameters)
from .transformers import FeatureAugmenter, FeatureSelector, PerColumnImputer, RelevantFeatureAugmenter

__all__ = [
    "ComprehensiveFCParameters", "Detector", "EfficientFCParameters", "FeatureAugmenter", "FeatureExtractor",
    "FeatureSelector", "IndexBasedFCParameters", "MinimalFCParameters", "PerColumnImputer", "RelevantFeatureAugmenter",
    "TheftFCParameters", "TimeBasedFCParameters", "__version__", "command", "drift", "evaluate", "extract_features",
    "extract_relevant_features", "impute", "impute_dataframe_range", "impute_dataframe_zero", "make_forecasting_frame",
    "roll_time_series", "select_features", "simulate",
]
