// The moments of a line fit and what follows from them.
#include "numerics/linear_regression.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "numerics/distributions.h"
#include "numerics/summation.h"
#include "numerics/vector8.h"

namespace meterhound::numerics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTiny = 1e-20;  // SciPy's guard against dividing by zero at a perfect correlation

struct Moments {
  double xx = 0;
  double xy = 0;
  double yy = 0;
};

// NumPy's covariance is a matrix product, in which OpenBLAS takes the readings in blocks and multiplies and adds in one
// rounding (kernels for Haswell and Zen): done likewise, a straight line is as perfect here as there.
METERHOUND_VECTOR_CLONES Moments SumOfProducts(const double* x, const double* y, std::size_t n) {
  constexpr std::size_t kBlock = 256;
  Moments all;
  std::size_t end = 0;
  for (std::size_t i = 0; i < n; i = end) {
    const std::size_t rest = n - i;
    end += rest >= 2 * kBlock ? kBlock : rest > kBlock ? (rest + 1) / 2 : rest;
    Moments block;
    for (std::size_t k = i; k < end; ++k) {
      block.xx = std::fma(x[k], x[k], block.xx);
      block.xy = std::fma(x[k], y[k], block.xy);
      block.yy = std::fma(y[k], y[k], block.yy);
    }
    all.xx += block.xx;
    all.xy += block.xy;
    all.yy += block.yy;
  }
  return all;
}

// `x(i)` is the abscissa; means are NumPy's, so that a constant y has the same (mostly zero) variance as there.
template <typename Abscissa>
LineFit Fit(std::size_t n, const Abscissa& x, std::span<const double> y) {
  thread_local std::vector<double> x_centred;
  thread_local std::vector<double> y_centred;
  if (n == 0) return {kNaN, kNaN, kNaN, kNaN, 0, false};
  const double count = static_cast<double>(n);
  const double x_mean = PairwiseSum(n, x) / count;
  const double y_mean = PairwiseSum(y) / count;
  x_centred.resize(n);
  y_centred.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    x_centred[i] = x(i) - x_mean;
    y_centred[i] = y[i] - y_mean;
  }
  auto [xx, xy, yy] = SumOfProducts(x_centred.data(), y_centred.data(), n);
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
