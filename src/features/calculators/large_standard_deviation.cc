// large_standard_deviation: whether the spread is large relative to the range.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series, double r) {
  return series.StandardDeviation() > r * (series.Maximum() - series.Minimum()) ? 1 : 0;
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (int i = 1; i < 20; ++i) grid.push_back({{"r", i * 0.05}});
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

extern const Calculator k_large_standard_deviation{.name = "large_standard_deviation",
                                                   .doc = "1 when the standard deviation exceeds r times the range",
                                                   .presets = kEfficient | kComprehensive,
                                                   .position = 41,
                                                   .cost = CostClass::kLinear,
                                                   .default_grid = &DefaultGrid,
                                                   .bind = &Bind};

}  // namespace meterhound::features
