// range_count: how many values lie in a half-open interval.
#include <algorithm>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

struct Range {
  double min = 0;
  double max = 0;
};

Result<Range> ReadRange(const Parameters& parameters) {
  Range range;
  METERHOUND_ASSIGN_OR_RETURN(range.min, GetDouble(parameters, "min"));
  METERHOUND_ASSIGN_OR_RETURN(range.max, GetDouble(parameters, "max"));
  return range;
}

double Compute(SeriesContext& series, const Range& range) {
  const auto x = series.values();
  return static_cast<double>(
      std::count_if(x.begin(), x.end(), [range](double v) { return v >= range.min && v < range.max; }));
}

std::vector<Parameters> DefaultGrid() {
  return {{{"max", 1}, {"min", -1}}, {{"max", 0}, {"min", -1e12}}, {{"max", 1e12}, {"min", 0}}};
}

}  // namespace

extern const Calculator k_range_count{.name = "range_count",
                                      .doc = "Number of readings from min on and below max",
                                      .presets = kEfficient | kComprehensive,
                                      .position = 57,
                                      .cost = CostClass::kLinear,
                                      .default_grid = &DefaultGrid,
                                      .bind = BindEach<&ReadRange, &Compute>,
                                      .tolerance = kExact};

}  // namespace meterhound::features
