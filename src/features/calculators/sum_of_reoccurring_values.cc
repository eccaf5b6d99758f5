// sum_of_reoccurring_values: the sum of values that occur more than once, each counted once.
#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto sorted = series.Sorted();
  const auto terms = series.Scratch(0, sorted.size());
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin + 1;
    while (end < sorted.size() && sorted[end] == sorted[begin]) ++end;
    if (end - begin > 1) terms[count++] = sorted[begin];
    begin = end;
  }
  return numerics::PairwiseSum(terms.first(count));
}

}  // namespace

extern const Calculator k_sum_of_reoccurring_values{.name = "sum_of_reoccurring_values",
                                                    .doc =
                                                        "Sum of the different values that occur more than once, "
                                                        "each taken once",
                                                    .presets = kEfficient | kComprehensive,
                                                    .position = 29,
                                                    .cost = CostClass::kSort,
                                                    .bind = BindPlain<&Compute>};

}  // namespace meterhound::features
