// The town: what all its consumers share. Calendar, weather, holidays, and the utility's own losses of readings.
#pragma once

#include <cstdint>
#include <vector>

#include "base/calendar.h"
#include "simulate/simulate.h"

namespace meterhound::simulate {

/// Purposes of random numbers. Each has its own stream, so that leaving one thing out does not change the others.
enum class Stream : std::uint64_t {
  kTown = 1,
  kProfile,
  kUse,
  kShape,
  kAttack,
  kAttackNoise,
  kTwin,
  kGaps,
  kFaults,
  kId
};

/// A seed for one purpose of one consumer. The town itself is no consumer and uses position 0 of kTown.
std::uint64_t SeedOf(std::uint64_t seed, Stream stream, std::uint64_t consumer);

/// A failure of the utility's own system: a share of all consumers lose the same days.
struct SharedOutage {
  std::size_t begin = 0;
  std::size_t end = 0;
  double share = 0;
};

/// One entry a day of readings.
struct Town {
  std::vector<std::int64_t> days;     ///< days since 1970-01-01, ascending; a day may be absent
  std::vector<double> heating;        ///< 0 when mild, about 1 on a usual winter day
  std::vector<double> cooling;        ///< 0 when mild, about 1 on a usual summer day
  std::vector<double> sunshine;       ///< yield of solar panels, about 1 on a fair day in May
  std::vector<std::uint8_t> weekend;  ///< 1 on Saturdays and Sundays
  std::vector<double> festival;       ///< 1 within the week of the spring festival, falling off around it
  std::vector<std::uint8_t> holiday;  ///< 1 in July and August and the first week of October: when people travel
  std::vector<SharedOutage> outages;
  /// Before this day the utility's archive lost long stretches; from it on nearly everything was kept. In SGCC two in
  /// five consumers have a gap that ends exactly here, on 2015-12-31.
  std::size_t archive_begin = 0;
  int per_day = 1;  ///< readings a day: 1 or 48

  std::size_t readings() const { return days.size() * static_cast<std::size_t>(per_day); }
};

Town BuildTown(const SimulationOptions& options);

/// Day number of the new moon between 21 January and 20 February: the Chinese New Year to within a day.
std::int64_t SpringFestival(int year);

}  // namespace meterhound::simulate
