// Readings: any supported file in, one Panel out.
#pragma once

#include <filesystem>
#include <string>

#include "base/panel.h"
#include "base/run_context.h"
#include "readings/dates.h"

namespace meterhound::readings {

/// What to read and how. Either `file`, which describes itself by its header, or `source` with `data`.
struct ReadOptions {
  std::filesystem::path file;    ///< wide or long CSV, plain, gzip or zstd
  std::filesystem::path source;  ///< a source mapping in YAML, for bills
  std::filesystem::path data;    ///< the folder with the mapping's files
  DateOrder date_order = DateOrder::kAuto;
  std::string id_column;  ///< long CSV; empty = found by name (see long_csv.h)
  std::string time_column;
  std::string value_column;
  std::string kind_column;
};

/// Reads by what the header says: one column a date is wide, an id, a time and a value column is long. Errors name
/// file:line:column, what was found and what was expected.
Result<Panel> ReadPanel(const ReadOptions& options, const RunContext& context);

}  // namespace meterhound::readings
