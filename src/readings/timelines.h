// Timelines that readers make: even ones from a start and a cadence, and one axis in place of equal ones.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/panel.h"

namespace meterhound::readings {

/// A cadence as files and requests name it.
struct NamedCadence {
  const char* name;  ///< daily, half_hourly, quarter_hourly, hourly, weekly, monthly
  Cadence cadence;
};
std::span<const NamedCadence> NamedCadences();
/// Nothing for a name that is none of these.
std::optional<Cadence> FindNamedCadence(std::string_view name);

/// `count` times from `start` on: the first of each month for monthly readings, equal steps for all others.
void AppendEvenTimes(double start, Cadence cadence, std::size_t count, std::vector<double>& times);

/// Makes a ragged timeline shared where all its `rows` rows have the same times.
void ShareEqualTimes(Timeline& timeline, std::size_t rows);

}  // namespace meterhound::readings
