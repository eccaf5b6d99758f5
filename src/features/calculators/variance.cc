// variance: the variance, ddof 0.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return series.Variance(); }

}  // namespace

extern const Calculator k_variance{.name = "variance",
                                   .doc = "Variance of the readings (dividing by their number)",
                                   .presets = kMinimal | kEfficient | kComprehensive,
                                   .position = 14,
                                   .cost = CostClass::kLinear,
                                   .bind = BindPlain<&Compute>,
                                   .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
