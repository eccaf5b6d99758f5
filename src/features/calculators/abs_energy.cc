// abs_energy: the sum of squares.
#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto x = series.values();
  return numerics::PairwiseSum(x.size(), [x](std::size_t i) { return x[i] * x[i]; });
}

}  // namespace

extern const Calculator k_abs_energy{.name = "abs_energy",
                                     .doc =
                                         "Sum of the squared readings: level and spread in one number that the "
                                         "largest readings rule",
                                     .presets = kEfficient | kComprehensive,
                                     .position = 5,
                                     .cost = CostClass::kLinear,
                                     .bind = BindPlain<&Compute>,
                                     .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
