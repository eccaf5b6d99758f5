// value_count: how often a value occurs.
#include <algorithm>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series, double value) {
  const auto x = series.values();
  return static_cast<double>(std::count(x.begin(), x.end(), value));
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}})
    grid.push_back({{"value", value}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<double> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const double value, GetDouble(parameters, "value"));
    all.push_back(value);
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_value_count{.name = "value_count",
                                      .doc = "Number of readings equal to a value",
                                      .presets = kEfficient | kComprehensive,
                                      .position = 56,
                                      .cost = CostClass::kLinear,
                                      .default_grid = &DefaultGrid,
                                      .bind = &Bind};

}  // namespace meterhound::features
