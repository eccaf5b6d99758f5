// Faults come at a rate that differs a hundredfold between meters: most have none, a few are hardly usable.
#include "simulate/meter_faults.h"

#include <algorithm>
#include <cmath>

namespace meterhound::simulate {

void AddFaults(const Town& town, numerics::Random& random, std::span<double> readings) {
  const auto per_day = static_cast<std::size_t>(town.per_day);
  const double between = 200 * std::exp(1.3 * random.Normal());  // days
  const auto days = static_cast<double>(town.days.size());
  for (double at = random.Exponential(between); at < days; at += random.Exponential(between)) {
    const auto begin = static_cast<std::size_t>(at);
    const double pick = random.Uniform();
    std::size_t length = 1;
    if (pick > 0.6) length = 2 + random.Below(2);
    if (pick > 0.88) length = 4 + random.Below(14);
    const std::size_t end = std::min(town.days.size(), begin + length);
    std::fill(readings.begin() + static_cast<std::ptrdiff_t>(begin * per_day),
              readings.begin() + static_cast<std::ptrdiff_t>(end * per_day), 0.0);
  }
  if (!random.Bernoulli(0.006)) return;
  readings[random.Below(readings.size())] = std::exp(random.Uniform(std::log(500), std::log(100000)));
}

}  // namespace meterhound::simulate
