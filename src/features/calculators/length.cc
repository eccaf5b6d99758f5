// length: the number of readings.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return static_cast<double>(series.size()); }

}  // namespace

extern const Calculator k_length{.name = "length",
                                 .doc = "Number of readings",
                                 .presets = kMinimal | kEfficient | kComprehensive,
                                 .position = 11,
                                 .cost = CostClass::kLinear,
                                 .bind = BindPlain<&Compute>,
                                 .tolerance = kExact};

}  // namespace meterhound::features
