// The data-quality report: as text for a terminal and as a page.
#pragma once

#include <string>
#include <vector>

#include "report/case.h"

namespace meterhound::report {

/// What the page draws beside its lines.
struct QualityCharts {
  Cadence cadence = Cadence::kDaily;
  std::vector<std::pair<double, double>> missing_over_time;  ///< beginning of a stretch of time, share missing
  std::vector<double> missing_by_consumer;                   ///< share, 0-1
  std::vector<double> mean_by_consumer;                      ///< NaN = no readings
  std::string unit;
};

/// One line a finding, warnings marked; at most 100 columns.
std::string QualityText(const std::vector<QualityLine>& lines);
/// A self-contained page.
std::string QualityPage(const std::string& title, const std::vector<QualityLine>& lines, const QualityCharts& charts);
/// The lines as a table, for this page and the run's.
std::string QualityTable(const std::vector<QualityLine>& lines);

}  // namespace meterhound::report
