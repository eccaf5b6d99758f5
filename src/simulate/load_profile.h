// One consumer's habits, and the energy they use on each day when nothing is hidden from the meter.
#pragma once

#include <cstdint>
#include <span>

#include "numerics/random.h"
#include "simulate/town.h"

namespace meterhound::simulate {

enum class Trade : std::uint8_t {
  kHousehold,
  kShop,
  kIndustry,    ///< a workshop or small factory
  kRarelyUsed,  ///< a second home, a garage, a flat between tenants: most days are zero
};

/// Factors are relative to `level`; standard deviations are of the logarithm.
struct LoadProfile {
  Trade trade = Trade::kHousehold;
  double level = 8;         ///< kWh on a mild working day
  double heating = 0;       ///< added per unit of Town::heating
  double cooling = 0;       ///< added per unit of Town::cooling
  double weekend = 0;       ///< added on Saturdays and Sundays
  double festival = 0;      ///< logarithm of the factor in the week of the spring festival
  double growth = 0;        ///< of the logarithm, a year
  double drift_spread = 0;  ///< slow wandering of habits, months long
  double drift_keep = 0;    ///< its autoregression from day to day
  double mood_spread = 0;   ///< wandering of some days: visitors, illness, work
  double mood_keep = 0;
  double noise_spread = 0;  ///< from one day to the next
  double changes = 0;       ///< lasting changes of level a year: a child, a heater, a job
  double trips = 0;         ///< absences of days to weeks, a year
  double away_use = 0;      ///< what the empty home still uses, relative
  double peaks = 0;         ///< days of unusually high use, a year
};

/// Thieves are rarely found in empty flats and use more than others, as in SGCC; everything else is drawn alike.
LoadProfile DrawProfile(numerics::Random& random, bool thief);

/// Fills one value a day, in kWh, none negative. `use` has town.days.size() entries.
void DrawDailyUse(const LoadProfile& profile, const Town& town, numerics::Random& random, std::span<double> use);

}  // namespace meterhound::simulate
