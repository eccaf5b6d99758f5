// Writes the readings of a wide CSV without labels as Parquet: parquet_twin IN.csv OUT.parquet [ROWS A GROUP].
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "features/writers.h"
#include "readings/readings.h"

using namespace meterhound;

namespace {

Status WriteTwin(const std::filesystem::path& from, const std::filesystem::path& to, std::size_t rows_a_group) {
  ThreadPool pool(1);
  Progress progress;
  const RunContext context{.pool = pool, .progress = progress, .stop = {}};
  readings::ReadOptions options;
  options.file = from;
  METERHOUND_ASSIGN_OR_RETURN(const auto stream, readings::OpenPanel(options, {.consumers = rows_a_group}, context));
  std::unique_ptr<features::FeatureWriter> writer;
  FeatureTable table;  // a column a day instead of a feature
  while (true) {
    METERHOUND_ASSIGN_OR_RETURN(const Panel panel, stream->Next(context));
    if (panel.rows() == 0) break;
    const SeriesKind& kind = panel.kinds.front();
    if (!kind.timeline->shared)
      return InvalidInput("found rows of different days, expected a wide file", from.string());
    if (!writer) {
      for (const double time : kind.timeline->times) table.columns.push_back({FormatDate(time)});
      METERHOUND_ASSIGN_OR_RETURN(writer, features::OpenParquetWriter(to, table.columns));
    }
    table.ids = panel.ids;
    table.values = kind.values;
    METERHOUND_RETURN_IF_ERROR(writer->Append(table, context));
  }
  return writer->Commit();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::size_t rows = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : std::numeric_limits<std::size_t>::max();
  const Status status = WriteTwin(argv[1], argv[2], rows);
  if (status.ok()) return 0;
  std::fprintf(stderr, "parquet_twin: %s\n", status.error().ToString().c_str());
  return ExitStatus(status.error().code);
}
