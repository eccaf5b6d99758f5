// The three forms of readings in Parquet.
#pragma once

#include <memory>

#include "base/run_context.h"
#include "readings/parquet/parquet_file.h"
#include "readings/readings.h"

namespace meterhound::readings {

/// One row a consumer, one column a date. Blocks are read side by side from groups of columns, so that every column
/// keeps one page in memory between blocks.
Result<std::unique_ptr<PanelStream>> OpenWideParquet(std::shared_ptr<const ParquetFile> file,
                                                     const ReadOptions& options, const BlockSize& block);

/// One row a reading; as OpenLongCsv, with a row group for a piece. A first pass reads ids, kinds and labels alone.
Result<std::unique_ptr<PanelStream>> OpenLongParquet(std::shared_ptr<const ParquetFile> file,
                                                     const ReadOptions& options, const BlockSize& block,
                                                     const RunContext& context);

/// True when there is a column of lists where the readings are expected.
bool IsListSchema(const ParquetFile& file, const ReadOptions& options);
/// One row a consumer, its readings in a list, their times in another or from a start on. A first pass learns the
/// longest series and the cadence.
Result<std::unique_ptr<PanelStream>> OpenParquetLists(std::shared_ptr<const ParquetFile> file,
                                                      const ReadOptions& options, const BlockSize& block,
                                                      const RunContext& context);

}  // namespace meterhound::readings
