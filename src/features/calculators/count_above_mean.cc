// count_above_mean: how many values lie above the mean.
#include <algorithm>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto x = series.values();
  const double mean = series.Mean();
  return static_cast<double>(std::count_if(x.begin(), x.end(), [mean](double value) { return value > mean; }));
}

}  // namespace

extern const Calculator k_count_above_mean{.name = "count_above_mean",
                                           .doc = "Number of readings above the series' mean",
                                           .presets = kEfficient | kComprehensive,
                                           .position = 21,
                                           .cost = CostClass::kLinear,
                                           .bind = BindPlain<&Compute>,
                                           .tolerance = kExact};

}  // namespace meterhound::features
