// longest_strike_above_mean: the longest run above the mean.
#include <algorithm>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const double mean = series.Mean();
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const double value : series.values()) {
    run = value > mean ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return static_cast<double>(longest);
}

}  // namespace

extern const Calculator k_longest_strike_above_mean{.name = "longest_strike_above_mean",
                                                    .doc = "Longest run of readings above the mean",
                                                    .presets = kEfficient | kComprehensive,
                                                    .position = 20,
                                                    .cost = CostClass::kLinear,
                                                    .bind = BindPlain<&Compute>,
                                                    .tolerance = kExact};

}  // namespace meterhound::features
