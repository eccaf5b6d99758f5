// minimum: the smallest value.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return series.Minimum(); }

}  // namespace

extern const Calculator k_minimum{.name = "minimum",
                                  .doc = "Lowest reading",
                                  .presets = kMinimal | kEfficient | kComprehensive,
                                  .position = 35,
                                  .cost = CostClass::kLinear,
                                  .bind = BindPlain<&Compute>,
                                  .tolerance = kExact};

}  // namespace meterhound::features
