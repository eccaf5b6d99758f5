// sample_entropy: Richman & Moorman (2000) with m = 2 and r = 0.2 standard deviations.
#include <cmath>
#include <limits>
#include <numeric>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/template_matches.h"

namespace meterhound::features {
namespace {

// Counts pairs of templates within r (Chebyshev): B of length 2 over n - 1 templates, A of length 3 over n - 2.
double Compute(SeriesContext& series) {
  const std::size_t n = series.size();
  const double r = 0.2 * series.StandardDeviation();
  if (n < 3 || !std::isfinite(r)) return std::numeric_limits<double>::quiet_NaN();
  const auto counts = series.Counts(0, n);
  const auto longer_counts = series.Counts(1, n);
  numerics::CountMatches(series.values(), series.Order(), 2, {&r, 1}, counts, longer_counts);
  const auto sum = [](std::span<const std::uint32_t> all) {
    return static_cast<double>(std::accumulate(all.begin(), all.end(), std::uint64_t{0}));
  };
  const double of_two = sum(counts) - static_cast<double>(n - 1);  // none of them itself
  const double of_three = sum(longer_counts) - static_cast<double>(n - 2);
  // The peer divides the counts although the numbers of templates differ by one.
  return -std::log(of_three / of_two);
}

}  // namespace

extern const Calculator k_sample_entropy{.name = "sample_entropy",
                                         .doc =
                                             "Irregularity: minus the logarithm of the share of stretches alike "
                                             "over 2 readings, within 0.2 standard deviations, that stay alike "
                                             "over 3 (Richman and Moorman 2000)",
                                         .presets = kComprehensive,
                                         .position = 32,
                                         .cost = CostClass::kQuadratic,
                                         .bind = BindPlain<&Compute>,
                                         .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
