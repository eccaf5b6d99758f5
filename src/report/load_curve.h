// Load curves: one consumer's use over time, with its gaps and the change of level.
#pragma once

#include <string>

#include "report/case.h"
#include "report/language.h"

namespace meterhound::report {

/// Energy a day over the whole span: the readings, their monthly mean, gaps, the change and the levels around it.
std::string LoadCurve(const Case& one, const Language& language);
/// The same as a line the height of a table row.
std::string Sparkline(const Case& one, const Language& language);

}  // namespace meterhound::report
