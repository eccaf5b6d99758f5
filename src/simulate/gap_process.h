// Which readings were lost, in the bursts that real files show.
//
// The odds are SGCC's, from 191 of its consumers: two in five have a hole of months that ends on the day the archive
// was mended, three in ten have no reading before some day, all lose single days and weeks, most of them early on.
// Thieves lose somewhat more, as in SGCC, where missingness alone reaches an AUC of .76. Here it reaches about .7 on
// purpose: a detector that reads only the gaps must not look good.
#pragma once

#include <cstdint>
#include <span>

#include "numerics/random.h"
#include "simulate/town.h"

namespace meterhound::simulate {

/// Marks lost days with 1. @param missing one entry a day; marks already there stay.
void LoseDays(const Town& town, bool thief, numerics::Random& random, std::span<std::uint8_t> missing);

/// Spreads the days' marks over their readings and loses a few single readings more when there are several a day.
void LoseReadings(const Town& town, std::span<const std::uint8_t> missing_days, numerics::Random& random,
                  std::span<std::uint8_t> missing);

}  // namespace meterhound::simulate
