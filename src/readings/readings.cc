// Decides from the first bytes and the header which reader a file is for.
#include "readings/readings.h"

#include "readings/bills.h"
#include "readings/csv.h"
#include "readings/input.h"
#include "readings/long_csv.h"
#include "readings/parquet.h"
#include "readings/wide_csv.h"
#include "readings/wide_layout.h"

namespace meterhound::readings {

Result<std::unique_ptr<PanelStream>> OpenPanel(const ReadOptions& options, const BlockSize& block,
                                               const RunContext& context) {
  if (IsParquet(options.file)) return OpenParquet(options, block, context);
  METERHOUND_ASSIGN_OR_RETURN(Input input, Input::Open(options.file));
  CsvReader csv(input.text(), input.name());
  METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
  if (!has_header) return InvalidInput("holds no lines; expected a header and readings", input.name());
  if (IsWideHeader(csv.fields())) return OpenWideCsv(std::move(input), options, block, context);
  if (IsLongHeader(csv.fields(), options)) return OpenLongCsv(std::move(input), options, block, context);
  std::string found;
  for (const std::string_view field : csv.fields()) {
    if (found.size() < 80) found += (found.empty() ? "" : ", ") + Quote(field);
  }
  return InvalidInput("found a header of " + std::to_string(csv.fields().size()) + " columns (" + found +
                          "), expected one column a date beside CONS_NO, or the columns id, time and value",
                      csv.Place());
}

Result<Panel> ReadPanel(const ReadOptions& options, const RunContext& context) {
  if (!options.source.empty()) return ReadBills(options, context);
  METERHOUND_ASSIGN_OR_RETURN(const auto stream, OpenPanel(options, BlockSize(), context));
  return stream->Next(context);
}

}  // namespace meterhound::readings
