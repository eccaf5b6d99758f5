// Imputation: medians for missing values and the range for infinite ones, as seen in the rows of the fit.
#pragma once

#include <span>
#include <vector>

#include "base/json.h"
#include "base/matrix_view.h"

namespace meterhound::detectors {

/// tsfresh's impute_dataframe_range: NaN becomes the column's median, +inf its largest and -inf its smallest finite
/// value; 0 where a column has no finite value.
struct Imputation {
  std::vector<double> medians;
  std::vector<double> lows;
  std::vector<double> highs;

  /// @param columns positions in the matrix; the imputation speaks of them in this order.
  static Imputation Learn(const MatrixView& matrix, std::span<const std::size_t> rows,
                          std::span<const std::size_t> columns);
  /// @param row medians.size() numbers.
  void Fill(double* row) const;

  Json ToJson() const;
  /// kCorrupt unless there are `width` finite numbers of each.
  static Result<Imputation> FromJson(const Json& json, std::size_t width);
};

}  // namespace meterhound::detectors
