// Parquet through Arrow C++; the only file that knows Arrow.
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

arrow::Result<std::shared_ptr<arrow::Table>> ToArrow(const FeatureTable& table) {
  std::vector<std::shared_ptr<arrow::Field>> fields = {arrow::field("id", arrow::utf8(), false)};
  std::vector<std::shared_ptr<arrow::Array>> arrays;
  arrow::StringBuilder ids;
  ARROW_RETURN_NOT_OK(ids.AppendValues(table.ids));
  ARROW_ASSIGN_OR_RAISE(auto id_array, ids.Finish());
  arrays.push_back(std::move(id_array));
  for (std::size_t column = 0; column < table.width(); ++column) {
    arrow::DoubleBuilder values;
    ARROW_RETURN_NOT_OK(values.Reserve(static_cast<std::int64_t>(table.rows())));
    for (std::size_t row = 0; row < table.rows(); ++row)
      values.UnsafeAppend(table.values[row * table.width() + column]);
    ARROW_ASSIGN_OR_RAISE(auto array, values.Finish());
    arrays.push_back(std::move(array));
    const auto metadata =
        arrow::key_value_metadata({"meterhound.group"}, {FeatureGroupName(table.columns[column].group)});
    fields.push_back(arrow::field(table.columns[column].name, arrow::float64(), true, metadata));
  }
  return arrow::Table::Make(arrow::schema(fields), arrays, static_cast<std::int64_t>(table.rows()));
}

arrow::Status Write(const FeatureTable& table, const std::filesystem::path& path) {
  ARROW_ASSIGN_OR_RAISE(const auto arrow_table, ToArrow(table));
  ARROW_ASSIGN_OR_RAISE(const auto stream, arrow::io::FileOutputStream::Open(path.string()));
  const auto properties = parquet::WriterProperties::Builder().compression(parquet::Compression::ZSTD)->build();
  const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  ARROW_RETURN_NOT_OK(parquet::arrow::WriteTable(*arrow_table, arrow::default_memory_pool(), stream, 64 * 1024,
                                                 properties, arrow_properties));
  return stream->Close();
}

}  // namespace

Status WriteParquet(const FeatureTable& table, const std::filesystem::path& path) {
  METERHOUND_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  METERHOUND_RETURN_IF_ERROR(FromArrow(Write(table, file.temporary_path()), path));
  return file.Commit();
}

}  // namespace meterhound::features

#else

namespace meterhound::features {

Status WriteParquet(const FeatureTable&, const std::filesystem::path& path) {
  return Unsupported("this program was built without Parquet; write CSV instead", path.string());
}

}  // namespace meterhound::features

#endif
