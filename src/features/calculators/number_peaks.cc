// number_peaks: peaks that top their n neighbours on either side.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series, std::int64_t n_given) {
  const auto x = series.values();
  const auto n = static_cast<std::size_t>(n_given);
  std::size_t peaks = 0;
  for (std::size_t i = n; n_given > 0 && i + n < x.size(); ++i) {
    bool peak = true;
    for (std::size_t k = 1; k <= n && peak; ++k) peak = x[i] > x[i - k] && x[i] > x[i + k];
    peaks += peak ? 1 : 0;
  }
  return static_cast<double>(peaks);
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const std::int64_t n : {std::int64_t{1}, std::int64_t{3}, std::int64_t{5}, std::int64_t{10}, std::int64_t{50}})
    grid.push_back({{"n", n}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<std::int64_t> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const std::int64_t n, GetInt(parameters, "n"));
    all.push_back(n);
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_number_peaks{.name = "number_peaks",
                                       .doc = "Number of values larger than their n neighbours on both sides",
                                       .presets = kEfficient | kComprehensive,
                                       .position = 47,
                                       .cost = CostClass::kLinear,
                                       .default_grid = &DefaultGrid,
                                       .bind = &Bind};

}  // namespace meterhound::features
