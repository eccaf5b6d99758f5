// Contribution bars: what raised and what lowered one score, drawn.
#pragma once

#include <string>

#include "explain/contributions.h"
#include "report/language.h"

namespace meterhound::report {

/// A table with a bar a feature, strongest first, and a last row for all others together.
std::string ContributionBars(const explain::Explanation& explanation, const Language& language);

}  // namespace meterhound::report
