// Kept rows: consumers of a snapshot, one by one and without ids, so that a later check can take together what was
// scored at many times and places.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "monitor/baseline.h"

namespace meterhound::monitor {

/// One consumer with the window of the snapshot; features as 32-bit floats, as a stored baseline has them.
/// @param snapshot with features, scores and usage. @param row of it.
std::string EncodeRow(const Snapshot& snapshot, std::size_t row);

/// The rows as one snapshot, in the order given. All must have been described by the same model's features, attribute
/// and scale.
/// @param columns of the features. @param segmented_by, scale as Usage's.
/// @return kCorrupt, naming `where`, unless every row was made by EncodeRow with as many features.
Result<Snapshot> DecodeRows(std::span<const std::string_view> rows, std::vector<FeatureColumn> columns,
                            const std::string& segmented_by, double scale, const std::string& where);

}  // namespace meterhound::monitor
