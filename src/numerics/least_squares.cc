// Householder reflections to echelon form; the least-norm solution by one-sided Jacobi rotations (Hestenes 1958).
#include "numerics/least_squares.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace meterhound::numerics {
namespace {

double Dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Squares of values near the ends of double's range would overflow or vanish.
double Norm(std::span<const double> a) {
  double largest = 0;
  for (const double v : a) largest = std::max(largest, std::abs(v));
  if (largest == 0 || !std::isfinite(largest)) return largest;
  double sum = 0;
  for (const double v : a) sum += v / largest * (v / largest);
  return largest * std::sqrt(sum);
}

// Applies I - v v' / (v' v / 2) to `to`.
void Reflect(std::span<const double> v, double half_square, std::span<double> to) {
  const double factor = Dot(v, to) / half_square;
  for (std::size_t i = 0; i < v.size(); ++i) to[i] -= factor * v[i];
}

// Rotates columns a and b (and the pair of right-hand sides) until orthogonal. False when they already were.
bool Orthogonalise(std::span<double> a, std::span<double> b, double& right_a, double& right_b) {
  const double aa = Dot(a, a);
  const double bb = Dot(b, b);
  const double ab = Dot(a, b);
  if (!(std::abs(ab) > std::numeric_limits<double>::epsilon() * std::sqrt(aa * bb)) || ab == 0) return false;
  const double zeta = (bb - aa) / (2 * ab);
  const double tangent = (zeta >= 0 ? 1 : -1) / (std::abs(zeta) + std::hypot(1.0, zeta));
  const double cosine = 1 / std::sqrt(1 + tangent * tangent);
  const double sine = cosine * tangent;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double old = a[i];
    a[i] = cosine * old - sine * b[i];
    b[i] = sine * old + cosine * b[i];
  }
  const double old = right_a;
  right_a = cosine * old - sine * right_b;
  right_b = sine * old + cosine * right_b;
  return true;
}

}  // namespace

void LeastSquares::Reset(std::size_t rows, std::size_t columns) {
  rows_ = rows;
  columns_ = columns;
  matrix_.resize(rows * columns);
  target_.resize(rows);
  tail_.resize(rows + 1);
  rank_.resize(columns);
}

void LeastSquares::Reduce(double tolerance) {
  std::size_t pivot = 0;
  for (std::size_t j = 0; j < columns_; ++j) {
    const std::span<double> v = Column(j).subspan(pivot);
    const double whole = Norm(Column(j));
    const double rest = Norm(v);
    if (rest > tolerance * whole && rest > 0) {
      const double diagonal = v[0] > 0 ? -rest : rest;
      v[0] -= diagonal;
      const double half_square = Dot(v, v) / 2;
      for (std::size_t k = j + 1; k < columns_; ++k) Reflect(v, half_square, Column(k).subspan(pivot));
      Reflect(v, half_square, Target().subspan(pivot));
      std::fill(v.begin(), v.end(), 0.0);
      v[0] = diagonal;
      ++pivot;
    } else {
      std::fill(v.begin(), v.end(), 0.0);
    }
    rank_[j] = pivot;
  }
  tail_[rows_] = 0;
  for (std::size_t r = rows_; r-- > 0;) tail_[r] = tail_[r + 1] + target_[r] * target_[r];
}

double LeastSquares::ResidualSquares(std::size_t columns) const { return tail_[Rank(columns)]; }

double LeastSquares::LastT() {
  const std::size_t rank = Rank(columns_);
  const double sigma = std::sqrt(tail_[rank] / static_cast<double>(rows_ - rank));
  if (rank > Rank(columns_ - 1)) {
    // With the column last, coefficient and standard error share the factor 1 / diagonal.
    const double diagonal = matrix_[(columns_ - 1) * rows_ + rank - 1];
    return target_[rank - 1] / (diagonal < 0 ? -sigma : sigma);
  }
  Diagonalise();
  double coefficient = 0;
  double variance = 0;
  for (std::size_t r = 0; r < rank; ++r) {
    const auto row = std::span<const double>(orthogonal_).subspan(r * columns_, columns_);
    const double weight = row.back() / Norm(row) / Norm(row);
    coefficient += weight * rotated_[r];
    variance += weight * weight;
  }
  return coefficient / (sigma * std::sqrt(variance));
}

void LeastSquares::Diagonalise() {
  const std::size_t rank = Rank(columns_);
  orthogonal_.resize(rank * columns_);
  rotated_.assign(target_.begin(), target_.begin() + static_cast<std::ptrdiff_t>(rank));
  for (std::size_t r = 0; r < rank; ++r) {
    for (std::size_t j = 0; j < columns_; ++j) orthogonal_[r * columns_ + j] = matrix_[j * rows_ + r];
  }
  const auto row = [this](std::size_t r) { return std::span<double>(orthogonal_).subspan(r * columns_, columns_); };
  bool turned = true;
  for (int sweep = 0; turned && sweep < 60; ++sweep) {
    turned = false;
    for (std::size_t a = 0; a < rank; ++a) {
      for (std::size_t b = a + 1; b < rank; ++b) turned |= Orthogonalise(row(a), row(b), rotated_[a], rotated_[b]);
    }
  }
  largest_singular_ = 0;
  for (std::size_t r = 0; r < rank; ++r) largest_singular_ = std::max(largest_singular_, Norm(row(r)));
}

void LeastSquares::MinimumNorm(double cutoff, std::span<double> solution) {
  Diagonalise();
  std::fill(solution.begin(), solution.end(), 0.0);
  for (std::size_t r = 0; r < Rank(columns_); ++r) {
    const auto row = std::span<const double>(orthogonal_).subspan(r * columns_, columns_);
    const double singular = Norm(row);
    if (!(singular > cutoff * largest_singular_)) continue;
    const double weight = rotated_[r] / singular / singular;
    for (std::size_t j = 0; j < columns_; ++j) solution[j] += weight * row[j];
  }
}

}  // namespace meterhound::numerics
