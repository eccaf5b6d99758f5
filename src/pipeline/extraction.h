// Extraction: readings in, a table of features in a file, a block of consumers at a time.
#pragma once

#include <filesystem>
#include <vector>

#include "base/run_context.h"
#include "features/extractor.h"
#include "pipeline/config.h"
#include "readings/readings.h"

namespace meterhound::pipeline {

struct ExtractionOptions {
  readings::ReadOptions input = {};
  std::filesystem::path out = {};                     ///< .parquet, or CSV
  bool impute = false;                                ///< see Impute: needs the whole table in memory
  bool time_calculators = false;                      ///< fill ExtractionReport::times
  std::size_t block_readings = std::size_t{1} << 22;  ///< read at once: bounds memory, changes no value
};

/// What was done, and the wall time of its parts in seconds.
struct ExtractionReport {
  std::size_t consumers = 0;
  std::size_t features = 0;
  double reading = 0;
  double extracting = 0;  ///< cleaning included
  double writing = 0;
  std::vector<features::CalculatorTime> times;  ///< by calculator and kind, in the columns' order
};

/// Memory depends on the block, not on the file, for self-describing files; bills, and files with `as_of`, are read
/// whole. Columns come in the order of `config.columns` when those are given. On an error, or a stop, no file appears.
Result<ExtractionReport> ExtractToFile(const ExtractionOptions& options, const Config& config,
                                       const RunContext& context);

}  // namespace meterhound::pipeline
