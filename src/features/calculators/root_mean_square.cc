// root_mean_square: the root of the mean square.
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto x = series.values();
  return std::sqrt(numerics::PairwiseSum(x.size(), [x](std::size_t i) { return x[i] * x[i]; }) /
                   static_cast<double>(x.size()));
}

}  // namespace

extern const Calculator k_root_mean_square{.name = "root_mean_square",
                                           .doc = "Root of the mean of the squared readings",
                                           .presets = kMinimal | kEfficient | kComprehensive,
                                           .position = 17,
                                           .cost = CostClass::kLinear,
                                           .bind = BindPlain<&Compute>,
                                           .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
