// How a day's energy spreads over its half-hours.
#pragma once

#include <array>
#include <span>

#include "simulate/load_profile.h"

namespace meterhound::simulate {

inline constexpr std::size_t kHalfHours = 48;

/// A consumer's usual course of a day: weights whose scale does not matter.
struct DayShape {
  std::array<double, kHalfHours> working_day{};
  std::array<double, kHalfHours> weekend{};
  double spread = 0.5;  ///< standard deviation of the logarithm around the course
  double keep = 0.5;    ///< its autoregression from one half-hour to the next
};

DayShape DrawDayShape(Trade trade, numerics::Random& random);

/// Spreads each day's energy over its half-hours; each day adds up to what it was. `readings` has 48 entries a day.
void SpreadOverDay(const DayShape& shape, const Town& town, std::span<const double> daily, numerics::Random& random,
                   std::span<double> readings);

}  // namespace meterhound::simulate
