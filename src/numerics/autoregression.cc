// Levinson-Durbin, and autoregression from lag products: the Gram matrix of a lagged design follows from its first row.
#include "numerics/autoregression.h"

#include <cmath>
#include <limits>
#include <vector>

#include "numerics/least_squares.h"

namespace meterhound::numerics {
namespace {

// Below this share of its variance left over, a lag is so nearly a combination of the others that the normal equations
// would lose more than five digits; the fit then goes through an orthogonal reduction of the whole design.
constexpr double kSmallestPivot = 1e-6;
// statsmodels' cutoff for singular values is 1e-15 of the largest; the reduction's own rounding is a few times that.
constexpr double kPinvCutoff = 5e-15;

// Solves the k x k system in place by Cholesky's method; false when a pivot is too small. The lower triangle is used.
bool SolveNormalEquations(std::span<double> gram, std::span<double> right, std::size_t k) {
  for (std::size_t j = 0; j < k; ++j) {
    double* row = gram.data() + j * k;
    const double whole = row[j];
    for (std::size_t c = 0; c <= j; ++c) {
      const double* other = gram.data() + c * k;
      double sum = row[c];
      for (std::size_t i = 0; i < c; ++i) sum -= row[i] * other[i];
      if (c < j)
        row[c] = sum / other[c];
      else if (!(sum > kSmallestPivot * whole))
        return false;
      else
        row[j] = std::sqrt(sum);
    }
    double sum = right[j];
    for (std::size_t i = 0; i < j; ++i) sum -= row[i] * right[i];
    right[j] = sum / row[j];
  }
  for (std::size_t j = k; j-- > 0;) {
    double sum = right[j];
    for (std::size_t i = j + 1; i < k; ++i) sum -= gram[i * k + j] * right[i];
    right[j] = sum / gram[j * k + j];
  }
  return true;
}

void FitByReduction(std::span<const double> centred, double mean, std::span<double> coefficients) {
  thread_local LeastSquares solver;
  const std::size_t lags = coefficients.size() - 1;
  const std::size_t rows = centred.size() - lags;
  solver.Reset(rows, lags + 1);
  for (std::size_t r = 0; r < rows; ++r) {
    solver.Column(0)[r] = 1;
    for (std::size_t lag = 1; lag <= lags; ++lag) solver.Column(lag)[r] = centred[r + lags - lag] + mean;
    solver.Target()[r] = centred[r + lags] + mean;
  }
  solver.Reduce(0);
  solver.MinimumNorm(kPinvCutoff, coefficients);
}

// The spread is so small beside the mean that pinv cannot tell the constant from the lags: the smallest singular value
// of the design, about spread / (|mean| sqrt(lags)), comes near its cutoff relative to the largest, about |mean|
// sqrt(lags).
bool IsNearlyConstant(double variance, double mean, std::size_t lags) {
  constexpr double kNear = 1e-15;
  return std::sqrt(variance) < kNear * mean * mean * static_cast<double>(lags);
}

}  // namespace

void LevinsonDurbin(std::span<const double> autocovariances, std::span<double> partial) {
  thread_local std::vector<double> phi;
  thread_local std::vector<double> previous;
  const std::size_t order = partial.size() - 1;
  phi.assign(order + 1, 0.0);
  previous.assign(order + 1, 0.0);
  partial[0] = 1;
  double variance = autocovariances[0];
  for (std::size_t k = 1; k <= order; ++k) {
    double sum = autocovariances[k];
    for (std::size_t j = 1; j < k; ++j) sum -= previous[j] * autocovariances[k - j];
    phi[k] = sum / variance;
    for (std::size_t j = 1; j < k; ++j) phi[j] = previous[j] - phi[k] * previous[k - j];
    variance = k == 1 ? variance - phi[1] * autocovariances[1] : variance * (1 - phi[k] * phi[k]);
    partial[k] = phi[k];
    previous = phi;
  }
}

void FitAutoregression(std::span<const double> centred, double mean, std::span<const double> products,
                       std::span<double> coefficients) {
  thread_local std::vector<double> cross;  // cross[i][j] = sum over rows of x[t-i] x[t-j], (lags + 1) squared
  thread_local std::vector<double> sums;   // of x[t-i] over rows
  thread_local std::vector<double> gram;
  const std::size_t n = centred.size();
  const std::size_t lags = coefficients.size() - 1;
  const std::size_t size = lags + 1;
  const double rows = static_cast<double>(n - lags);
  cross.resize(size * size);
  sums.resize(size);
  gram.resize(lags * lags);

  sums[0] = 0;
  for (std::size_t t = lags; t < n; ++t) sums[0] += centred[t];
  for (std::size_t i = 0; i < lags; ++i) sums[i + 1] = sums[i] + centred[lags - 1 - i] - centred[n - 1 - i];
  for (std::size_t j = 0; j <= lags; ++j) {
    double early = 0;  // rows that lack a predecessor at the largest lag
    for (std::size_t t = j; t < lags; ++t) early += centred[t] * centred[t - j];
    cross[j] = products[j] - early;
  }
  for (std::size_t i = 0; i < lags; ++i) {
    for (std::size_t j = i; j < lags; ++j) {
      cross[(i + 1) * size + j + 1] =
          cross[i * size + j] + centred[lags - 1 - i] * centred[lags - 1 - j] - centred[n - 1 - i] * centred[n - 1 - j];
    }
  }
  const std::span<double> solution = coefficients.subspan(1);
  for (std::size_t i = 0; i < lags; ++i) {
    solution[i] = cross[i + 1] - sums[0] * sums[i + 1] / rows;
    for (std::size_t j = 0; j <= i; ++j) {
      gram[i * lags + j] = cross[(j + 1) * size + i + 1] - sums[i + 1] * sums[j + 1] / rows;
    }
  }
  if (IsNearlyConstant(products[0] / static_cast<double>(n), mean, lags) ||
      !SolveNormalEquations(gram, solution, lags)) {
    return FitByReduction(centred, mean, coefficients);
  }
  coefficients[0] = sums[0] / rows + mean;
  for (std::size_t i = 0; i < lags; ++i) coefficients[0] -= solution[i] * (sums[i + 1] / rows + mean);
}

}  // namespace meterhound::numerics
