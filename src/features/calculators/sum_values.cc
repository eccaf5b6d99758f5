// sum_values: the sum.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return series.Sum(); }

}  // namespace

extern const Calculator k_sum_values{.name = "sum_values",
                                     .doc = "Sum of all readings: the energy metered",
                                     .presets = kMinimal | kEfficient | kComprehensive,
                                     .position = 4,
                                     .cost = CostClass::kLinear,
                                     .bind = BindPlain<&Compute>,
                                     .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
