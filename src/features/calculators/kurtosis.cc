// kurtosis: the adjusted Fisher-Pearson coefficient G2, as pandas computes it.
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
  if (n < 4) return kNaN;
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
  const double m4 = moment([](double c) { return c * c * c * c; });
  const double adjustment = 3 * (count - 1) * (count - 1) / ((count - 2) * (count - 3));
  return count * (count + 1) * (count - 1) * m4 / ((count - 2) * (count - 3) * m2 * m2) - adjustment;
}

}  // namespace

extern const Calculator k_kurtosis{
    .name = "kurtosis",
    .doc =
        "Weight of the tails: adjusted Fisher-Pearson G2, 0 for a normal "
        "distribution",
    .presets = kEfficient | kComprehensive | kIndexBased,
    .position = 16,
    .cost = CostClass::kLinear,
    .bind = BindPlain<&Compute>,
    .tolerance = {.error = 1e-12,
                  .unit = Unit::kOne,
                  .reason = "the fourth moment over the squared second, less 3: what is left near 0 has lost digits"}};

}  // namespace meterhound::features
