// Normal, Student t and chi-square tails; the latter two by the incomplete beta and gamma functions' fractions.
#include "numerics/distributions.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <numbers>

namespace meterhound::numerics {
namespace {

// log(Gamma(a + 1/2) / Gamma(a)): differences of lgamma would lose digits for large a, so a is raised until the
// asymptotic series (its error below 1e-17 from a = 20) holds.
double LogGammaRatioHalf(double a) {
  double log_factor = 0;
  while (a < 20) {
    log_factor += std::log(a / (a + 0.5));
    a += 1;
  }
  const double u = 1 / (a * a);
  const double series = (-1.0 / 8 + u * (1.0 / 192 + u * (-1.0 / 640 + u * (17.0 / 14336 - u * 31.0 / 18432)))) / a;
  return 0.5 * std::log(a) + series + log_factor;
}

// The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method; converges fast for
// x < (a + 1) / (a + b + 2).
double BetaFraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  double c = 1;
  double d = 1 / std::max(kTiny, 1 - (a + b) * x / (a + 1));
  double value = d;
  for (int m = 1; m < 100000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    for (const double step : {even, odd}) {
      d = 1 + step * d;
      c = 1 + step / c;
      if (std::abs(d) < kTiny) d = kTiny;
      if (std::abs(c) < kTiny) c = kTiny;
      d = 1 / d;
      value *= d * c;
    }
    if (std::abs(d * c - 1) < std::numeric_limits<double>::epsilon()) break;
  }
  return value;
}

// The regularised upper incomplete gamma function Q(a, x): by the series of P below the mean, by Legendre's continued
// fraction (Lentz) above it.
double UpperGamma(double a, double x) {
  const double log_front = a * std::log(x) - x - std::lgamma(a);
  if (x < a + 1) {
    double term = 1 / a;
    double sum = term;
    for (int n = 1; n < 100000 && term > sum * std::numeric_limits<double>::epsilon(); ++n) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - sum * std::exp(log_front);
  }
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a;
  double c = 1 / kTiny;
  double d = 1 / b;
  double value = d;
  for (int n = 1; n < 100000; ++n) {
    const double step = -n * (n - a);
    b += 2;
    d = step * d + b;
    c = b + step / c;
    if (std::abs(d) < kTiny) d = kTiny;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    value *= d * c;
    if (std::abs(d * c - 1) < std::numeric_limits<double>::epsilon()) break;
  }
  return value * std::exp(log_front);
}

}  // namespace

double NormalCdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double StudentTTwoSided(double t, double degrees_of_freedom) {
  if (!(degrees_of_freedom > 0) || std::isnan(t)) return std::numeric_limits<double>::quiet_NaN();
  if (t == 0) return 1;
  if (std::isinf(t)) return 0;
  // I_x(df / 2, 1 / 2) at x = df / (df + t^2); 1 - x is formed without subtraction.
  const double a = degrees_of_freedom / 2;
  const double ratio = t / degrees_of_freedom * t;  // t^2 / df
  const double x = 1 / (1 + ratio);
  const double rest = ratio / (1 + ratio);
  const double log_front =
      -a * std::log1p(ratio) + 0.5 * std::log(rest) + LogGammaRatioHalf(a) - 0.5 * std::log(std::numbers::pi);
  const double front = std::exp(log_front);
  if (front < std::numeric_limits<double>::min()) return 0;  // as SciPy, which has no denormal probabilities
  if (x < (a + 1) / (a + 2.5)) return front * BetaFraction(a, 0.5, x) / a;
  return 1 - front * BetaFraction(0.5, a, rest) / 0.5;
}

double ChiSquareTail(double x, double degrees_of_freedom) {
  if (!(degrees_of_freedom > 0) || std::isnan(x)) return std::numeric_limits<double>::quiet_NaN();
  if (x <= 0) return 1;
  if (std::isinf(x)) return 0;
  return std::clamp(UpperGamma(degrees_of_freedom / 2, x / 2), 0.0, 1.0);
}

double ChiSquareQuantile(double tail, double degrees_of_freedom) {
  if (!(degrees_of_freedom > 0) || !(tail > 0 && tail < 1)) return std::numeric_limits<double>::quiet_NaN();
  double low = 0;
  double high = degrees_of_freedom + 1;
  while (ChiSquareTail(high, degrees_of_freedom) > tail) high *= 2;
  while (true) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    (ChiSquareTail(middle, degrees_of_freedom) > tail ? low : high) = middle;
  }
}

}  // namespace meterhound::numerics
