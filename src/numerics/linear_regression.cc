// The moments of a line fit and what follows from them.
#include "numerics/linear_regression.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/distributions.h"
#include "numerics/summation.h"

namespace meterhound::numerics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTiny = 1e-20;  // SciPy's guard against dividing by zero at a perfect correlation

// `x(i)` is the abscissa; y's mean is NumPy's, so that a constant y has the same (mostly zero) variance as there.
template <typename Abscissa>
LineFit Fit(std::size_t n, const Abscissa& x, std::span<const double> y) {
  if (n == 0) return {kNaN, kNaN, kNaN, kNaN, 0, false};
  const double count = static_cast<double>(n);
  const double x_mean = PairwiseSum(n, x) / count;
  const double y_mean = PairwiseSum(y) / count;
  // NumPy's covariance is a matrix product, which adds in order of the readings: a straight line is as perfect here as there.
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double dx = x(i) - x_mean;
    const double dy = y[i] - y_mean;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const double share = 1 / count;
  xx *= share;
  xy *= share;
  yy *= share;

  LineFit fit;
  fit.points = n;
  if (xx == 0 || yy == 0) {
    fit.correlation = xy == 0 ? kNaN : 0;
  } else {
    fit.correlation = xy / std::sqrt(xx * yy);
    if (fit.correlation > 1) fit.correlation = 1;
    if (fit.correlation < -1) fit.correlation = -1;
  }
  fit.slope = xy / xx;
  fit.intercept = y_mean - fit.slope * x_mean;
  if (n == 2) {
    fit.two_equal = y[0] == y[1];
    return fit;
  }
  fit.standard_error = std::sqrt((1 - fit.correlation * fit.correlation) * yy / xx / (count - 2));
  return fit;
}

}  // namespace

LineFit FitLine(std::span<const double> x, std::span<const double> y) {
  const bool one_place = x.size() > 1 && std::all_of(x.begin(), x.end(), [x](double v) { return v == x[0]; });
  if (one_place) return {kNaN, kNaN, kNaN, kNaN, 0, false};
  return Fit(
      x.size(), [x](std::size_t i) { return x[i]; }, y);
}

LineFit FitLine(std::span<const double> y) {
  return Fit(
      y.size(), [](std::size_t i) { return static_cast<double>(i); }, y);
}

double SlopePValue(const LineFit& fit) {
  if (fit.points == 0) return kNaN;
  if (fit.points == 2) return fit.two_equal ? 1 : 0;
  const double r = fit.correlation;
  const double freedom = static_cast<double>(fit.points) - 2;
  return StudentTTwoSided(r * std::sqrt(freedom / ((1 - r + kTiny) * (1 + r + kTiny))), freedom);
}

Result<LineAttribute> ParseLineAttribute(std::string_view name) {
  if (name == "slope") return LineAttribute::kSlope;
  if (name == "intercept") return LineAttribute::kIntercept;
  if (name == "rvalue") return LineAttribute::kCorrelation;
  if (name == "stderr") return LineAttribute::kStandardError;
  if (name == "pvalue") return LineAttribute::kPValue;
  return InvalidInput("parameter 'attr': found \"" + std::string(name) +
                      "\", expected \"slope\", \"intercept\", \"rvalue\", \"stderr\" or \"pvalue\"");
}

double Attribute(const LineFit& fit, LineAttribute attribute) {
  switch (attribute) {
    case LineAttribute::kSlope:
      return fit.slope;
    case LineAttribute::kIntercept:
      return fit.intercept;
    case LineAttribute::kCorrelation:
      return fit.correlation;
    case LineAttribute::kStandardError:
      return fit.standard_error;
    case LineAttribute::kPValue:
      return SlopePValue(fit);
  }
  return kNaN;
}

}  // namespace meterhound::numerics
