// variance_larger_than_standard_deviation: whether the variance exceeds the standard deviation.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return series.Variance() > series.StandardDeviation() ? 1 : 0; }

}  // namespace

extern const Calculator k_variance_larger_than_standard_deviation{
    .name = "variance_larger_than_standard_deviation",
    .doc = "1 when the variance exceeds the standard deviation, i.e. when that is above 1",
    .presets = kEfficient | kComprehensive,
    .position = 0,
    .cost = CostClass::kLinear,
    .bind = BindPlain<&Compute>,
    .tolerance = kExact};

}  // namespace meterhound::features
