"""A pytest plugin: tsfresh's own tests meet our package under tsfresh's names, in this process alone.

What we do not offer (distributors, examples, profiling) stays tsfresh's, and no test of it is run.
"""
import sys
import types

import tsfresh
import tsfresh.examples
import tsfresh.feature_extraction.feature_calculators
import tsfresh.transformers
import tsfresh.utilities.dataframe_functions
import tsfresh.utilities.distribution
import tsfresh.utilities.string_manipulation

import meterhound
from meterhound import (data, defaults, extraction, feature_calculators, functions, relevance, selection, settings,
                        significance_tests, transformers)
from meterhound.utilities import dataframe_functions

MODULES = {
    "tsfresh.defaults": defaults,
    "tsfresh.convenience.relevant_extraction": selection,
    "tsfresh.feature_extraction.data": data,
    "tsfresh.feature_extraction.extraction": extraction,
    "tsfresh.feature_extraction.settings": settings,
    "tsfresh.feature_selection.relevance": relevance,
    "tsfresh.feature_selection.selection": selection,
    "tsfresh.feature_selection.significance_tests": significance_tests,
    "tsfresh.transformers.feature_augmenter": transformers,
    "tsfresh.transformers.feature_selector": transformers,
    "tsfresh.transformers.per_column_imputer": transformers,
    "tsfresh.transformers.relevant_feature_augmenter": transformers,
    "tsfresh.utilities.dataframe_functions": dataframe_functions,
}
PACKAGES = {
    "tsfresh": meterhound,
    "tsfresh.feature_extraction": meterhound,
    "tsfresh.feature_selection": meterhound,
    "tsfresh.transformers": meterhound,
}


def calculators():
    """Our calculators in tsfresh's module, whose tests also look for its imports and inner helpers there."""
    module = types.ModuleType("feature_calculators", feature_calculators.__doc__)
    theirs = tsfresh.feature_extraction.feature_calculators
    module.__dict__.update({name: value for name, value in vars(theirs).items() if not hasattr(value, "fctype")})
    module.__dict__.update({name: getattr(feature_calculators, name) for name in feature_calculators.__all__})
    module.matrix_profile = theirs.matrix_profile
    return module


def replace():
    MODULES["tsfresh.feature_extraction.feature_calculators"] = calculators()
    for name, module in MODULES.items():
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        setattr(sys.modules[parent], child, module)
    for name, module in PACKAGES.items():
        package = sys.modules[name]
        for each in module.__all__:
            if hasattr(package, each):
                setattr(package, each, getattr(module, each))
    tsfresh.utilities.string_manipulation.convert_to_output_format = functions.output_format


replace()
