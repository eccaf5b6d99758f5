// An evaluation as a table on a terminal.
#pragma once

#include <string>

#include "detectors/evaluation.h"

namespace meterhound::cli {

/// One line a view, the headline marked; then what to expect of visits, and what the larger figures may contain.
std::string EvaluationText(const detectors::Evaluation& evaluation);

}  // namespace meterhound::cli
