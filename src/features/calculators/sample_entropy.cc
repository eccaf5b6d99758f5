// sample_entropy: Richman & Moorman (2000) with m = 2 and r = 0.2 standard deviations.
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

// Counts pairs of templates within r (Chebyshev): B of length 2 over n - 1 templates, A of length 3 over n - 2.
double Compute(SeriesContext& series) {
  const auto x = series.values();
  const std::size_t n = x.size();
  const double r = 0.2 * series.StandardDeviation();
  const auto near = [&](std::size_t i, std::size_t j) { return std::fabs(x[i] - x[j]) <= r; };
  double of_two = 0;
  double of_three = 0;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    for (std::size_t j = i + 1; j + 1 < n; ++j) {
      if (!near(i, j) || !near(i + 1, j + 1)) continue;
      of_two += 2;
      if (j + 2 < n && near(i + 2, j + 2)) of_three += 2;
    }
  }
  // The peer divides the counts although the numbers of templates differ by one.
  return -std::log(of_three / of_two);
}

}  // namespace

extern const Calculator k_sample_entropy{.name = "sample_entropy",
                                         .doc = "Irregularity: how rarely alike stretches stay alike (m 2, r 0.2 sd)",
                                         .presets = kComprehensive,
                                         .position = 32,
                                         .cost = CostClass::kQuadratic,
                                         .bind = BindPlain<&Compute>};

}  // namespace meterhound::features
