// Parquet through Arrow C++; the only file of this room that knows Arrow.
#include "features/writers.h"

#ifdef METERHOUND_PARQUET

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/writer.h>

#include "base/file.h"

namespace meterhound::features {
namespace {

Status FromArrow(const arrow::Status& status, const std::filesystem::path& path) {
  if (status.ok()) return {};
  return Unavailable("cannot be written: " + status.ToString(), path.string());
}

class ParquetFeatureWriter : public FeatureWriter {
 public:
  ParquetFeatureWriter(AtomicFile file, std::filesystem::path path) : file_(std::move(file)), path_(std::move(path)) {}

  Status Open(std::span<const FeatureColumn> columns) { return FromArrow(OpenArrow(columns), path_); }

  Status Append(const FeatureTable& block, const RunContext& context) override {
    METERHOUND_RETURN_IF_ERROR(FromArrow(AppendArrow(block, context), path_));
    return context.CheckStopped();
  }

  Status Commit() override {
    METERHOUND_RETURN_IF_ERROR(FromArrow(writer_->Close(), path_));
    METERHOUND_RETURN_IF_ERROR(FromArrow(stream_->Close(), path_));
    return file_.Commit();
  }

 private:
  arrow::Status OpenArrow(std::span<const FeatureColumn> columns) {
    std::vector<std::shared_ptr<arrow::Field>> fields = {arrow::field("id", arrow::utf8(), false)};
    for (const FeatureColumn& column : columns) {
      const auto metadata = arrow::key_value_metadata({"meterhound.group"}, {FeatureGroupName(column.group)});
      fields.push_back(arrow::field(column.name, arrow::float64(), true, metadata));
    }
    schema_ = arrow::schema(fields);
    ARROW_ASSIGN_OR_RAISE(stream_, arrow::io::FileOutputStream::Open(file_.temporary_path().string()));
    const auto properties = parquet::WriterProperties::Builder().compression(parquet::Compression::ZSTD)->build();
    const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    return parquet::arrow::FileWriter::Open(*schema_, arrow::default_memory_pool(), stream_, properties,
                                            arrow_properties)
        .Value(&writer_);
  }

  arrow::Status AppendArrow(const FeatureTable& block, const RunContext& context) {
    if (block.rows() == 0) return arrow::Status::OK();
    std::vector<std::shared_ptr<arrow::Array>> arrays(block.width() + 1);
    arrow::StringBuilder ids;
    ARROW_RETURN_NOT_OK(ids.AppendValues(block.ids));
    ARROW_ASSIGN_OR_RAISE(arrays[0], ids.Finish());
    std::vector<std::shared_ptr<arrow::Buffer>> buffers(block.width());
    for (auto& buffer : buffers) {
      ARROW_ASSIGN_OR_RAISE(buffer, arrow::AllocateBuffer(static_cast<std::int64_t>(block.rows() * sizeof(double))));
    }
    context.pool.ParallelFor(block.width(), kColumnsAtOnce, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t row = 0; row < block.rows(); ++row) {
        const auto values = block.Row(row);
        for (std::size_t column = begin; column < end; ++column) {
          reinterpret_cast<double*>(buffers[column]->mutable_data())[row] = values[column];
        }
      }
    });
    for (std::size_t column = 0; column < block.width(); ++column) {
      arrays[column + 1] =
          std::make_shared<arrow::DoubleArray>(static_cast<std::int64_t>(block.rows()), buffers[column]);
    }
    const auto rows = static_cast<std::int64_t>(block.rows());
    return writer_->WriteTable(*arrow::Table::Make(schema_, arrays, rows), rows);
  }

  // A cache line of a row.
  static constexpr std::size_t kColumnsAtOnce = 8;

  AtomicFile file_;
  std::filesystem::path path_;
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::io::FileOutputStream> stream_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

}  // namespace

Result<std::unique_ptr<FeatureWriter>> OpenParquetWriter(const std::filesystem::path& path,
                                                         std::span<const FeatureColumn> columns) {
  METERHOUND_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  auto writer = std::make_unique<ParquetFeatureWriter>(std::move(file), path);
  METERHOUND_RETURN_IF_ERROR(writer->Open(columns));
  return std::unique_ptr<FeatureWriter>(std::move(writer));
}

}  // namespace meterhound::features

#else

namespace meterhound::features {

Result<std::unique_ptr<FeatureWriter>> OpenParquetWriter(const std::filesystem::path& path,
                                                         std::span<const FeatureColumn>) {
  return Unsupported("this program was built without Parquet; write CSV instead", path.string());
}

}  // namespace meterhound::features

#endif
