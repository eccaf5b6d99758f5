// absolute_maximum: the largest absolute value.
#include <algorithm>
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return std::max(std::fabs(series.Maximum()), std::fabs(series.Minimum())); }

}  // namespace

extern const Calculator k_absolute_maximum{.name = "absolute_maximum",
                                           .doc = "Largest reading by size, its sign left aside",
                                           .presets = kMinimal | kEfficient | kComprehensive,
                                           .position = 34,
                                           .cost = CostClass::kLinear,
                                           .bind = BindPlain<&Compute>,
                                           .tolerance = kExact};

}  // namespace meterhound::features
