// NeighbourComparison: how much of a feature a consumer has beside its neighbours in the training part.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/feature_table.h"
#include "base/neighbours.h"
#include "base/result.h"

namespace meterhound::detectors {

/// Use falls for all when a winter is mild or a tariff rises; what a consumer does against its neighbours is its own.
/// Only rows of one fit are anybody's neighbours, whatever else the table holds; labels play no part.
class NeighbourComparison {
 public:
  /// Positions of the columns that the neighbours' specification names by the beginnings of their names, among `columns`.
  static std::vector<std::size_t> Compared(const FeatureTable& table, std::span<const std::size_t> columns);
  /// `<name>__neighbour_level__of_"<column>"`, one a compared column.
  static std::vector<FeatureColumn> Columns(const FeatureTable& table, std::span<const std::size_t> compared);

  /// @param rows of the fit, with their hashes. @param compared columns of the table.
  static NeighbourComparison Learn(const FeatureTable& table, std::span<const std::size_t> rows,
                                   std::span<const std::uint64_t> hashes, std::span<const std::size_t> compared);

  /// ln(value + 10) less its mean over the nearest kNearest known neighbours that have a value, for each row and compared
  /// column; negative values count as 0. NaN where the value is missing or fewer than kLeast neighbours have one.
  std::vector<double> Of(const FeatureTable& table, std::span<const std::size_t> rows,
                         std::span<const std::size_t> compared) const;
  static constexpr std::size_t kNearest = 30;
  static constexpr std::size_t kLeast = 5;

  std::size_t width() const { return width_; }
  std::string Serialize() const;
  /// kCorrupt when the bytes are not Serialize's.
  static Result<NeighbourComparison> Load(std::string_view bytes);

 private:
  std::size_t width_ = 0;
  std::vector<std::uint64_t> known_;  // ascending
  std::vector<float> levels_;         // width_ a known row: ln(value + 10), NaN where missing
};

}  // namespace meterhound::detectors
