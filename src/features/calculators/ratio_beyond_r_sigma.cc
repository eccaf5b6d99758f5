// ratio_beyond_r_sigma: the share of values far from the mean.
#include <algorithm>
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series, double r) {
  const auto x = series.values();
  const double mean = series.Mean();
  const double limit = r * series.StandardDeviation();
  const auto beyond = std::count_if(x.begin(), x.end(), [=](double value) { return std::fabs(value - mean) > limit; });
  return static_cast<double>(beyond) / static_cast<double>(x.size());
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const double r : {0.5, 1.5, 2.5}) grid.push_back({{"r", r}});
  for (const std::int64_t r : {1, 2, 3, 5, 6, 7, 10}) grid.push_back({{"r", r}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<double> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const double r, GetDouble(parameters, "r"));
    all.push_back(r);
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_ratio_beyond_r_sigma{.name = "ratio_beyond_r_sigma",
                                               .doc = "Share of values more than r standard deviations from the mean",
                                               .presets = kEfficient | kComprehensive,
                                               .position = 66,
                                               .cost = CostClass::kLinear,
                                               .default_grid = &DefaultGrid,
                                               .bind = &Bind};

}  // namespace meterhound::features
