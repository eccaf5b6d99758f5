// The two-sample test counts paths; its approximation needs the one-sample distribution, which no single formula gives
// to full precision everywhere.
#include "numerics/kolmogorov_smirnov.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace meterhound::numerics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostExact = 10000;  // scipy's: beyond it, counting paths takes too long
constexpr double kPi2 = std::numbers::pi * std::numbers::pi;

// log(n!) without its leading terms (n + 1/2) log n - n + log(2 pi) / 2 (Loader 2000).
double StirlingRest(double n) {
  if (n < 16) return std::lgamma(n + 1) - (n + 0.5) * std::log(n) + n - 0.5 * std::log(2 * std::numbers::pi);
  const double u = 1 / (n * n);
  return (1.0 / 12 - u * (1.0 / 360 - u * (1.0 / 1260 - u * (1.0 / 1680 - u / 1188)))) / n;
}

// P(D+ >= d) of the one-sided statistic (Birnbaum & Tingey 1951). Each term is a binomial probability at its own mode
// times a power near one, so that no digits are lost in large logarithms.
double OneSidedTail(std::size_t n, double d) {
  const auto size = static_cast<double>(n);
  double sum = std::exp(size * std::log1p(-d));
  const auto last = static_cast<std::size_t>(std::floor(size * (1 - d)));
  for (std::size_t v = 1; v <= last && v < n; ++v) {
    const auto below = static_cast<double>(v);
    const double above = size - below;
    const double drop = d * size / above;
    if (drop >= 1) break;
    const double log_mode = StirlingRest(size) - StirlingRest(below) - StirlingRest(above) +
                            0.5 * std::log(size / (2 * std::numbers::pi * below * above));
    const double log_power = below * std::log1p(d * size / below) + above * std::log1p(-drop);
    sum += d / (d + below / size) * std::exp(log_mode + log_power);
  }
  return std::min(1.0, sum);
}

using Matrix = std::vector<double>;

Matrix Multiply(const Matrix& a, const Matrix& b, std::size_t m) {
  Matrix product(m * m, 0);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t k = 0; k < m; ++k) {
      const double factor = a[i * m + k];
      if (factor == 0) continue;
      for (std::size_t j = 0; j < m; ++j) product[i * m + j] += factor * b[k * m + j];
    }
  }
  return product;
}

// The matrix of Durbin (1973) as Marsaglia, Tsang & Wang (2003) write it.
Matrix DurbinMatrix(std::size_t k, double h) {
  const std::size_t m = 2 * k - 1;
  Matrix matrix(m * m, 0);
  std::vector<double> inverse_factorial(m + 1, 1);
  for (std::size_t i = 1; i <= m; ++i) inverse_factorial[i] = inverse_factorial[i - 1] / static_cast<double>(i);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j <= std::min(i + 1, m - 1); ++j) matrix[i * m + j] = inverse_factorial[i + 1 - j];
  }
  for (std::size_t i = 0; i < m; ++i) {
    const double edge = (1 - std::pow(h, static_cast<double>(i + 1))) * inverse_factorial[i + 1];
    matrix[i * m] = edge;
    matrix[(m - 1) * m + (m - 1 - i)] = edge;
  }
  const auto power = static_cast<double>(m);
  matrix[(m - 1) * m] = (1 - 2 * std::pow(h, power) + std::pow(std::max(2 * h - 1, 0.0), power)) * inverse_factorial[m];
  return matrix;
}

// P(D_n < d), exactly, by the n-th power of that matrix.
double CdfByMatrix(std::size_t n, double d) {
  const double nd = static_cast<double>(n) * d;
  const auto k = static_cast<std::size_t>(std::ceil(nd));
  const std::size_t m = 2 * k - 1;
  Matrix square = DurbinMatrix(k, static_cast<double>(k) - nd);
  Matrix power(m * m, 0);
  for (std::size_t i = 0; i < m; ++i) power[i * m + i] = 1;
  const std::size_t middle = (k - 1) * m + (k - 1);
  int exponent = 0;
  int square_exponent = 0;
  for (std::size_t left = n; left > 0; left /= 2) {
    if (left % 2 == 1) {
      power = Multiply(power, square, m);
      exponent += square_exponent;
    }
    square = Multiply(square, square, m);
    square_exponent *= 2;
    if (std::abs(square[middle]) > 0x1p128) {
      for (double& each : square) each *= 0x1p-128;
      square_exponent += 128;
    }
  }
  double p = power[middle];
  for (std::size_t i = 1; i <= n; ++i) {
    p *= static_cast<double>(i) / static_cast<double>(n);
    if (p < 0x1p-128) {
      p *= 0x1p128;
      exponent -= 128;
    }
  }
  return std::ldexp(p, exponent);
}

