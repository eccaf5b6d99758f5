// quantile: quantiles.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series, double q) { return series.Quantile(q); }

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const double q : {0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9}) grid.push_back({{"q", q}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<double> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const double q, GetDouble(parameters, "q"));
    all.push_back(q);
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_quantile{.name = "quantile",
                                   .doc = "Value below which a share q of the values lies",
                                   .presets = kEfficient | kComprehensive,
                                   .position = 42,
                                   .cost = CostClass::kSort,
                                   .default_grid = &DefaultGrid,
                                   .bind = &Bind};

}  // namespace meterhound::features
