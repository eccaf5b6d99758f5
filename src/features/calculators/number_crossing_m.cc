// number_crossing_m: how often the series crosses a level.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

Result<double> ReadLevel(const Parameters& parameters) { return GetDouble(parameters, "m"); }

double Compute(SeriesContext& series, double level) {
  const auto x = series.values();
  std::size_t crossings = 0;
  for (std::size_t i = 1; i < x.size(); ++i) crossings += (x[i] > level) != (x[i - 1] > level) ? 1 : 0;
  return static_cast<double>(crossings);
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("m", {0, -1, 1}); }

}  // namespace

extern const Calculator k_number_crossing_m{.name = "number_crossing_m",
                                            .doc = "Number of times the series crosses the level m",
                                            .presets = kEfficient | kComprehensive,
                                            .position = 64,
                                            .cost = CostClass::kLinear,
                                            .default_grid = &DefaultGrid,
                                            .bind = BindEach<&ReadLevel, &Compute>,
                                            .tolerance = kExact};

}  // namespace meterhound::features
