// mean_change: the mean step, which only the ends decide.
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Compute(SeriesContext& series) {
  const auto x = series.values();
  return x.size() > 1 ? (x.back() - x.front()) / static_cast<double>(x.size() - 1) : kNaN;
}

}  // namespace

extern const Calculator k_mean_change{.name = "mean_change",
                                      .doc =
                                          "Mean change from one reading to the next: last less first, over the "
                                          "number of changes",
                                      .presets = kEfficient | kComprehensive,
                                      .position = 7,
                                      .cost = CostClass::kLinear,
                                      .bind = BindPlain<&Compute>,
                                      .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
