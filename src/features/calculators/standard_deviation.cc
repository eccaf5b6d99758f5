// standard_deviation: the standard deviation, ddof 0.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return series.StandardDeviation(); }

}  // namespace

extern const Calculator k_standard_deviation{.name = "standard_deviation",
                                             .doc = "Standard deviation of the readings (dividing by their number)",
                                             .presets = kMinimal | kEfficient | kComprehensive,
                                             .position = 12,
                                             .cost = CostClass::kLinear,
                                             .bind = BindPlain<&Compute>,
                                             .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
