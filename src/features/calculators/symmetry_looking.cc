// symmetry_looking: whether mean and median are close, measured against the range.
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

Result<double> ReadR(const Parameters& parameters) { return GetDouble(parameters, "r"); }

double Compute(SeriesContext& series, double r) {
  const auto sorted = series.Sorted();
  const std::size_t n = sorted.size();
  if (n == 0) return std::numeric_limits<double>::quiet_NaN();
  const double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  return std::abs(series.Mean() - median) < r * (series.Maximum() - series.Minimum()) ? 1 : 0;
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  grid.reserve(20);
  for (int i = 0; i < 20; ++i) grid.push_back({{"r", i * 0.05}});
  return grid;
}

}  // namespace

extern const Calculator k_symmetry_looking{.name = "symmetry_looking",
                                           .doc = "1 when mean and median lie closer than r times the range",
                                           .presets = kEfficient | kComprehensive,
                                           .position = 40,
                                           .cost = CostClass::kSort,
                                           .default_grid = &DefaultGrid,
                                           .bind = BindEach<&ReadR, &Compute>,
                                           .tolerance = kExact};

}  // namespace meterhound::features
