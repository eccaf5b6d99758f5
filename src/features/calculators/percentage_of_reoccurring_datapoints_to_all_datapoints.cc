// percentage_of_reoccurring_datapoints_to_all_datapoints: the share of readings whose value occurs more than once.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  return static_cast<double>(series.Repeated().readings) / static_cast<double>(series.size());
}

}  // namespace

extern const Calculator k_percentage_of_reoccurring_datapoints_to_all_datapoints{
    .name = "percentage_of_reoccurring_datapoints_to_all_datapoints",
    .doc = "Share of the readings whose value occurs more than once",
    .presets = kEfficient | kComprehensive | kIndexBased,
    .position = 28,
    .cost = CostClass::kSort,
    .bind = BindPlain<&Compute>,
    .tolerance = kExact};

}  // namespace meterhound::features
