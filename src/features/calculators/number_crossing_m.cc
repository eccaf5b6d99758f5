// number_crossing_m: how often the series crosses a level.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series, double m) {
  const auto x = series.values();
  std::size_t crossings = 0;
  for (std::size_t i = 1; i < x.size(); ++i) crossings += (x[i] > m) != (x[i - 1] > m) ? 1 : 0;
  return static_cast<double>(crossings);
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const std::int64_t m : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1}}) grid.push_back({{"m", m}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<double> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const double m, GetDouble(parameters, "m"));
    all.push_back(m);
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_number_crossing_m{.name = "number_crossing_m",
                                            .doc = "Number of crossings of the level m",
                                            .presets = kEfficient | kComprehensive,
                                            .position = 64,
                                            .cost = CostClass::kLinear,
                                            .default_grid = &DefaultGrid,
                                            .bind = &Bind};

}  // namespace meterhound::features
