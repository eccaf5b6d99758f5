// maximum: the largest value.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return series.Maximum(); }

}  // namespace

extern const Calculator k_maximum{.name = "maximum",
                                  .doc = "Highest reading",
                                  .presets = kMinimal | kEfficient | kComprehensive,
                                  .position = 33,
                                  .cost = CostClass::kLinear,
                                  .bind = BindPlain<&Compute>,
                                  .tolerance = kExact};

}  // namespace meterhound::features
