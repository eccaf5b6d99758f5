// percentage_of_reoccurring_values_to_all_values: the share of different values that occur more than once.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto sorted = series.Sorted();
  std::size_t different = 0;
  std::size_t repeated = 0;
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin + 1;
    while (end < sorted.size() && sorted[end] == sorted[begin]) ++end;
    ++different;
    if (end - begin > 1) ++repeated;
    begin = end;
  }
  return static_cast<double>(repeated) / static_cast<double>(different);
}

}  // namespace

extern const Calculator k_percentage_of_reoccurring_values_to_all_values{
    .name = "percentage_of_reoccurring_values_to_all_values",
    .doc = "Share of the different values that occur more than once",
    .presets = kEfficient | kComprehensive,
    .position = 27,
    .cost = CostClass::kSort,
    .bind = BindPlain<&Compute>};

}  // namespace meterhound::features
