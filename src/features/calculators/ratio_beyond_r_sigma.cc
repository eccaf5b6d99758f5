// ratio_beyond_r_sigma: the share of values far from the mean.
#include <algorithm>
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

Result<double> ReadR(const Parameters& parameters) { return GetDouble(parameters, "r"); }

double Compute(SeriesContext& series, double r) {
  const auto centred = series.Centred();
  const double limit = r * series.StandardDeviation();
  const auto beyond = std::count_if(centred.begin(), centred.end(), [limit](double v) { return std::abs(v) > limit; });
  return static_cast<double>(beyond) / static_cast<double>(series.size());
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("r", {0.5, 1, 1.5, 2, 2.5, 3, 5, 6, 7, 10}); }

}  // namespace

extern const Calculator k_ratio_beyond_r_sigma{.name = "ratio_beyond_r_sigma",
                                               .doc = "Share of readings more than r standard deviations from the mean",
                                               .presets = kEfficient | kComprehensive,
                                               .position = 66,
                                               .cost = CostClass::kLinear,
                                               .default_grid = &DefaultGrid,
                                               .bind = BindEach<&ReadR, &Compute>,
                                               .tolerance = kExact};

}  // namespace meterhound::features
