// Bills: a utility's export of bills and consumers, read through a SourceMapping into one Panel.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/panel.h"
#include "base/result.h"
#include "base/run_context.h"
#include "readings/readings.h"
#include "readings/source_mapping.h"

namespace meterhound::readings {

/// What reading left out, for the person who exported the files.
struct BillsReport {
  struct OutOfRange {
    std::string kind;        ///< "elec_months"
    std::size_t values = 0;  ///< how many became missing
    double example = 0;      ///< the largest in magnitude
    double valid_min = 0;
    double valid_max = 0;
  };
  std::size_t bills = 0;
  std::size_t consumers = 0;
  std::size_t without_bills = 0;  ///< consumers of the table that no bill names; they keep a row of empty series
  std::size_t not_in_table = 0;   ///< consumers that only bills name (unknown_clients: keep)
  std::vector<OutOfRange> out_of_range;
  /// Neighbouring bills, those that go on from the index before, and those that would with day and month exchanged;
  /// only where that is so many more that the dates are in doubt.
  std::size_t index_pairs = 0;
  std::size_t index_continues = 0;
  std::size_t index_continues_exchanged = 0;

  /// One sentence a finding, or empty when there is nothing to say.
  std::string ToText() const;
};

/// Reads bills and, where there is one, the consumers' table from a folder.
///
/// One ragged timeline a prefix (ELEC, GAZ), shared by its series; cadence kIrregular, times are the bills' dates.
/// Bills of a consumer and kind ascend by date, then by the mapping's `order` columns, then by the remaining columns'
/// content, so the files' order never matters. Rows are the consumers' table's, then those that only bills name. A
/// value that is absent, undefined or out of the valid range is NaN and missing. Errors name file:line:column, found
/// and expected.
/// @param report may be null.
Result<Panel> ReadBills(const SourceMapping& mapping, const std::filesystem::path& data, DateOrder dates,
                        const RunContext& context, BillsReport* report = nullptr);

/// The same from `options.source`, `options.data` and `options.date_order`.
Result<Panel> ReadBills(const ReadOptions& options, const RunContext& context, BillsReport* report = nullptr);

}  // namespace meterhound::readings
