// mean_second_derivative_central: the mean central second derivative, which only the ends decide.
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Compute(SeriesContext& series) {
  const auto x = series.values();
  const std::size_t n = x.size();
  if (n <= 2) return kNaN;
  return (x[n - 1] - x[n - 2] - x[1] + x[0]) / (2 * static_cast<double>(n - 2));
}

}  // namespace

extern const Calculator k_mean_second_derivative_central{.name = "mean_second_derivative_central",
                                                         .doc =
                                                             "Mean of (x[t + 1] - 2 x[t] + x[t - 1]) / 2: "
                                                             "whether change speeds up",
                                                         .presets = kEfficient | kComprehensive,
                                                         .position = 8,
                                                         .cost = CostClass::kLinear,
                                                         .bind = BindPlain<&Compute>,
                                                         .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
