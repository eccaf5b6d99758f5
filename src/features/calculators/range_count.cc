// range_count: how many values lie in [min, max).
#include <algorithm>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

struct Range {
  double low;
  double high;
};

double Compute(SeriesContext& series, const Range& range) {
  const auto x = series.values();
  return static_cast<double>(
      std::count_if(x.begin(), x.end(), [&](double value) { return value >= range.low && value < range.high; }));
}

std::vector<Parameters> DefaultGrid() {
  return {{{"max", std::int64_t{1}}, {"min", std::int64_t{-1}}},
          {{"max", 0.0}, {"min", -1e12}},
          {{"max", 1e12}, {"min", 0.0}}};
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<Range> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const double low, GetDouble(parameters, "min"));
    METERHOUND_ASSIGN_OR_RETURN(const double high, GetDouble(parameters, "max"));
    all.push_back({low, high});
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_range_count{.name = "range_count",
                                      .doc = "Number of values from min up to but without max",
                                      .presets = kEfficient | kComprehensive,
                                      .position = 57,
                                      .cost = CostClass::kLinear,
                                      .default_grid = &DefaultGrid,
                                      .bind = &Bind};

}  // namespace meterhound::features
