// c3: a measure of non-linearity (Schreiber & Schmitz 1997).
#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series, std::int64_t lag_given) {
  const auto x = series.values();
  const auto lag = static_cast<std::size_t>(lag_given);
  if (lag_given < 0 || 2 * lag >= x.size()) return 0;
  const std::size_t terms = x.size() - 2 * lag;
  return numerics::PairwiseSum(terms, [=](std::size_t i) { return x[i + 2 * lag] * x[i + lag] * x[i]; }) /
         static_cast<double>(terms);
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const std::int64_t lag : {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}}) grid.push_back({{"lag", lag}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<std::int64_t> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const std::int64_t lag, GetInt(parameters, "lag"));
    all.push_back(lag);
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_c3{.name = "c3",
                             .doc =
                                 "Mean of x[t] x[t + lag] x[t + 2 lag]: non-linearity (Schreiber and Schmitz "
                                 "1997)",
                             .presets = kEfficient | kComprehensive,
                             .position = 38,
                             .cost = CostClass::kLinear,
                             .default_grid = &DefaultGrid,
                             .bind = &Bind,
                             .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
