// Selections from a feature table.
#include "base/feature_table.h"

#include <algorithm>

namespace meterhound {

FeatureTable FeatureTable::SelectRows(std::span<const std::size_t> rows) const {
  FeatureTable to;
  to.columns = columns;
  to.ids.reserve(rows.size());
  to.values.reserve(rows.size() * width());
  for (const std::size_t row : rows) {
    to.ids.push_back(ids[row]);
    const auto from = Row(row);
    to.values.insert(to.values.end(), from.begin(), from.end());
  }
  if (neighbours != nullptr) {
    Neighbours kept{.spec = neighbours->spec, .reference = neighbours->reference, .offsets = {0}, .entries = {}};
    for (const std::size_t row : rows) {
      const auto from = neighbours->Row(row);
      kept.entries.insert(kept.entries.end(), from.begin(), from.end());
      kept.offsets.push_back(kept.entries.size());
    }
    to.neighbours = std::make_shared<const Neighbours>(std::move(kept));
  }
  return to;
}

FeatureTable FeatureTable::SelectColumns(std::span<const std::size_t> selected) const {
  FeatureTable to;
  to.ids = ids;
  to.neighbours = neighbours;
  for (const std::size_t column : selected) to.columns.push_back(columns[column]);
  to.values.reserve(rows() * selected.size());
  for (std::size_t row = 0; row < rows(); ++row) {
    const auto from = Row(row);
    for (const std::size_t column : selected) to.values.push_back(from[column]);
  }
  return to;
}

std::vector<std::size_t> FeatureTable::ColumnsOf(std::span<const FeatureGroup> groups) const {
  std::vector<std::size_t> found;
  for (std::size_t column = 0; column < columns.size(); ++column) {
    if (std::find(groups.begin(), groups.end(), columns[column].group) != groups.end()) found.push_back(column);
  }
  return found;
}

}  // namespace meterhound
