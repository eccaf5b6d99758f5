// Readings: any supported file in, one Panel out.
#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "base/panel.h"
#include "base/run_context.h"
#include "readings/dates.h"

namespace meterhound::readings {

/// What to read and how. Either `file`, which describes itself by its header, or `source` with `data`.
struct ReadOptions {
  std::filesystem::path file;    ///< wide or long CSV, plain, gzip or zstd; or Parquet
  std::filesystem::path source;  ///< a source mapping in YAML, for bills
  std::filesystem::path data;    ///< the folder with the mapping's files
  DateOrder date_order = DateOrder::kAuto;
  std::optional<double> as_of;  ///< a day; what was not known by its end is left out (see CutOff)
  std::string id_column;        ///< of long files; empty = found by name (see long_csv.h)
  std::string time_column;
  std::string value_column;
  std::string kind_column;
};

/// How much of a file is read at once, whichever is reached first; at least one consumer.
struct BlockSize {
  std::size_t readings = std::numeric_limits<std::size_t>::max();
  std::size_t consumers = std::numeric_limits<std::size_t>::max();
};

/// A file read a block of consumers at a time, so that one larger than memory can be worked through. All blocks have
/// the same kinds of readings and the same cadences, and together the rows that reading the file whole gives.
class PanelStream {
 public:
  virtual ~PanelStream() = default;
  /// The next consumers in order of first appearance; no rows at the end.
  virtual Result<Panel> Next(const RunContext& context) = 0;
  /// How many there are in all.
  virtual std::size_t consumers() const = 0;
  /// Readings of the longest series of them all.
  virtual std::size_t longest() const = 0;
};

/// Opens by what the header says: one column a date is wide, an id, a time and a value column is long; Parquet may have
/// lists (see parquet.h). Errors name file:line:column (row and column's name in Parquet), what was found and what was
/// expected. Not for bills, whose files belong together.
Result<std::unique_ptr<PanelStream>> OpenPanel(const ReadOptions& options, const BlockSize& block,
                                               const RunContext& context);

/// The whole of a file, or of bills, at once.
Result<Panel> ReadPanel(const ReadOptions& options, const RunContext& context);

}  // namespace meterhound::readings
