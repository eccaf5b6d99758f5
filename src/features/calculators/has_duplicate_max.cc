// has_duplicate_max: whether the maximum occurs more than once.
#include <algorithm>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto x = series.values();
  return std::count(x.begin(), x.end(), series.Maximum()) >= 2 ? 1 : 0;
}

}  // namespace

extern const Calculator k_has_duplicate_max{.name = "has_duplicate_max",
                                            .doc =
                                                "1 when the highest reading occurs more than once, as under a "
                                                "ceiling",
                                            .presets = kEfficient | kComprehensive,
                                            .position = 1,
                                            .cost = CostClass::kLinear,
                                            .bind = BindPlain<&Compute>,
                                            .tolerance = kExact};

}  // namespace meterhound::features
