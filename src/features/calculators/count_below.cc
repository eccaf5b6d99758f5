// count_below: the share of values at most a threshold.
#include <algorithm>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series, double t) {
  const auto x = series.values();
  const auto found = std::count_if(x.begin(), x.end(), [t](double value) { return value <= t; });
  return static_cast<double>(found) / static_cast<double>(x.size());
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const std::int64_t t : {std::int64_t{0}}) grid.push_back({{"t", t}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<double> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const double t, GetDouble(parameters, "t"));
    all.push_back(t);
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_count_below{.name = "count_below",
                                      .doc = "Share of values at most t",
                                      .presets = kEfficient | kComprehensive,
                                      .position = 69,
                                      .cost = CostClass::kLinear,
                                      .default_grid = &DefaultGrid,
                                      .bind = &Bind};

}  // namespace meterhound::features
