// FeatureTable: one row a consumer, one named column a feature; what extraction makes and detectors take.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/matrix_view.h"
#include "base/neighbours.h"
#include "base/panel.h"

namespace meterhound {

struct FeatureColumn {
  std::string name;  ///< tsfresh's form: kind__calculator__parameter_value
  FeatureGroup group = FeatureGroup::kBehaviour;
  bool categorical = false;  ///< values are codes of categories: they have no order and no distance
  bool operator==(const FeatureColumn&) const = default;
};

/// Row-major; a value may be NaN or infinite where a calculator is undefined.
struct FeatureTable {
  std::vector<std::string> ids;
  std::vector<FeatureColumn> columns;
  std::vector<double> values;                              ///< ids.size() * columns.size()
  std::shared_ptr<const Neighbours> neighbours = nullptr;  ///< of the rows; null when the source says nothing of them

  std::size_t rows() const { return ids.size(); }
  std::size_t width() const { return columns.size(); }
  MatrixView Matrix() const { return {values.data(), rows(), width()}; }
  std::span<const double> Row(std::size_t row) const { return {values.data() + row * width(), width()}; }
  std::span<double> Row(std::size_t row) { return {values.data() + row * width(), width()}; }

  /// Copies the given rows (columns), in the given order.
  FeatureTable SelectRows(std::span<const std::size_t> rows) const;
  FeatureTable SelectColumns(std::span<const std::size_t> selected) const;
  /// Positions of the columns whose group is one of `groups`.
  std::vector<std::size_t> ColumnsOf(std::span<const FeatureGroup> groups) const;
};

}  // namespace meterhound
