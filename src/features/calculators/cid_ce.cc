// cid_ce: complexity as the length of the stretched line (Batista et al. 2014).
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series, bool normalize) {
  const auto x = series.values();
  const double scale = series.StandardDeviation();
  if (normalize && scale == 0) return 0;
  const double mean = series.Mean();
  const auto at = [&](std::size_t i) { return normalize ? (x[i] - mean) / scale : x[i]; };
  return std::sqrt(numerics::PairwiseSum(x.size() - 1, [&](std::size_t i) {
    const double step = at(i + 1) - at(i);
    return step * step;
  }));
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const bool normalize : {true, false}) grid.push_back({{"normalize", normalize}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<bool> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const bool normalize, GetBool(parameters, "normalize"));
    all.push_back(normalize);
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_cid_ce{.name = "cid_ce",
                                 .doc =
                                     "Complexity: root of the sum of squared changes between neighbours, of the "
                                     "standardised series where normalize",
                                 .presets = kEfficient | kComprehensive,
                                 .position = 39,
                                 .cost = CostClass::kLinear,
                                 .default_grid = &DefaultGrid,
                                 .bind = &Bind,
                                 .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
