// autocorrelation: the correlation of the series with itself some steps later.
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

Result<std::int64_t> ReadLag(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t lag, GetInt(parameters, "lag"));
  if (lag < 0) return InvalidInput("parameter 'lag': expected 0 or more");
  return lag;
}

double Compute(SeriesContext& series, std::int64_t lag) {
  constexpr double kAlmostZero = 1e-8;  // numpy.isclose(variance, 0)
  const auto shift = static_cast<std::size_t>(lag);
  const double variance = series.Variance();
  if (series.size() <= shift || !(variance > kAlmostZero)) return std::numeric_limits<double>::quiet_NaN();
  return series.CentredProducts(shift)[shift] / (static_cast<double>(series.size() - shift) * variance);
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("lag", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}); }

}  // namespace

extern const Calculator k_autocorrelation{
    .name = "autocorrelation",
    .doc =
        "Correlation of the series with itself lag readings later; lag 7 "
        "of daily readings is the weekly rhythm",
    .presets = kEfficient | kComprehensive,
    .position = 43,
    .cost = CostClass::kLinear,
    .default_grid = &DefaultGrid,
    .bind = BindEach<&ReadLag, &Compute>,
    .tolerance = {
        .error = 1e-12, .unit = Unit::kOne, .reason = "products of deviations cancel where there is no correlation"}};

}  // namespace meterhound::features
