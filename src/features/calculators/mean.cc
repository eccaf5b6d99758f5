// mean: the arithmetic mean.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return series.Mean(); }

}  // namespace

extern const Calculator k_mean{.name = "mean",
                               .doc = "Arithmetic mean of the readings",
                               .presets = kMinimal | kEfficient | kComprehensive,
                               .position = 10,
                               .cost = CostClass::kLinear,
                               .bind = BindPlain<&Compute>,
                               .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
