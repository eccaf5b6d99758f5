// Gaps: readings that never arrived, in bursts, as in real files.
#pragma once

#include <span>

#include "numerics/random.h"

namespace meterhound::simulate {

/// Sets readings to NaN. As in SGCC, the first two thirds of the span lose far more (35-40 %) than the last (1-2 %):
/// late starts, gaps that a neighbourhood shares, and short bursts. Thefts lose slightly more, so that coverage alone
/// tells a little, as in the real file, and no more.
/// @param neighbourhood_seed draws the shared gaps: the same for consumers of one neighbourhood.
void ApplyGaps(std::span<double> readings, bool theft, std::uint64_t neighbourhood_seed, numerics::Random& random);

}  // namespace meterhound::simulate
