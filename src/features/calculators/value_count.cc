// value_count: how often one value occurs.
#include <algorithm>
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

Result<double> ReadValue(const Parameters& parameters) { return GetDouble(parameters, "value"); }

double Compute(SeriesContext& series, double value) {
  const auto x = series.values();
  const auto same = [value](double v) { return v == value || (std::isnan(v) && std::isnan(value)); };
  return static_cast<double>(std::count_if(x.begin(), x.end(), same));
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("value", {0, 1, -1}); }

}  // namespace

extern const Calculator k_value_count{.name = "value_count",
                                      .doc = "Number of readings equal to value",
                                      .presets = kEfficient | kComprehensive,
                                      .position = 56,
                                      .cost = CostClass::kLinear,
                                      .default_grid = &DefaultGrid,
                                      .bind = BindEach<&ReadValue, &Compute>,
                                      .tolerance = kExact};

}  // namespace meterhound::features
