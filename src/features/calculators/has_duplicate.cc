// has_duplicate: whether any value occurs more than once.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return series.Repeated().values > 0 ? 1 : 0; }

}  // namespace

extern const Calculator k_has_duplicate{.name = "has_duplicate",
                                        .doc = "1 when any value occurs more than once",
                                        .presets = kEfficient | kComprehensive,
                                        .position = 3,
                                        .cost = CostClass::kSort,
                                        .bind = BindPlain<&Compute>,
                                        .tolerance = kExact};

}  // namespace meterhound::features
