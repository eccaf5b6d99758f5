// RowSource: some rows and columns of a matrix, imputed and with one more column on demand, without copying it.
#pragma once

#include <cstddef>
#include <span>

#include "base/matrix_view.h"
#include "detectors/imputation.h"

namespace meterhound::detectors {

/// Borrowed: many fits share one table. Row i is matrix row rows[i] restricted to `columns`, with extra[i] behind it.
struct RowSource {
  MatrixView matrix;
  std::span<const std::size_t> rows;       ///< positions in matrix
  std::span<const std::size_t> columns;    ///< positions in matrix
  std::span<const double> extra = {};      ///< empty, or one value a row: becomes the last column
  const Imputation* imputation = nullptr;  ///< of `columns`; null: values as they are

  std::size_t size() const { return rows.size(); }
  std::size_t width() const { return columns.size() + (extra.empty() ? 0 : 1); }

  /// @param to width() numbers.
  void CopyRow(std::size_t i, double* to) const {
    const std::span<const double> from = matrix.Row(rows[i]);
    for (std::size_t k = 0; k < columns.size(); ++k) to[k] = from[columns[k]];
    if (imputation != nullptr) imputation->Fill(to);
    if (!extra.empty()) to[columns.size()] = extra[i];
  }
};

}  // namespace meterhound::detectors
