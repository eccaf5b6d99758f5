// linear_trend: a straight line through the series over its positions.
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
    const numerics::LineFit fit = numerics::FitLine(series.values());
    for (std::size_t i = 0; i < wanted.size(); ++i) out[i] = numerics::Attribute(fit, wanted[i]);
  });
}

Tolerance Allowed(const Parameters& parameters) {
  return LineTolerance(*GetString(parameters, "attr"), Unit::kLargest);
}

}  // namespace

extern const Calculator k_linear_trend{.name = "linear_trend",
                                       .doc =
                                           "Least-squares line through the readings in their order: slope, "
                                           "intercept, correlation, error or p-value (attr)",
                                       .presets = kEfficient | kComprehensive,
                                       .position = 61,
                                       .cost = CostClass::kLinear,
                                       .default_grid = &DefaultGrid,
                                       .bind = &Bind,
                                       .tolerance_of = &Allowed};

}  // namespace meterhound::features
