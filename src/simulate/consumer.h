// Consumer: one benign load curve, a day at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "numerics/random.h"

namespace meterhound::simulate {

/// What all consumers of a town share: the calendar and the weather.
struct Town {
  std::int64_t first_day = 0;         ///< days since 1970-01-01
  std::vector<double> temperature;    ///< daily mean, degrees Celsius
  std::vector<std::uint8_t> weekday;  ///< 0 = Monday
  std::vector<std::uint8_t> holiday;  ///< 1 in the winter festival's week and the first week of October
};

Town MakeTown(std::int64_t first_day, std::size_t days, std::uint64_t seed);

/// Fills `readings` (kWh a day, one a day of the town) with a household's, a shop's or a small factory's use.
void SimulateConsumer(const Town& town, numerics::Random& random, std::span<double> readings);

}  // namespace meterhound::simulate
