// Drift page: what has moved since the reference, for a terminal and as a page.
#pragma once

#include <string>

#include "monitor/drift.h"

namespace meterhound::report {

/// Verdict, reasons, and the features that moved furthest; at most 100 columns.
std::string DriftText(const monitor::DriftReport& report);
/// A self-contained page. @param reference, current what was compared.
std::string DriftPage(const monitor::DriftReport& report, const std::string& reference, const std::string& current);

}  // namespace meterhound::report
