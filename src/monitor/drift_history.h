// Drift history: one line of JSON a check, as a service stores it and a page draws it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "monitor/drift.h"

namespace meterhound::monitor {

struct DriftEntry {
  std::int64_t time_ms = 0;  ///< since 1970, UTC
  std::string model = {};    ///< fingerprint; may be empty
  bool drift = false;
  std::vector<DriftKind> kinds = {};
  std::size_t reference_rows = 0;
  std::size_t current_rows = 0;
  std::size_t features = 0;
  std::size_t drifted = 0;
  std::optional<double> score_psi = {};
  std::vector<GroupDrift> groups = {};
  struct Feature {
    std::string name = {};
    double psi = 0;
    double p_adjusted = 1;
  };
  std::vector<Feature> top = {};           ///< up to ten, as DriftReport::ByImportance orders them
  std::vector<std::string> segments = {};  ///< that drifted
  std::vector<std::string> reasons = {};
};

DriftEntry Summarise(const DriftReport& report, std::int64_t time_ms, std::string model);
/// One line without its end.
std::string ToLine(const DriftEntry& entry);
/// @param where for errors, which say what was expected.
Result<DriftEntry> ParseEntry(std::string_view line, std::string_view where);

}  // namespace meterhound::monitor
