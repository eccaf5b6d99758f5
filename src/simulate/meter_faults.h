// What meters and their files get wrong on their own: false zeros and absurd spikes.
#pragma once

#include <span>

#include "numerics/random.h"
#include "simulate/town.h"

namespace meterhound::simulate {

/// Sets runs of days to zero and, in few consumers, one reading to thousands of times its value (SGCC: 92,713.9). Not
/// energy taken. @param readings whole days of town.per_day readings each, in kWh
void AddFaults(const Town& town, numerics::Random& random, std::span<double> readings);

}  // namespace meterhound::simulate
