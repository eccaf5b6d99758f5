// linear_trend_timewise: a straight line through the series over time in hours, so that gaps count.
#include <algorithm>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/linear_regression.h"

namespace meterhound::features {
namespace {

std::vector<Parameters> DefaultGrid() {
  return OneParameterGrid("attr", {std::string("pvalue"), std::string("rvalue"), std::string("intercept"),
                                   std::string("slope"), std::string("stderr")});
}

Result<numerics::LineAttribute> ReadAttribute(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string name, GetString(parameters, "attr"));
  return numerics::ParseLineAttribute(name);
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(const auto wanted, ReadGrid<&ReadAttribute>(grid));
  return Kernel([wanted](SeriesContext& series, std::span<double> out) {
    constexpr double kSecondsPerHour = 3600;
    const auto times = series.times();
    std::fill(out.begin(), out.end(), std::numeric_limits<double>::quiet_NaN());
    // tsfresh leaves the columns out where there is no calendar; here they exist and are undefined.
    if (!HasCalendar(series.series().cadence) || times.size() != series.size()) return;
    const auto hours = series.Scratch(0, times.size());
    for (std::size_t i = 0; i < times.size(); ++i) hours[i] = (times[i] - times[0]) / kSecondsPerHour;
    const numerics::LineFit fit = numerics::FitLine(hours, series.values());
    for (std::size_t i = 0; i < wanted.size(); ++i) out[i] = numerics::Attribute(fit, wanted[i]);
  });
}

Tolerance Allowed(const Parameters& parameters) {
  return LineTolerance(*GetString(parameters, "attr"), Unit::kLargest);
}

}  // namespace

extern const Calculator k_linear_trend_timewise{
    .name = "linear_trend_timewise",
    .doc =
        "Least-squares line through the readings over time in hours: slope, intercept, correlation, error or "
        "p-value (attr)",
    .presets = kIndexBased | kTimeBased,
    .position = 67,
    .cost = CostClass::kLinear,
    .default_grid = &DefaultGrid,
    .bind = &Bind,
    .tolerance_of = &Allowed};

}  // namespace meterhound::features
