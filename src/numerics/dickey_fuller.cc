// The augmented Dickey-Fuller test: all candidate models from one Cholesky factor of one Gram matrix.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "numerics/autoregression.h"
#include "numerics/distributions.h"
#include "numerics/lag_products.h"
#include "numerics/least_squares.h"

namespace meterhound::numerics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Where less than this share of a column (or of the differences themselves) is unexplained, the normal equations have
// lost too many digits and the orthogonal reduction takes over.
constexpr double kSmallestShare = 1e-8;
// numpy.linalg.matrix_rank's tolerance for about a thousand rows.
constexpr double kDependent = 2e-13;

// MacKinnon (1994), table for a constant and one variable: the left tail's and the rest's polynomials in the statistic.
double MacKinnonPValue(double statistic) {
  if (statistic > 2.74) return 1;
  if (statistic < -18.83) return 0;
  if (statistic <= -1.61) return NormalCdf(2.1659 + statistic * (1.4412 + statistic * 3.8269e-2));
  return NormalCdf(1.7339 + statistic * (9.3202e-1 + statistic * (-1.2745e-1 + statistic * -1.0368e-2)));
}

// One regression d[s] = c + level x[s] + sum of g[j] d[s-j] over s = lags ... differences - 1, as sums of products.
// The columns' order is d[s-1], ..., d[s-lags] around x[s] as the caller asks.
class UnitRootRegression {
 public:
  void Load(std::span<const double> x, double mean) {
    x_ = x;
    mean_ = mean;
    differences_.resize(x.size() - 1);
    for (std::size_t s = 0; s + 1 < x.size(); ++s) differences_[s] = x[s + 1] - x[s];
  }

  // Prepares products for up to `lags` lagged differences, over the rows that have all of them.
  void Prepare(std::size_t lags) {
    const std::span<const double> d(differences_);
    const std::span<const double> level = x_.first(d.size());
    lags_ = lags;
    own_.resize(lags + 1);
    cross_.resize(lags + 1);
    level_square_.resize(1);
    LagProducts(d, d, own_);
    LagProducts(d, level, cross_);
    LagProducts(level, level, level_square_);
    for (std::size_t j = 0; j <= lags; ++j) {
      for (std::size_t s = j; s < lags; ++s) {
        own_[j] -= d[s] * d[s - j];
        cross_[j] -= level[s] * d[s - j];
      }
    }
    for (std::size_t s = 0; s < lags; ++s) level_square_[0] -= level[s] * level[s];
    FillGram(d, level);
  }

  // Factors the Gram matrix with columns level, d1, ..., or d1, ..., level; residuals()[k] after k + 1 columns. False
  // when digits run out.
  bool Factor(bool level_first) {
    const std::size_t columns = lags_ + 1;
    factor_.resize(columns * columns);
    projections_.resize(columns);
    residuals_.resize(columns);
    const auto place = [&](std::size_t c) { return level_first ? c : (c == lags_ ? 0 : c + 1); };
    const double total = target_square_;
    double rest = total;
    for (std::size_t j = 0; j < columns; ++j) {
      double* row = factor_.data() + j * columns;
      const double whole = Gram(place(j), place(j));
      for (std::size_t c = 0; c <= j; ++c) {
        const double* other = factor_.data() + c * columns;
        double sum = Gram(place(j), place(c));
        for (std::size_t i = 0; i < c; ++i) sum -= row[i] * other[i];
        if (c < j)
          row[c] = sum / other[c];
        else if (!(sum > kSmallestShare * whole))
          return false;
        else
          row[j] = std::sqrt(sum);
      }
      double sum = targets_[place(j)];
      for (std::size_t i = 0; i < j; ++i) sum -= row[i] * projections_[i];
      projections_[j] = sum / row[j];
      rest -= projections_[j] * projections_[j];
      if (!(rest > kSmallestShare * total)) return false;
      residuals_[j] = rest;
    }
    return true;
  }

  double rows() const { return static_cast<double>(differences_.size() - lags_); }
  std::span<const double> residuals() const { return residuals_; }
  // Student's t of column k in the model that ends with it.
  double T(std::size_t k) const {
    return projections_[k] / std::sqrt(residuals_[k] / (rows() - static_cast<double>(k) - 2));
  }

  // The same regression row by row, for designs the Gram matrix cannot hold.
  LeastSquares& Reduce(bool level_first) {
    const std::size_t rows = differences_.size() - lags_;
    solver_.Reset(rows, lags_ + 2);
    const std::size_t level_column = level_first ? 1 : lags_ + 1;
    const std::size_t first_lag = level_first ? 2 : 1;
    for (std::size_t r = 0; r < rows; ++r) {
      const std::size_t s = r + lags_;
      solver_.Column(0)[r] = 1;
      solver_.Column(level_column)[r] = x_[s] + mean_;
      for (std::size_t j = 1; j <= lags_; ++j) solver_.Column(first_lag + j - 1)[r] = differences_[s - j];
      solver_.Target()[r] = differences_[s];
    }
    solver_.Reduce(kDependent);
    return solver_;
  }

