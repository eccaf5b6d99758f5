// Season: the usual shape of a consumer's year, from its own readings.
#pragma once

#include <array>
#include <span>

#include "numerics/daily_rates.h"

namespace meterhound::numerics {

/// A factor for each calendar month, 1 on average, or all 1 where there is too little to tell.
struct Season {
  std::array<double, 12> factor;
  bool known = false;

  double At(double time) const;
};

/// Each month's median rate over the years, relative to the mean of the twelve months around it; needs two years with
/// ten months seen and years that agree with one another more than months do, else unknown. Factors are kept within
/// [0.25, 4]. Times must be seconds since 1970-01-01.
Season EstimateSeason(std::span<const Rate> rates);

}  // namespace meterhound::numerics
