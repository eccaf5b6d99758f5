// skewness: the adjusted Fisher-Pearson coefficient G1, as pandas computes it.
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// pandas 3: deviations centred twice; a second moment within rounding of the mean counts as no spread.
double Compute(SeriesContext& series) {
  const std::size_t n = series.size();
  if (n < 3) return kNaN;
  const auto x = series.values();
  const auto centred = series.Scratch(0, n);
  const double mean = series.Mean();
  for (std::size_t i = 0; i < n; ++i) centred[i] = x[i] - mean;
  const double shift = numerics::PairwiseSum(centred) / static_cast<double>(n);
  for (double& c : centred) c -= shift;
  const auto moment = [&](auto power) {
    return numerics::PairwiseSum(n, [&](std::size_t i) { return power(centred[i]); });
  };
  const auto count = static_cast<double>(n);
  const double m2 = moment([](double c) { return c * c; });
  const double epsilon = std::numeric_limits<double>::epsilon() * mean;
  if (m2 <= epsilon * epsilon) return kNaN;
  const double m3 = moment([](double c) { return c * c * c; });
  return count * std::sqrt(count - 1) / (count - 2) * (m3 / std::pow(m2, 1.5));
}

}  // namespace

extern const Calculator k_skewness{
    .name = "skewness",
    .doc =
        "Asymmetry of the distribution: adjusted Fisher-Pearson G1, positive "
        "when few readings lie far above the rest",
    .presets = kEfficient | kComprehensive | kIndexBased,
    .position = 15,
    .cost = CostClass::kLinear,
    .bind = BindPlain<&Compute>,
    .tolerance = {.error = 1e-12, .unit = Unit::kOne, .reason = "the third moment cancels on nearly symmetric series"}};

}  // namespace meterhound::features
