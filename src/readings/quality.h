// Data quality: what a file of readings holds and what is wrong with it, before anyone trusts a result from it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/panel.h"
#include "base/run_context.h"

namespace meterhound::readings {

enum class Severity : std::uint8_t { kInfo, kWarning, kError };
const char* SeverityName(Severity severity);  ///< "info", "warning", "error"

struct QualityFinding {
  std::string code;   ///< stable: "missing", "duplicates", ...
  std::string name;   ///< "missing readings"
  std::string value;  ///< ready to show
  Severity severity = Severity::kInfo;
  std::string meaning;  ///< what follows from it; may be empty
  double number = 0;    ///< the figure behind `value`
};

struct QualityReport {
  std::vector<QualityFinding> findings;
  /// Over the first kind's span, at most 60 stretches of equal length.
  struct Stretch {
    double begin = 0;
    double missing_share = 0;  ///< 0-1; 1 where no reading was due either
  };
  std::vector<Stretch> missing_over_time;
  std::vector<double> missing_by_consumer;  ///< share, a consumer
  std::vector<double> mean_by_consumer;     ///< mean reading, a consumer; NaN without readings
};

/// Looks at a panel as read, before cleaning. Gaps, spikes and levels are the first kind's.
/// @param file what it was read from, to recognise known files by their SHA-256; empty for none.
Result<QualityReport> CheckQuality(const Panel& panel, const std::filesystem::path& file, const RunContext& context);

}  // namespace meterhound::readings
