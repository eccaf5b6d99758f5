// percentage_of_reoccurring_datapoints_to_all_datapoints: the share of readings whose value occurs more than once.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto sorted = series.Sorted();
  std::size_t repeated = 0;
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin + 1;
    while (end < sorted.size() && sorted[end] == sorted[begin]) ++end;
    if (end - begin > 1) repeated += end - begin;
    begin = end;
  }
  return static_cast<double>(repeated) / static_cast<double>(sorted.size());
}

}  // namespace

extern const Calculator k_percentage_of_reoccurring_datapoints_to_all_datapoints{
    .name = "percentage_of_reoccurring_datapoints_to_all_datapoints",
    .doc = "Share of the readings whose value occurs more than once",
    .presets = kEfficient | kComprehensive | kIndexBased,
    .position = 28,
    .cost = CostClass::kSort,
    .bind = BindPlain<&Compute>};

}  // namespace meterhound::features
