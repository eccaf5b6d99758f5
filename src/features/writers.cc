// CSV rows are formatted in parallel, a batch at a time, and written in order.
#include "features/writers.h"

#include <algorithm>
#include <cmath>

#include "base/csv_text.h"
#include "base/file.h"
#include "base/numbers.h"

namespace meterhound::features {
namespace {

constexpr std::size_t kRowsAtOnce = 16;
constexpr std::size_t kPiecesAtOnce = 64;

void AppendRow(std::string& to, const FeatureTable& table, std::size_t row) {
  AppendCsvField(to, table.ids[row]);
  for (const double value : table.Row(row)) {
    to += ',';
    if (!std::isnan(value)) AppendDouble(to, value);
  }
  to += '\n';
}

}  // namespace

Status WriteCsv(const FeatureTable& table, const std::filesystem::path& path, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  std::string header = "id";
  for (const FeatureColumn& column : table.columns) {
    header += ',';
    AppendCsvField(header, column.name);
  }
  file.stream() << header << '\n';
  context.progress.Begin("writing features", table.rows(), "consumers");
  std::vector<std::string> pieces(kPiecesAtOnce);
  const std::size_t batch = kRowsAtOnce * kPiecesAtOnce;
  for (std::size_t first = 0; first < table.rows() && !context.stop.stop_requested(); first += batch) {
    const std::size_t last = std::min(first + batch, table.rows());
    context.pool.ParallelFor(last - first, kRowsAtOnce, [&](std::size_t begin, std::size_t end, std::size_t) {
      std::string& piece = pieces[begin / kRowsAtOnce];
      piece.clear();
      for (std::size_t row = begin; row < end; ++row) AppendRow(piece, table, first + row);
    });
    for (std::size_t i = 0; i * kRowsAtOnce < last - first; ++i) file.stream() << pieces[i];
    context.progress.Advance(last - first);
  }
  context.progress.End();
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return file.Commit();
}

Status WriteFeatures(const FeatureTable& table, const std::filesystem::path& path, const RunContext& context) {
  return path.extension() == ".parquet" ? WriteParquet(table, path) : WriteCsv(table, path, context);
}

}  // namespace meterhound::features
