// RowSource: some rows and columns of a matrix, imputed and with more columns on demand, without copying it.
#pragma once

#include <cstddef>
#include <span>

#include "base/matrix_view.h"
#include "detectors/imputation.h"

namespace meterhound::detectors {

/// Borrowed: many fits share one table. Row i is matrix row rows[i] restricted to `columns`, with row i of `extra`
/// behind it.
struct RowSource {
  MatrixView matrix;
  std::span<const std::size_t> rows;     ///< positions in matrix
  std::span<const std::size_t> columns;  ///< positions in matrix
  std::span<const double> extra = {};    ///< empty, or extra_width values a row: the last columns
  std::size_t extra_width = 0;
  const Imputation* imputation = nullptr;  ///< of `columns`; null: values as they are

  std::size_t size() const { return rows.size(); }
  std::size_t width() const { return columns.size() + extra_width; }

  /// @param to width() numbers.
  void CopyRow(std::size_t i, double* to) const {
    const std::span<const double> from = matrix.Row(rows[i]);
    for (std::size_t k = 0; k < columns.size(); ++k) to[k] = from[columns[k]];
    if (imputation != nullptr) imputation->Fill(to);
    for (std::size_t k = 0; k < extra_width; ++k) to[columns.size() + k] = extra[i * extra_width + k];
  }
};

}  // namespace meterhound::detectors
