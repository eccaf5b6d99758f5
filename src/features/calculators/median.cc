// median: the median.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto sorted = series.Sorted();
  const std::size_t middle = sorted.size() / 2;
  // Two middle values are averaged as numpy.mean does it: halving the sum.
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

}  // namespace

extern const Calculator k_median{.name = "median",
                                 .doc = "Middle reading: half of them lie below",
                                 .presets = kMinimal | kEfficient | kComprehensive,
                                 .position = 9,
                                 .cost = CostClass::kSort,
                                 .bind = BindPlain<&Compute>,
                                 .tolerance = kExact};

}  // namespace meterhound::features
