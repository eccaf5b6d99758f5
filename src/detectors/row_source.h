// RowSource: some rows and columns of a matrix, with one more column, without copying it (many fits share one table).
#pragma once

#include <cstddef>
#include <span>

#include "base/matrix_view.h"

namespace meterhound::detectors {

/// Borrowed. Row i is matrix row rows[i] restricted to `columns`,
/// with extra[i] behind it when given.
struct RowSource {
  MatrixView matrix;
  std::span<const std::size_t> rows;     ///< positions in matrix
  std::span<const std::size_t> columns;  ///< positions in matrix
  std::span<const double> extra;         ///< empty, or one value a row: becomes the last column

  std::size_t size() const { return rows.size(); }
  std::size_t width() const { return columns.size() + (extra.empty() ? 0 : 1); }

  /// @param to width() numbers.
  template <typename Number>
  void CopyRow(std::size_t i, Number* to) const {
    const std::span<const double> from = matrix.Row(rows[i]);
    for (const std::size_t column : columns) *to++ = static_cast<Number>(from[column]);
    if (!extra.empty()) *to = static_cast<Number>(extra[i]);
  }
};

}  // namespace meterhound::detectors
