// Visits: what inspection crews found, read back from a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "readings/dates.h"

namespace meterhound::readings {

enum class Outcome : std::uint8_t { kFound, kNotFound, kNoAccess };
/// "found", "not_found", "no_access".
const char* OutcomeName(Outcome outcome);

struct Visit {
  std::string consumer;
  double visited_on = 0;  ///< seconds since 1970-01-01
  Outcome outcome = Outcome::kNoAccess;
  std::optional<double> kwh_found;              ///< energy that the visit brought to light; only where theft was found
  std::optional<double> selection_probability;  ///< with which the plan came to choose this consumer, (0, 1]
  std::string place;                            ///< "feedback.csv:17:1", for errors
};

/// CSV with the columns consumer_id (or another of IdNames), visited_on and outcome, and, where they are, kwh_found and
/// selection_probability. Other columns are left alone, so that a plan.csv to which crews have added the first two will
/// do; a row with neither date nor outcome is a visit still to come. Errors name file:line:column. In the file's order.
Result<std::vector<Visit>> ReadVisits(const std::filesystem::path& path, DateOrder order);

}  // namespace meterhound::readings
