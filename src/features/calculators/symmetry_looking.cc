// symmetry_looking: whether mean and median lie close to each other.
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Median(SeriesContext& series) {
  const auto sorted = series.Sorted();
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

double Compute(SeriesContext& series, double r) {
  const double difference = std::fabs(series.Mean() - Median(series));
  return difference < r * (series.Maximum() - series.Minimum()) ? 1 : 0;
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (int i = 0; i < 20; ++i) grid.push_back({{"r", i * 0.05}});
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

extern const Calculator k_symmetry_looking{.name = "symmetry_looking",
                                           .doc = "1 when mean and median differ by less than r times the range",
                                           .presets = kEfficient | kComprehensive,
                                           .position = 40,
                                           .cost = CostClass::kSort,
                                           .default_grid = &DefaultGrid,
                                           .bind = &Bind};

}  // namespace meterhound::features
