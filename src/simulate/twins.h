// Twins: honest consumers whose readings look like theft.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "numerics/random.h"

namespace meterhound::simulate {

enum class Twin : std::uint8_t {
  kVacancy,          ///< nobody in for weeks to months; the fridge may stay on
  kMovingOut,        ///< empty, then someone else at another level
  kSolarPanels,      ///< part of the own need made on the roof, more in summer
  kMeterExchange,    ///< no readings for days, then a small step
  kSeasonalClosing,  ///< a shop shut in the same season each year
  kLowUseTenant,     ///< from one day on, someone who uses much less
  kSaving,           ///< efficient devices, bit by bit
};
inline constexpr std::size_t kTwins = 7;

std::string_view TwinName(Twin twin);

/// Where a twin began and ended, as positions in the series.
struct TwinSpan {
  std::size_t start = 0;
  std::size_t stop = 0;
};

/// Changes the readings from `start` on; readings that a meter exchange loses are set to NaN. @param first_day days
/// since 1970-01-01 of readings[0], for the seasons.
TwinSpan ApplyTwin(Twin twin, std::span<double> readings, std::int64_t first_day, std::size_t start,
                   numerics::Random& random);

}  // namespace meterhound::simulate
