// Feature tables as files: CSV for everyone, Parquet for size and speed.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "base/feature_table.h"
#include "base/run_context.h"

namespace meterhound::features {

/// Writes a feature table a block of rows at a time. Destroyed without Commit it leaves nothing behind.
class FeatureWriter {
 public:
  virtual ~FeatureWriter() = default;
  /// @param block columns as given to OpenFeatureWriter.
  virtual Status Append(const FeatureTable& block, const RunContext& context) = 0;
  /// Makes the file appear under its name.
  virtual Status Commit() = 0;
};

/// Column `id`, then the features under tsfresh's names; every number reads back to the same double, NaN is empty.
Result<std::unique_ptr<FeatureWriter>> OpenCsvWriter(const std::filesystem::path& path,
                                                     std::span<const FeatureColumn> columns);

/// Column `id` (string), then one double column a feature, whose metadata hold its group ("meterhound.group"); one row
/// group a block. kUnsupported when built without Arrow.
Result<std::unique_ptr<FeatureWriter>> OpenParquetWriter(const std::filesystem::path& path,
                                                         std::span<const FeatureColumn> columns);

/// By the name's ending: .parquet, otherwise CSV.
Result<std::unique_ptr<FeatureWriter>> OpenFeatureWriter(const std::filesystem::path& path,
                                                         std::span<const FeatureColumn> columns);

/// A whole table at once.
Status WriteFeatures(const FeatureTable& table, const std::filesystem::path& path, const RunContext& context);

}  // namespace meterhound::features
