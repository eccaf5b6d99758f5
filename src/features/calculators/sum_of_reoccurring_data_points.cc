// sum_of_reoccurring_data_points: the sum of all readings whose value occurs more than once.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return series.Repeated().sum_of_readings; }

}  // namespace

extern const Calculator k_sum_of_reoccurring_data_points{.name = "sum_of_reoccurring_data_points",
                                                         .doc = "Sum of all readings whose value occurs more than once",
                                                         .presets = kEfficient | kComprehensive,
                                                         .position = 30,
                                                         .cost = CostClass::kSort,
                                                         .bind = BindPlain<&Compute>,
                                                         .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
