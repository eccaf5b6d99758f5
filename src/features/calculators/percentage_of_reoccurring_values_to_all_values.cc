// percentage_of_reoccurring_values_to_all_values: the share of different values that occur more than once.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const Repeats& repeats = series.Repeated();
  return static_cast<double>(repeats.values) / static_cast<double>(repeats.distinct);
}

}  // namespace

extern const Calculator k_percentage_of_reoccurring_values_to_all_values{
    .name = "percentage_of_reoccurring_values_to_all_values",
    .doc = "Share of the different values that occur more than once",
    .presets = kEfficient | kComprehensive,
    .position = 27,
    .cost = CostClass::kSort,
    .bind = BindPlain<&Compute>,
    .tolerance = kExact};

}  // namespace meterhound::features
