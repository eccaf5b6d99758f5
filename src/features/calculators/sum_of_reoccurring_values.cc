// sum_of_reoccurring_values: the sum of values that occur more than once, each counted once.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return series.Repeated().sum_of_values; }

}  // namespace

extern const Calculator k_sum_of_reoccurring_values{.name = "sum_of_reoccurring_values",
                                                    .doc =
                                                        "Sum of the different values that occur more than once, "
                                                        "each taken once",
                                                    .presets = kEfficient | kComprehensive,
                                                    .position = 29,
                                                    .cost = CostClass::kSort,
                                                    .bind = BindPlain<&Compute>,
                                                    .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