// P(D_n < d) by four terms in 1 / sqrt(n) (Pelz & Good 1976).
double CdfBySeries(std::size_t n, double d) {
  const auto size = static_cast<double>(n);
  const double z = std::sqrt(size) * d;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  const double z6 = z4 * z2;
  const double log_q = -kPi2 / 8 / z2;
  if (log_q < -708) return 0;
  const auto last = static_cast<int>(std::ceil(16 * z / std::numbers::pi));
  std::array<double, 4> sum{};
  for (int k = last; k > 0; --k) {
    const double m2 = (2.0 * k - 1) * (2.0 * k - 1);
    const double m4 = m2 * m2;
    const double q_power = std::exp(log_q * m2);
    sum[0] += q_power;
    sum[1] += q_power * (-z2 + kPi2 / 4 * m2);
    sum[2] += q_power * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * kPi2 / 4 * m2 + kPi2 * kPi2 * (1 - 2 * z2) / 16 * m4);
    sum[3] +=
        q_power * (-30 * z6 - 90 * z4 * z4 + kPi2 * (135 * z4 - 96 * z6) / 4 * m2 +
                   kPi2 * kPi2 * (-60 * z2 + 212 * z4) / 16 * m4 + kPi2 * kPi2 * kPi2 * (5 - 30 * z2) / 64 * m4 * m2);
  }
  const double root = std::sqrt(2 * std::numbers::pi);
  const std::array<double, 4> divisor = {z, 6 * z4, 72 * z6 * z, 6480 * z6 * z4};
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] *= root / divisor[i];
  double second = 0;
  double third = 0;
  for (int k = last; k > 0; --k) {
    const double k2 = static_cast<double>(k) * k;
    const double q_power = std::exp(-kPi2 / 2 / z2 * k2);
    second += k2 * q_power;
    third += (3 * z2 - kPi2 * k2) * k2 * q_power;
  }
  sum[2] -= second * kPi2 * root / (36 * z2 * z);
  sum[3] += third * kPi2 * root / (216 * z6);
  return sum[0] + sum[1] / std::sqrt(size) + sum[2] / size + sum[3] / (size * std::sqrt(size));
}

// P(D_n < d) for 1/2 < n d <= 1 (Ruben & Gambino 1982): n! (2 d - 1 / n)^n.
double CdfOfSmallest(std::size_t n, double nd) {
  double p = 1;
  for (std::size_t i = 1; i <= n; ++i) p *= static_cast<double>(i) / static_cast<double>(n) * (2 * nd - 1);
  return p;
}

double Complement(double cdf) { return std::clamp(1 - cdf, 0.0, 1.0); }

}  // namespace

// Which way is precise where follows scipy, which follows Simard & L'Ecuyer.
double KolmogorovTail(std::size_t n, double d) {
  if (n == 0 || std::isnan(d)) return kNaN;
  if (d >= 1) return 0;
  const auto size = static_cast<double>(n);
  const double nd = size * d;
  if (nd <= 0.5) return 1;
  if (nd <= 1) return Complement(CdfOfSmallest(n, nd));
  if (nd >= size - 1) return 2 * std::pow(1 - d, size);
  const double nd2 = nd * d;
  const bool small = n <= 140;
  if (d >= 0.5 || (small ? nd2 > 4 : nd2 >= 2.2)) return nd2 >= 370 ? 0 : std::min(1.0, 2 * OneSidedTail(n, d));
  if (small || (n <= 100000 && size * std::pow(d, 1.5) <= 1.4)) return Complement(CdfByMatrix(n, d));
  return Complement(CdfBySeries(n, d));
}

// Probability that a random path from (0, 0) to (n1, n2) gets as far away as that: on the way to (i, j) the last step
// came from (i - 1, j) with probability i / (i + j) (Hodges 1958). Outside the band it is 1 and need not be computed.
double ExactTwoSampleTail(std::int64_t n1, std::int64_t n2, std::int64_t farthest) {
  if (farthest <= 0) return 1;
  std::vector<double> row(static_cast<std::size_t>(n2) + 1, 1);
  for (std::int64_t i = 0; i <= n1; ++i) {
    const std::int64_t ahead = i * n2 - farthest;
    const std::int64_t low = ahead < 0 ? 0 : ahead / n1 + 1;
    const std::int64_t high = std::min(n2, (i * n2 + farthest - 1) / n1);
    if (low > 0) row[static_cast<std::size_t>(low - 1)] = 1;
    for (std::int64_t j = low; j <= high; ++j) {
      const auto at = static_cast<std::size_t>(j);
      if (i == 0 && j == 0) {
        row[at] = 0;
        continue;
      }
      const double from_left = j > 0 ? row[at - 1] * static_cast<double>(j) : 0;
      const double from_below = i > 0 ? row[at] * static_cast<double>(i) : 0;
      row[at] = (from_left + from_below) / static_cast<double>(i + j);
    }
  }
  return std::clamp(row[static_cast<std::size_t>(n2)], 0.0, 1.0);
}

KolmogorovSmirnov TwoSampleKolmogorovSmirnov(std::span<const double> first, std::span<const double> second) {
  if (first.empty() || second.empty()) return {.statistic = kNaN, .p = kNaN, .exact = false};
  const auto n1 = static_cast<std::int64_t>(first.size());
  const auto n2 = static_cast<std::int64_t>(second.size());
  // The distance in whole numbers: |i / n1 - j / n2| * n1 * n2.
  std::int64_t farthest = 0;
  for (std::size_t i = 0, j = 0; i < first.size() && j < second.size();) {
    const double value = std::min(first[i], second[j]);
    while (i < first.size() && first[i] == value) ++i;
    while (j < second.size() && second[j] == value) ++j;
    farthest = std::max(farthest, std::abs(static_cast<std::int64_t>(i) * n2 - static_cast<std::int64_t>(j) * n1));
  }
  const double statistic = static_cast<double>(farthest) / (static_cast<double>(n1) * static_cast<double>(n2));
  if (std::max(first.size(), second.size()) <= kMostExact) {
    return {.statistic = statistic, .p = ExactTwoSampleTail(n1, n2, farthest), .exact = true};
  }
  const auto larger = static_cast<double>(std::max(n1, n2));
  const auto smaller = static_cast<double>(std::min(n1, n2));
  const double size = std::nearbyint(larger * smaller / (larger + smaller));
  return {.statistic = statistic, .p = KolmogorovTail(static_cast<std::size_t>(size), statistic), .exact = false};
}

}  // namespace meterhound::numerics
