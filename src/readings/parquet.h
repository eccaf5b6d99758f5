// Readings in Parquet: told by the first bytes, read through Arrow where the build has it.
#pragma once

#include <filesystem>
#include <memory>

#include "base/run_context.h"
#include "readings/readings.h"

namespace meterhound::readings {

/// True for a regular file that begins as Parquet files do.
bool IsParquet(const std::filesystem::path& path);

/// Wide (one row a consumer, one column a date), long (one row a reading) or lists (one row a consumer, its readings in
/// one list), whichever the schema says; docs/formats.md describes the columns. The same readings give the same panel
/// as in CSV. Errors name file, row (from 1) and column. kUnsupported when built without Arrow.
Result<std::unique_ptr<PanelStream>> OpenParquet(const ReadOptions& options, const BlockSize& block,
                                                 const RunContext& context);

}  // namespace meterhound::readings
