// A weighted sample, trimmed and drawn from.
#include "pipeline/typical_energy.h"

#include <algorithm>
#include <numeric>

namespace meterhound::pipeline {

TypicalEnergy::TypicalEnergy(std::vector<double> kwh, std::vector<double> weights) {
  constexpr double kTrimmed = 0.1;  // at each end
  std::vector<std::size_t> order(kwh.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return kwh[a] != kwh[b] ? kwh[a] < kwh[b] : weights[a] < weights[b]; });
  double total = 0;
  for (const std::size_t i : order) total += weights[i];  // in an order that the caller's does not change
  const double begin = kTrimmed * total;
  const double end = total - begin;
  double before = 0;
  double kept = 0;
  double sum = 0;
  for (const std::size_t i : order) {
    const double after = before + weights[i];
    const double inside = std::min(after, end) - std::max(before, begin);
    before = after;
    if (!(inside > 0)) continue;
    kept += inside;
    sum += inside * kwh[i];
    kwh_.push_back(kwh[i]);
    cumulative_.push_back(kept);
  }
  if (known()) estimate_ = {sum / kept, kwh_.front(), kwh_.back()};
}

double TypicalEnergy::Draw(numerics::Random& random) const {
  const double at = random.Uniform() * cumulative_.back();
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
  return kwh_[std::min(static_cast<std::size_t>(found - cumulative_.begin()), kwh_.size() - 1)];
}

}  // namespace meterhound::pipeline
