// An evaluation as a table on a terminal.
#pragma once

#include <string>

#include "detectors/evaluation.h"

namespace meterhound::cli {

/// One line a view (the first is the model's, "coverage" the baseline), then how often lists are right.
std::string EvaluationText(const detectors::Evaluation& evaluation);

}  // namespace meterhound::cli
