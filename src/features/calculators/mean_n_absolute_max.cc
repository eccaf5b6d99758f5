// mean_n_absolute_max: the mean of the largest absolute values.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Compute(SeriesContext& series, std::int64_t n_given) {
  const auto x = series.values();
  const auto n = static_cast<std::size_t>(n_given);
  if (n_given < 1 || x.size() <= n) return kNaN;
  const auto size = series.Scratch(0, x.size());
  for (std::size_t i = 0; i < x.size(); ++i) size[i] = std::fabs(x[i]);
  std::partial_sort(size.begin(), size.begin() + static_cast<std::ptrdiff_t>(n), size.end(), std::greater<>());
  std::reverse(size.begin(),
               size.begin() + static_cast<std::ptrdiff_t>(n));  // summed in ascending order, as the peer does
  return numerics::PairwiseSum(size.first(n)) / static_cast<double>(n);
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const std::int64_t number_of_maxima : {std::int64_t{7}})
    grid.push_back({{"number_of_maxima", number_of_maxima}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<std::int64_t> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const std::int64_t number_of_maxima, GetInt(parameters, "number_of_maxima"));
    all.push_back(number_of_maxima);
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_mean_n_absolute_max{.name = "mean_n_absolute_max",
                                              .doc = "Mean of the number_of_maxima largest absolute readings",
                                              .presets = kEfficient | kComprehensive,
                                              .position = 74,
                                              .cost = CostClass::kLinear,
                                              .default_grid = &DefaultGrid,
                                              .bind = &Bind,
                                              .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
