// large_standard_deviation: whether the standard deviation is a large share of the range.
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

Result<double> ReadR(const Parameters& parameters) { return GetDouble(parameters, "r"); }

double Compute(SeriesContext& series, double r) {
  if (series.size() == 0) return std::numeric_limits<double>::quiet_NaN();
  return series.StandardDeviation() > r * (series.Maximum() - series.Minimum()) ? 1 : 0;
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (int i = 1; i < 20; ++i) grid.push_back({{"r", i * 0.05}});
  return grid;
}

}  // namespace

extern const Calculator k_large_standard_deviation{.name = "large_standard_deviation",
                                                   .doc = "1 when the standard deviation exceeds r times the range",
                                                   .presets = kEfficient | kComprehensive,
                                                   .position = 41,
                                                   .cost = CostClass::kLinear,
                                                   .default_grid = &DefaultGrid,
                                                   .bind = BindEach<&ReadR, &Compute>,
                                                   .tolerance = kExact};

}  // namespace meterhound::features
