// autocorrelation: the autocorrelation at a lag, with the series mean and variance.
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Compute(SeriesContext& series, std::int64_t lag_given) {
  const auto x = series.values();
  const auto lag = static_cast<std::size_t>(lag_given);
  if (lag_given < 0 || x.size() < lag) return kNaN;
  if (series.Variance() <= 1e-8) return kNaN;  // numpy.isclose(variance, 0)
  const double mean = series.Mean();
  const std::size_t terms = x.size() - lag;
  const double sum = numerics::PairwiseSum(terms, [=](std::size_t i) { return (x[i] - mean) * (x[i + lag] - mean); });
  return sum / (static_cast<double>(terms) * series.Variance());
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (std::int64_t lag = 0; lag < 10; ++lag) grid.push_back({{"lag", lag}});
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

extern const Calculator k_autocorrelation{.name = "autocorrelation",
                                          .doc = "Correlation of the series with itself a lag later",
                                          .presets = kEfficient | kComprehensive,
                                          .position = 43,
                                          .cost = CostClass::kLinear,
                                          .default_grid = &DefaultGrid,
                                          .bind = &Bind};

}  // namespace meterhound::features
