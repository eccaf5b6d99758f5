// Evaluation charts: how good the ranking is, with its uncertainty.
#pragma once

#include <span>
#include <string>

#include "detectors/evaluation.h"

namespace meterhound::report {

/// Share of thefts found among the consumers inspected, over the share inspected, with its band.
std::string HitRateChart(const detectors::Metrics& metrics, double base_rate);
/// Receiver operating characteristic and its band.
std::string RocChart(const detectors::Metrics& metrics);
/// Precision over recall and its band.
std::string PrecisionRecallChart(const detectors::Metrics& metrics, double base_rate);
/// Observed share of theft over the predicted probability, with Wilson intervals.
std::string ReliabilityChart(const detectors::Metrics& metrics);

}  // namespace meterhound::report
