// variation_coefficient: spread relative to the level.
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Compute(SeriesContext& series) { return series.Mean() != 0 ? series.StandardDeviation() / series.Mean() : kNaN; }

}  // namespace

extern const Calculator k_variation_coefficient{.name = "variation_coefficient",
                                                .doc = "Standard deviation over the mean",
                                                .presets = kEfficient | kComprehensive,
                                                .position = 13,
                                                .cost = CostClass::kLinear,
                                                .bind = BindPlain<&Compute>,
                                                .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
