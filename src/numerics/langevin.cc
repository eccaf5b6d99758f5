// Quantile bins, their means and a cubic (or other) through them; roots as eigenvalues of the companion matrix.
#include "numerics/langevin.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "numerics/least_squares.h"

namespace meterhound::numerics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// A sum with Kahan's compensation, as pandas keeps in groupby().mean().
struct CompensatedSum {
  double sum = 0;
  double lost = 0;
  void Add(double value) {
    const double y = value - lost;
    const double t = sum + y;
    lost = t - sum - y;
    sum = t;
  }
};

// pandas.qcut's edges: fractions k / bins, moved up by one unit where they are not exact, and NumPy's linear quantile.
void QuantileEdges(std::span<const double> sorted, std::span<double> edges) {
  const std::size_t bins = edges.size() - 1;
  for (std::size_t k = 0; k <= bins; ++k) {
    double q = k == bins ? 1.0 : static_cast<double>(k) * (1.0 / static_cast<double>(bins));
    if (static_cast<double>(bins) * q != static_cast<double>(k)) q = std::nextafter(q, 1.0);
    const double place = q * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    const double fraction = place - static_cast<double>(low);
    const double step = sorted[high] - sorted[low];
    edges[k] = fraction >= 0.5 ? sorted[high] - step * (1 - fraction) : sorted[low] + step * fraction;
  }
}

// numpy.polyfit: columns scaled to length 1, singular values under points * epsilon dropped.
void FitPolynomial(std::span<const double> x, std::span<const double> y, std::span<double> coefficients) {
  thread_local LeastSquares solver;
  thread_local std::vector<double> scale;
  const std::size_t order = coefficients.size();
  solver.Reset(x.size(), order);
  scale.resize(order);
  std::copy(y.begin(), y.end(), solver.Target().begin());
  for (std::size_t j = order; j-- > 0;) {
    const auto column = solver.Column(j);
    double square = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      column[i] = j + 1 == order ? 1.0 : solver.Column(j + 1)[i] * x[i];
      square += column[i] * column[i];
    }
    scale[j] = std::sqrt(square);
  }
  for (std::size_t j = 0; j < order; ++j) {
    for (double& v : solver.Column(j)) v /= scale[j];
  }
  solver.Reduce(0);
  solver.MinimumNorm(static_cast<double>(x.size()) * std::numeric_limits<double>::epsilon(), coefficients);
  for (std::size_t j = 0; j < order; ++j) coefficients[j] /= scale[j];
}

}  // namespace

void DriftPolynomial(std::span<const double> values, std::span<const double> sorted, std::size_t bins,
                     std::span<double> coefficients) {
  thread_local std::vector<double> edges;
  thread_local std::vector<double> states;
  thread_local std::vector<double> changes;
  thread_local std::vector<CompensatedSum> state_sums;
  thread_local std::vector<CompensatedSum> change_sums;
  thread_local std::vector<double> counts;
  std::fill(coefficients.begin(), coefficients.end(), kNaN);
  if (sorted.empty() || bins == 0 || !std::isfinite(sorted.front()) || !std::isfinite(sorted.back())) return;
  edges.resize(bins + 1);
  QuantileEdges(sorted, edges);
  for (std::size_t k = 0; k < bins; ++k) {
    if (!(edges[k] < edges[k + 1])) return;
  }
  state_sums.assign(bins, {});
  change_sums.assign(bins, {});
  counts.assign(bins, 0);
  for (std::size_t t = 0; t + 1 < values.size(); ++t) {
    const auto above = std::lower_bound(edges.begin(), edges.end(), values[t]);  // bins are (edge, next edge]
    if (above == edges.end()) continue;
    const auto bin = static_cast<std::size_t>(std::max<std::ptrdiff_t>(above - edges.begin(), 1) - 1);
    state_sums[bin].Add(values[t]);
    change_sums[bin].Add(values[t + 1] - values[t]);
    counts[bin] += 1;
  }
  states.clear();
  changes.clear();
  for (std::size_t k = 0; k < bins; ++k) {
    if (counts[k] == 0) continue;
    states.push_back(state_sums[k].sum / counts[k]);
    changes.push_back(change_sums[k].sum / counts[k]);
  }
  FitPolynomial(states, changes, coefficients);
}

double LargestRealRoot(std::span<const double> coefficients) {
  const auto finite = [](double v) { return std::isfinite(v); };
  const auto nonzero = [](double v) { return v != 0; };
  if (!std::all_of(coefficients.begin(), coefficients.end(), finite)) return kNaN;
  const auto first = std::find_if(coefficients.begin(), coefficients.end(), nonzero);
  if (first == coefficients.end()) return kNaN;
  const auto last = std::find_if(coefficients.rbegin(), coefficients.rend(), nonzero).base();
  const double at_zero = last == coefficients.end() ? -std::numeric_limits<double>::infinity() : 0;
  const auto degree = static_cast<Eigen::Index>(last - first) - 1;
  if (degree == 0) return std::isinf(at_zero) ? kNaN : at_zero;
  thread_local Eigen::MatrixXd companion;
  thread_local Eigen::EigenSolver<Eigen::MatrixXd> solver;
  // In units of the roots' geometric mean the matrix is balanced, as LAPACK would make it.
  const double unit = std::pow(std::abs(first[degree] / first[0]), 1 / static_cast<double>(degree));
  companion.setZero(degree, degree);
  for (Eigen::Index k = 0; k < degree; ++k) {
    companion(0, k) = -first[k + 1] / first[0] / std::pow(unit, static_cast<double>(k + 1));
  }
  for (Eigen::Index k = 1; k < degree; ++k) companion(k, k - 1) = 1;
  if (!companion.allFinite()) return kNaN;
  solver.compute(companion, false);
  if (solver.info() != Eigen::Success) return kNaN;
  return std::max(at_zero, unit * solver.eigenvalues().real().maxCoeff());
}

}  // namespace meterhound::numerics
