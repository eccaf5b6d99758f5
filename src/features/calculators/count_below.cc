// count_below: the share of values at or below a level (tsfresh says strictly, and counts equal ones).
#include <algorithm>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

Result<double> ReadLevel(const Parameters& parameters) { return GetDouble(parameters, "t"); }

double Compute(SeriesContext& series, double level) {
  const auto x = series.values();
  const auto found = std::count_if(x.begin(), x.end(), [level](double v) { return v <= level; });
  return static_cast<double>(found) / static_cast<double>(x.size());
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("t", {0}); }

}  // namespace

extern const Calculator k_count_below{.name = "count_below",
                                      .doc = "Share of readings at or below t",
                                      .presets = kEfficient | kComprehensive,
                                      .position = 69,
                                      .cost = CostClass::kLinear,
                                      .default_grid = &DefaultGrid,
                                      .bind = BindEach<&ReadLevel, &Compute>,
                                      .tolerance = kExact};

}  // namespace meterhound::features
