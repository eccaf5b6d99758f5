// Leak section: what was looked for before fitting and what was found, for a terminal and for the report page.
#pragma once

#include <string>

#include "detectors/leaks.h"

namespace meterhound::report {

/// Findings first, the worst before the others, then what holds; at most 100 columns.
std::string LeakText(const detectors::LeakReport& report);
/// What must be explained before the figures are believed; empty when nothing must.
std::string LeakBanner(const detectors::LeakReport& report);
/// The checks, folded up.
std::string LeakDetails(const detectors::LeakReport& report);

}  // namespace meterhound::report
