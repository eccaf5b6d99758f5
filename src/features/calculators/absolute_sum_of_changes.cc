// absolute_sum_of_changes: the length of the path up and down.
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto x = series.values();
  return numerics::PairwiseSum(x.size() - 1, [x](std::size_t i) { return std::fabs(x[i + 1] - x[i]); });
}

}  // namespace

extern const Calculator k_absolute_sum_of_changes{.name = "absolute_sum_of_changes",
                                                  .doc =
                                                      "Sum of the absolute changes from one reading to the "
                                                      "next: all ups and downs together",
                                                  .presets = kEfficient | kComprehensive,
                                                  .position = 18,
                                                  .cost = CostClass::kLinear,
                                                  .bind = BindPlain<&Compute>,
                                                  .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
