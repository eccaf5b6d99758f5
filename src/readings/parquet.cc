// Looks at the first bytes, then at the schema.
#include "readings/parquet.h"

#include <array>
#include <fstream>
#include <string_view>

#ifdef METERHOUND_PARQUET
#include "readings/csv.h"
#include "readings/long_csv.h"
#include "readings/parquet/parquet_forms.h"
#include "readings/wide_layout.h"
#endif

namespace meterhound::readings {

bool IsParquet(const std::filesystem::path& path) {
  std::error_code ignored;  // what cannot be looked at is none, and is reported when it is opened
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  std::array<char, 4> magic{};
  std::ifstream file(path, std::ios::binary);
  return file.read(magic.data(), magic.size()) && std::string_view(magic.data(), magic.size()) == "PAR1";
}

#ifdef METERHOUND_PARQUET

Result<std::unique_ptr<PanelStream>> OpenParquet(const ReadOptions& options, const BlockSize& block,
                                                 const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const std::shared_ptr<const ParquetFile> file, ParquetFile::Open(options.file));
  const std::vector<std::string_view> header = file->header();
  if (IsListSchema(*file, options)) return OpenParquetLists(file, options, block, context);
  if (IsWideHeader(header)) return OpenWideParquet(file, options, block);
  if (IsLongHeader(header, options)) return OpenLongParquet(file, options, block, context);
  std::string found;
  for (const std::string_view field : header) {
    if (found.size() < 80) found += (found.empty() ? "" : ", ") + Quote(field);
  }
  return InvalidInput("found " + std::to_string(header.size()) + " columns (" + found +
                          "), expected one column a date beside CONS_NO, or the columns id, time and value, or id and "
                          "lists called values with times, or with start and cadence",
                      file->name());
}

#else

Result<std::unique_ptr<PanelStream>> OpenParquet(const ReadOptions& options, const BlockSize&, const RunContext&) {
  return Unsupported("this program was built without Parquet; expected CSV, plain or packed by gzip or zstd",
                     options.file.string());
}

#endif

}  // namespace meterhound::readings
