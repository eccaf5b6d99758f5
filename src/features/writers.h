// Feature tables as files: CSV for everyone, Parquet for size and speed.
#pragma once

#include <filesystem>

#include "base/feature_table.h"
#include "base/run_context.h"

namespace meterhound::features {

/// Column `id`, then the features under tsfresh's names; every number reads back to the same double, NaN is empty.
Status WriteCsv(const FeatureTable& table, const std::filesystem::path& path, const RunContext& context);

/// Column `id` (string), then one double column a feature, whose metadata hold its group ("meterhound.group").
/// kUnsupported when built without Arrow.
Status WriteParquet(const FeatureTable& table, const std::filesystem::path& path);

/// By the name's ending: .parquet, otherwise CSV.
Status WriteFeatures(const FeatureTable& table, const std::filesystem::path& path, const RunContext& context);

}  // namespace meterhound::features