 private:
  double Gram(std::size_t i, std::size_t j) const { return gram_[std::max(i, j) * (lags_ + 1) + std::min(i, j)]; }

  // Column 0 is the level, column j the difference j steps back; all about their means over the rows.
  void FillGram(std::span<const double> d, std::span<const double> level) {
    const std::size_t m = d.size();
    const std::size_t size = lags_ + 1;
    gram_.resize(size * size);
    targets_.resize(size);
    sums_.resize(size);
    products_.resize(size * size);
    double level_sum = 0;
    for (std::size_t s = lags_; s < m; ++s) level_sum += level[s];
    sums_[0] = 0;
    for (std::size_t s = lags_; s < m; ++s) sums_[0] += d[s];
    for (std::size_t i = 0; i < lags_; ++i) sums_[i + 1] = sums_[i] + d[lags_ - 1 - i] - d[m - 1 - i];
    std::copy(own_.begin(), own_.end(), products_.begin());
    for (std::size_t i = 0; i < lags_; ++i) {
      for (std::size_t j = i; j < lags_; ++j) {
        products_[(i + 1) * size + j + 1] =
            products_[i * size + j] + d[lags_ - 1 - i] * d[lags_ - 1 - j] - d[m - 1 - i] * d[m - 1 - j];
      }
    }
    const double inverse = 1 / rows();
    gram_[0] = level_square_[0] - level_sum * level_sum * inverse;
    targets_[0] = cross_[0] - level_sum * sums_[0] * inverse;
    target_square_ = own_[0] - sums_[0] * sums_[0] * inverse;
    for (std::size_t i = 1; i <= lags_; ++i) {
      gram_[i * size] = cross_[i] - level_sum * sums_[i] * inverse;
      targets_[i] = own_[i] - sums_[0] * sums_[i] * inverse;
      for (std::size_t j = 1; j <= i; ++j) {
        gram_[i * size + j] = products_[j * size + i] - sums_[i] * sums_[j] * inverse;
      }
    }
  }

  std::span<const double> x_;
  double mean_ = 0;
  std::size_t lags_ = 0;
  double target_square_ = 0;
  std::vector<double> differences_, own_, cross_, level_square_, gram_, targets_, sums_, products_;
  std::vector<double> factor_, projections_, residuals_;
  LeastSquares solver_;
};

// statsmodels' information criteria of a model with `rank` parameters.
double Criterion(LagChoice choice, double rows, double residual_squares, double rank) {
  const double log_likelihood = -rows / 2 * (std::log(2 * std::numbers::pi) + std::log(residual_squares / rows) + 1);
  return -2 * log_likelihood + rank * (choice == LagChoice::kBic ? std::log(rows) : 2.0);
}

std::size_t ChooseLag(UnitRootRegression& regression, LagChoice choice, std::size_t largest) {
  if (choice == LagChoice::kMaximum) return largest;
  regression.Prepare(largest);
  const bool plain = regression.Factor(true);
  LeastSquares* solver = plain ? nullptr : &regression.Reduce(true);
  if (choice == LagChoice::kTStatistic) {
    constexpr double kSignificant = 1.6448536269514722;  // the normal distribution's 95 % point
    if (!plain) return largest;
    std::size_t lag = largest;
    while (lag > 0 && !(std::abs(regression.T(lag)) >= kSignificant)) --lag;
    return lag;
  }
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t lag = 0; lag <= largest; ++lag) {
    const double squares = plain ? regression.residuals()[lag] : solver->ResidualSquares(lag + 2);
    const double rank = plain ? static_cast<double>(lag + 2) : static_cast<double>(solver->Rank(lag + 2));
    const double value = Criterion(choice, regression.rows(), squares, rank);
    if (value < least) {
      least = value;
      best = lag;
    }
  }
  return best;
}

}  // namespace

DickeyFuller TestUnitRoot(std::span<const double> centred, double mean, LagChoice choice) {
  const DickeyFuller undefined{kNaN, kNaN, kNaN};
  const std::size_t n = centred.size();
  if (n < 4) return undefined;
  const auto [least, most] = std::minmax_element(centred.begin(), centred.end());
  if (*least == *most || !std::all_of(centred.begin(), centred.end(), [](double v) { return std::isfinite(v); })) {
    return undefined;
  }
  thread_local UnitRootRegression regression;
  regression.Load(centred, mean);
  const auto schwert = static_cast<std::size_t>(std::ceil(12 * std::pow(static_cast<double>(n) / 100, 0.25)));
  const std::size_t used = ChooseLag(regression, choice, std::min(n / 2 - 2, schwert));
  regression.Prepare(used);
  const double statistic = regression.Factor(false) ? regression.T(used) : regression.Reduce(false).LastT();
  return {statistic, MacKinnonPValue(statistic), static_cast<double>(used)};
}

}  // namespace meterhound::numerics
