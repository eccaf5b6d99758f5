// has_duplicate_min: whether the minimum occurs more than once.
#include <algorithm>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto x = series.values();
  return std::count(x.begin(), x.end(), series.Minimum()) >= 2 ? 1 : 0;
}

}  // namespace

extern const Calculator k_has_duplicate_min{.name = "has_duplicate_min",
                                            .doc =
                                                "1 when the lowest reading occurs more than once, as with many "
                                                "zeros",
                                            .presets = kEfficient | kComprehensive,
                                            .position = 2,
                                            .cost = CostClass::kLinear,
                                            .bind = BindPlain<&Compute>,
                                            .tolerance = kExact};

}  // namespace meterhound::features
