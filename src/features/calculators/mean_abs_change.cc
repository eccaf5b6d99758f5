// mean_abs_change: the mean size of steps.
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Compute(SeriesContext& series) {
  const auto x = series.values();
  if (x.size() < 2) return kNaN;
  const std::size_t steps = x.size() - 1;
  return numerics::PairwiseSum(steps, [x](std::size_t i) { return std::fabs(x[i + 1] - x[i]); }) /
         static_cast<double>(steps);
}

}  // namespace

extern const Calculator k_mean_abs_change{.name = "mean_abs_change",
                                          .doc = "Mean absolute change from one reading to the next",
                                          .presets = kEfficient | kComprehensive,
                                          .position = 6,
                                          .cost = CostClass::kLinear,
                                          .bind = BindPlain<&Compute>,
                                          .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
