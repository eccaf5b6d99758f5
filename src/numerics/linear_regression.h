// A straight line through points, as scipy.stats.linregress fits it.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/result.h"

namespace meterhound::numerics {

/// NaN where SciPy gives NaN: a constant y has no correlation, a single x no slope.
struct LineFit {
  double slope = 0;
  double intercept = 0;
  double correlation = 0;
  double standard_error = 0;  ///< of the slope
  std::size_t points = 0;
  bool two_equal = false;  ///< two points of the same height
};

/// Through (x[i], y[i]); both of the same size. No points give NaN throughout.
LineFit FitLine(std::span<const double> x, std::span<const double> y);
/// Through (i, y[i]).
LineFit FitLine(std::span<const double> y);
/// Two-sided p-value of "the slope is 0".
double SlopePValue(const LineFit& fit);

/// The values of a fit by SciPy's names: "slope", "intercept", "rvalue", "stderr", "pvalue".
enum class LineAttribute { kSlope, kIntercept, kCorrelation, kStandardError, kPValue };
Result<LineAttribute> ParseLineAttribute(std::string_view name);
double Attribute(const LineFit& fit, LineAttribute attribute);

}  // namespace meterhound::numerics
