// Three sources of missing readings.
#include "simulate/gaps.h"

#include <algorithm>
#include <limits>

namespace meterhound::simulate {
namespace {

void Lose(std::span<double> readings, double begin, double length) {
  const auto size = static_cast<double>(readings.size());
  const auto from = static_cast<std::ptrdiff_t>(std::clamp(begin, 0.0, size));
  const auto to = static_cast<std::ptrdiff_t>(std::clamp(begin + length, 0.0, size));
  std::fill(readings.begin() + from, readings.begin() + std::max(from, to), std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

void ApplyGaps(std::span<double> readings, bool theft, std::uint64_t neighbourhood_seed, numerics::Random& random) {
  const auto days = static_cast<double>(readings.size());
  const double early = days * 2 / 3;
  if (random.Bernoulli(theft ? 0.46 : 0.40)) Lose(readings, 0, early * random.Uniform(0.1, 1));
  numerics::Random shared(neighbourhood_seed);
  for (int gap = 0; gap < 4; ++gap) {
    const double begin = shared.Uniform(0, early);
    const double length = shared.Uniform(0.02, 0.09) * days;
    if (random.Bernoulli(0.75)) Lose(readings, begin, length + random.Uniform(-2, 2));
  }
  const double bursts_a_day = theft ? 1.0 / 70 : 1.0 / 90;
  for (double day = random.Exponential(1 / bursts_a_day); day < early; day += random.Exponential(1 / bursts_a_day)) {
    Lose(readings, day, 1 + random.Exponential(random.Bernoulli(0.15) ? 14 : 1.2));
  }
  for (double day = early + random.Exponential(120); day < days; day += random.Exponential(120)) {
    Lose(readings, day, 1 + random.Exponential(0.6));
  }
}

}  // namespace meterhound::simulate
