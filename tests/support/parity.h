// Holds tables of features against tsfresh's: distances in the units that calculators state, column by column.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/feature_table.h"
#include "features/calculator.h"
#include "features/settings.h"

namespace meterhound::features::testing {

/// A column of a feature table and what its calculator allows it.
struct JudgedColumn {
  std::string name;
  const Calculator* calculator = nullptr;
  Tolerance tolerance;
  std::optional<std::size_t> size;  ///< of an angle: the column with the size of its coefficient
};

/// In the order of `settings`, for one kind.
inline std::vector<JudgedColumn> JudgedColumns(const FeatureSettings& settings, const std::string& kind) {
  std::vector<JudgedColumn> columns;
  std::map<std::string, std::size_t> places;
  for (const CalculatorGrid& entry : settings.ForKind(kind)) {
    for (const Parameters& parameters : entry.grid) {
      const std::string name =
          kind + "__" + std::string(entry.calculator->name) + ColumnSuffix(*entry.calculator, parameters);
      places[name] = columns.size();
      columns.push_back({name, entry.calculator, ToleranceOf(*entry.calculator, parameters), {}});
    }
  }
  for (JudgedColumn& column : columns) {
    if (column.tolerance.unit != Unit::kArc) continue;
    std::string size = column.name;
    size.replace(size.find("\"angle\""), 7, "\"abs\"");
    column.size = places.at(size);
  }
  return columns;
}

/// Distances of one series' values from tsfresh's.
class SeriesJudge {
 public:
  /// @param values the series. @param theirs tsfresh's row, in the order of `columns`.
  SeriesJudge(std::span<const JudgedColumn> columns, std::span<const double> values, std::span<const double> theirs)
      : columns_(columns), theirs_(theirs) {
    for (const JudgedColumn& column : columns) {
      if (!sizes_.contains(column.tolerance.unit)) {
        sizes_[column.tolerance.unit] = UnitSize(column.tolerance.unit, values);
      }
    }
  }

  /// |ours - theirs| in the column's unit, or of the larger of the two where that is larger; 0 for two NaNs, infinite
  /// for one. Of an angle: the length of the arc at its coefficient's size, so that where the coefficient is but
  /// rounding, so may the angle be.
  double Error(std::size_t column, double ours) const {
    const double theirs = theirs_[column];
    if (ours == theirs || (std::isnan(ours) && std::isnan(theirs))) return 0;
    if (!std::isfinite(ours) || !std::isfinite(theirs)) return std::numeric_limits<double>::infinity();
    const double unit = sizes_.at(columns_[column].tolerance.unit);
    if (const auto size = columns_[column].size) {
      const double turn = std::fabs(std::remainder(ours - theirs, 360)) / 180 * std::numbers::pi;
      return turn * theirs_[*size] / unit;
    }
    return std::fabs(ours - theirs) / std::max({std::fabs(ours), std::fabs(theirs), unit});
  }

  bool Agrees(std::size_t column, double ours) const { return Error(column, ours) <= columns_[column].tolerance.error; }

 private:
  std::span<const JudgedColumn> columns_;
  std::span<const double> theirs_;
  std::map<Unit, double> sizes_;
};

}  // namespace meterhound::features::testing
