// Least squares for small designs: nested models read off one orthogonal reduction, and minimum-norm solutions.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace meterhound::numerics {

/// Solves min |A x - b|. Keeps its buffers, so one object serves many fits of like size without allocating. Use: Reset,
/// fill Column(0 ... columns - 1) and Target(), Reduce, then ask.
class LeastSquares {
 public:
  void Reset(std::size_t rows, std::size_t columns);
  std::span<double> Column(std::size_t column) { return {matrix_.data() + column * rows_, rows_}; }
  std::span<double> Target() { return {target_.data(), rows_}; }

  /// Householder reduction, column by column. A column whose part orthogonal to its predecessors is at most `tolerance`
  /// times its norm counts as dependent: it leaves fit and rank as they are.
  void Reduce(double tolerance);

  /// Number of independent columns among the first `columns`.
  std::size_t Rank(std::size_t columns) const { return columns == 0 ? 0 : rank_[columns - 1]; }
  /// Sum of squared residuals of the model made of the first `columns` columns.
  double ResidualSquares(std::size_t columns) const;
  /// Student's t of the last column's coefficient in the model of all columns. When that column is dependent, t of the
  /// least-norm solution (pinv); NaN for a column of zeros.
  double LastT();
  /// The solution of least norm; singular values up to `cutoff` times the largest count as zero (numpy.linalg.lstsq and
  /// pinv). @param solution one value a column.
  void MinimumNorm(double cutoff, std::span<double> solution);

 private:
  void Diagonalise();

  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<double> matrix_;  // column-major; after Reduce the echelon form's upper part
  std::vector<double> target_;  // after Reduce rotated likewise
  std::vector<double> tail_;    // tail_[r] = sum of squares of target_[r ...]
  std::vector<std::size_t> rank_;
  std::vector<double> orthogonal_;  // after Diagonalise: rank rows of `columns`, each singular value times its vector
  std::vector<double> rotated_;     // the right-hand side in that basis
  double largest_singular_ = 0;
};

}  // namespace meterhound::numerics
