// Rows are formatted in parallel, a batch at a time, and written in order.
#include "readings/wide_csv_writer.h"

#include <algorithm>

#include "base/csv_text.h"
#include "base/file.h"
#include "base/numbers.h"

namespace meterhound::readings {
namespace {

constexpr std::size_t kRowsAtOnce = 32;
constexpr std::size_t kPiecesAtOnce = 64;

void AppendRow(std::string& to, const Panel& panel, std::size_t row) {
  AppendCsvField(to, panel.ids[row]);
  to += ',';
  if (panel.labels[row] != kUnlabelled) to += panel.labels[row] == 1 ? '1' : '0';
  const SeriesView view = panel.View(0, row);
  for (std::size_t i = 0; i < view.size(); ++i) {
    to += ',';
    if (view.missing[i] == 0) AppendDouble(to, view.values[i]);
  }
  to += '\n';
}

std::string ColumnName(const Panel& panel, double time) {
  if (panel.kinds[0].timeline->cadence != Cadence::kDaily) return FormatDateTime(time).substr(0, 16);
  const CivilDate date = CivilFromDays(DayOf(time));
  return std::to_string(date.year) + "/" + std::to_string(date.month) + "/" + std::to_string(date.day);
}

}  // namespace

Status WriteWideCsv(const Panel& panel, const std::filesystem::path& path, const RunContext& context) {
  if (panel.kinds.empty() || !panel.kinds[0].timeline->shared ||
      ReadingsPerDay(panel.kinds[0].timeline->cadence) == 0) {
    return Unsupported("only daily or finer readings at times that all consumers share can be written in wide form",
                       path.string());
  }
  METERHOUND_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  std::string header = "CONS_NO,FLAG";
  for (const double time : panel.kinds[0].timeline->times) header += "," + ColumnName(panel, time);
  file.stream() << header << '\n';
  context.progress.Begin("writing", panel.rows(), "consumers");
  std::vector<std::string> pieces(kPiecesAtOnce);
  const std::size_t batch = kRowsAtOnce * kPiecesAtOnce;
  for (std::size_t first = 0; first < panel.rows() && !context.stop.stop_requested(); first += batch) {
    const std::size_t last = std::min(first + batch, panel.rows());
    context.pool.ParallelFor(last - first, kRowsAtOnce, [&](std::size_t begin, std::size_t end, std::size_t) {
      std::string& piece = pieces[begin / kRowsAtOnce];
      piece.clear();
      for (std::size_t row = begin; row < end; ++row) AppendRow(piece, panel, first + row);
    });
    for (std::size_t i = 0; i * kRowsAtOnce < last - first; ++i) file.stream() << pieces[i];
    context.progress.Advance(last - first);
  }
  context.progress.End();
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return file.Commit();
}

}  // namespace meterhound::readings
