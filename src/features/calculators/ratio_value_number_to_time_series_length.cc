// ratio_value_number_to_time_series_length: the number of different values relative to the length.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  return static_cast<double>(series.Repeated().distinct) / static_cast<double>(series.size());
}

}  // namespace

extern const Calculator k_ratio_value_number_to_time_series_length{
    .name = "ratio_value_number_to_time_series_length",
    .doc = "Number of different values over the number of readings: 1 when none repeats",
    .presets = kEfficient | kComprehensive,
    .position = 31,
    .cost = CostClass::kSort,
    .bind = BindPlain<&Compute>,
    .tolerance = kExact};

}  // namespace meterhound::features
