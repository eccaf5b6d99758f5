// Shuffled labels: the control that shows that the whole way from features to figures finds nothing where nothing is.
#pragma once

#include "base/run_context.h"
#include "detectors/leaks.h"
#include "pipeline/training.h"

namespace meterhound::pipeline {

/// Deals the labels of at most 4,000 consumers out again at random, cross-validates a small detector and adds the check
/// "shuffled_labels" to the report: a failure when the area under ROC is further than four standard errors from .5.
/// Nothing is added with fewer than 80 labelled consumers of a class.
Status CheckShuffledLabels(const Prepared& prepared, const Config& config, const RunContext& context,
                           detectors::LeakReport& report);

}  // namespace meterhound::pipeline
