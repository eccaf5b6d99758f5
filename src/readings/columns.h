// Columns by name: which of a header's names mean id, label, time, value and kind.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace meterhound::readings {

/// Names known for each role, compared without regard to case. The first of the list that a header has is taken.
std::span<const std::string_view> IdNames();     ///< id, cons_no, consumer_id, customer_id, client_id, meter_id, ...
std::span<const std::string_view> LabelNames();  ///< flag, label, theft, fraud, target
std::span<const std::string_view> TimeNames();   ///< time, timestamp, datetime, date
std::span<const std::string_view> ValueNames();  ///< value, kwh, reading, consumption, energy
std::span<const std::string_view> KindNames();   ///< kind, variable

/// Position of the column called `wanted`, or, when that is empty, of the first known name; nothing when absent.
std::optional<std::size_t> FindColumn(std::span<const std::string_view> header, std::string_view wanted,
                                      std::span<const std::string_view> known);

/// 0, 1, or kUnlabelled for a missing field; anything else is an error without a place.
Result<std::int8_t> ParseLabel(std::string_view field);

/// A reading: a finite number, or NaN for a missing field; anything else is an error without a place.
Result<double> ParseReading(std::string_view field);

}  // namespace meterhound::readings
