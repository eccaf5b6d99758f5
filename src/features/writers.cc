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

class CsvFeatureWriter : public FeatureWriter {
 public:
  CsvFeatureWriter(AtomicFile file, std::span<const FeatureColumn> columns) : file_(std::move(file)) {
    std::string header = "id";
    for (const FeatureColumn& column : columns) {
      header += ',';
      AppendCsvField(header, column.name);
    }
    file_.stream() << header << '\n';
  }

  Status Append(const FeatureTable& block, const RunContext& context) override {
    context.progress.Begin("writing features", block.rows(), "consumers");
    const std::size_t batch = kRowsAtOnce * kPiecesAtOnce;
    for (std::size_t first = 0; first < block.rows() && !context.stop.stop_requested(); first += batch) {
      const std::size_t last = std::min(first + batch, block.rows());
      context.pool.ParallelFor(last - first, kRowsAtOnce, [&](std::size_t begin, std::size_t end, std::size_t) {
        std::string& piece = pieces_[begin / kRowsAtOnce];
        piece.clear();
        for (std::size_t row = begin; row < end; ++row) AppendRow(piece, block, first + row);
      });
      for (std::size_t i = 0; i * kRowsAtOnce < last - first; ++i) file_.stream() << pieces_[i];
      context.progress.Advance(last - first);
    }
    context.progress.End();
    return context.CheckStopped();
  }

  Status Commit() override { return file_.Commit(); }

 private:
  AtomicFile file_;
  std::vector<std::string> pieces_ = std::vector<std::string>(kPiecesAtOnce);
};

}  // namespace

Result<std::unique_ptr<FeatureWriter>> OpenCsvWriter(const std::filesystem::path& path,
                                                     std::span<const FeatureColumn> columns) {
  METERHOUND_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  return std::unique_ptr<FeatureWriter>(std::make_unique<CsvFeatureWriter>(std::move(file), columns));
}

Result<std::unique_ptr<FeatureWriter>> OpenFeatureWriter(const std::filesystem::path& path,
                                                         std::span<const FeatureColumn> columns) {
  return path.extension() == ".parquet" ? OpenParquetWriter(path, columns) : OpenCsvWriter(path, columns);
}

Status WriteFeatures(const FeatureTable& table, const std::filesystem::path& path, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const auto writer, OpenFeatureWriter(path, table.columns));
  METERHOUND_RETURN_IF_ERROR(writer->Append(table, context));
  return writer->Commit();
}

}  // namespace meterhound::features
