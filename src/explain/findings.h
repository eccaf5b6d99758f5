// Findings: what a load curve shows, each as a code, dates and numbers with their units, for and against theft.
#pragma once

#include <span>

#include "explain/evidence.h"
#include "numerics/daily_rates.h"
#include "numerics/season.h"

namespace meterhound::explain {

/// Adds findings to evidence whose change, streaks and gaps are known, strongest first. @param drop whether the change
/// is a drop large enough to be named.
void AddFindings(const SeriesView& consumption, std::span<const numerics::Rate> rates, const numerics::Season& season,
                 bool drop, Evidence& evidence);

}  // namespace meterhound::explain
