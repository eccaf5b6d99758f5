// Arrow's readers behind errors that say what is wrong with the file.
#include "readings/parquet/parquet_file.h"

#include <parquet/arrow/schema.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>

namespace meterhound::readings {
namespace {

// A file that claims more cells than this for each of its bytes is damaged or a bomb: repeated cells pack well, but not
// so well.
constexpr std::int64_t kMostCellsAByte = 4096;
// Magic bytes at both ends and the footer's length.
constexpr std::int64_t kLeastBytes = 12;

Error FromArrow(const arrow::Status& status, const std::string& name) {
  if (status.IsCapacityError() || status.IsOutOfMemory()) return Unavailable("no memory to read it", name);
  std::string message = status.message().substr(0, status.message().find('\n'));
  if (status.IsNotImplemented()) return Unsupported("cannot be read: " + message, name);
  return InvalidInput("cannot be read, damaged or cut off: " + message, name);
}

// What Arrow throws and what it returns, as one.
template <typename Function>
auto Guard(const std::string& name, const Function& function) -> Result<decltype(function().ValueUnsafe())> {
  try {
    auto made = function();
    if (!made.ok()) return FromArrow(made.status(), name);
    return std::move(made).ValueUnsafe();
  } catch (const parquet::ParquetStatusException& error) {
    return FromArrow(error.status(), name);
  } catch (const parquet::ParquetException& error) {
    return FromArrow(arrow::Status::Invalid(error.what()), name);
  }
}

parquet::ReaderProperties FileProperties() {
  parquet::ReaderProperties properties;
  properties.enable_buffered_stream();  // a column is not fetched whole
  properties.set_page_checksum_verification(true);
  return properties;
}

void AppendLeaves(const parquet::arrow::SchemaField& field, std::vector<int>& to) {
  if (field.is_leaf()) to.push_back(field.column_index);
  for (const auto& child : field.children) AppendLeaves(child, to);
}

}  // namespace

Result<std::shared_ptr<arrow::RecordBatch>> ParquetRows::Next(std::int64_t most) {
  while (!left_ || left_->num_rows() == 0) {
    const auto read = Guard(name_, [&]() -> arrow::Result<std::shared_ptr<arrow::RecordBatch>> {
      std::shared_ptr<arrow::RecordBatch> batch;
      ARROW_RETURN_NOT_OK(batches_->ReadNext(&batch));
      // Texts by number are the one form whose cells point elsewhere.
      for (int i = 0; batch && i < batch->num_columns(); ++i) {
        const auto& column = batch->column(i);
        if (column->type_id() == arrow::Type::DICTIONARY) ARROW_RETURN_NOT_OK(column->ValidateFull());
      }
      return batch;
    });
    if (!read) return read.error();
    left_ = *read;
    if (!left_) return left_;
    if (static_cast<std::size_t>(left_->num_columns()) != columns_) {
      return InvalidInput("cannot be read, damaged: its columns disagree", name_);
    }
  }
  std::shared_ptr<arrow::RecordBatch> taken = left_->Slice(0, std::min(most, left_->num_rows()));
  left_ = left_->Slice(taken->num_rows());
  return taken;
}

Result<std::shared_ptr<const ParquetFile>> ParquetFile::Open(const std::filesystem::path& path) {
  const std::shared_ptr<ParquetFile> file(new ParquetFile());
  file->name_ = path.string();
  METERHOUND_ASSIGN_OR_RETURN(file->source_, Guard(file->name_, [&] { return arrow::io::ReadableFile::Open(path); }));
  METERHOUND_RETURN_IF_ERROR(file->ReadFooter());
  return std::shared_ptr<const ParquetFile>(file);
}

Status ParquetFile::ReadFooter() {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t bytes, Guard(name_, [&] { return source_->GetSize(); }));
  METERHOUND_ASSIGN_OR_RETURN(const auto tail,
                              Guard(name_, [&] { return source_->ReadAt(std::max<std::int64_t>(0, bytes - 4), 4); }));
  if (bytes < kLeastBytes || tail->ToString() != "PAR1") {
    return InvalidInput("begins as a Parquet file, but does not end as one: it is cut off; expected a whole file",
                        name_);
  }
  METERHOUND_ASSIGN_OR_RETURN(const auto reader, NewReader(1));
  metadata_ = reader->parquet_reader()->metadata();
  METERHOUND_ASSIGN_OR_RETURN(schema_, Guard(name_, [&]() -> arrow::Result<std::shared_ptr<arrow::Schema>> {
                                std::shared_ptr<arrow::Schema> schema;
                                ARROW_RETURN_NOT_OK(reader->GetSchema(&schema));
                                return schema;
                              }));
  for (const auto& field : reader->manifest().schema_fields) AppendLeaves(field, leaves_.emplace_back());
  std::int64_t cells = 0;
  first_rows_.push_back(0);
  for (int group = 0; group < metadata_->num_row_groups(); ++group) {
    METERHOUND_ASSIGN_OR_RETURN(const std::int64_t rows, Guard(name_, [&]() -> arrow::Result<std::int64_t> {
                                  const auto row_group = metadata_->RowGroup(group);
                                  for (int i = 0; i < row_group->num_columns(); ++i) {
                                    const std::int64_t values = row_group->ColumnChunk(i)->num_values();
                                    if (values < 0 || values / kMostCellsAByte > bytes) {
                                      return arrow::Status::Invalid("it claims ", values, " cells of one column");
                                    }
                                    cells += values;
                                  }
                                  return row_group->num_rows();
                                }));
    if (rows < 0 || std::max(rows, cells) / kMostCellsAByte > bytes) {
      return InvalidInput("claims more than " + std::to_string(kMostCellsAByte) +
                              " cells for each of its bytes; expected a Parquet file of readings",
                          name_);
    }
    first_rows_.push_back(first_rows_.back() + static_cast<std::size_t>(rows));
  }
  if (rows() == 0) return InvalidInput("holds columns and no rows; expected readings", name_);
  return {};
}

Result<std::unique_ptr<parquet::arrow::FileReader>> ParquetFile::NewReader(std::int64_t rows_at_once) const {
  return Guard(name_, [&]() -> arrow::Result<std::unique_ptr<parquet::arrow::FileReader>> {
    parquet::ArrowReaderProperties properties;
    properties.set_batch_size(rows_at_once);
    properties.set_pre_buffer(false);
    properties.set_coerce_int96_timestamp_unit(arrow::TimeUnit::MICRO);  // years that nanoseconds do not reach
    parquet::arrow::FileReaderBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Open(source_, FileProperties(), metadata_));
    return builder.properties(properties)->Build();
  });
}

std::vector<std::string_view> ParquetFile::header() const {
  std::vector<std::string_view> names;
  for (const auto& field : schema_->fields()) names.emplace_back(field->name());
  return names;
}

Result<ParquetRows> ParquetFile::Read(std::span<const std::size_t> columns, std::int64_t rows_at_once,
                                      std::optional<std::size_t> group) const {
  std::vector<int> groups;
  for (std::size_t i = 0; i < row_groups(); ++i) {
    if (!group || i == *group) groups.push_back(static_cast<int>(i));
  }
  std::vector<int> leaves;
  for (const std::size_t column : columns) leaves.insert(leaves.end(), leaves_[column].begin(), leaves_[column].end());
  ParquetRows rows;
  rows.name_ = name_;
  rows.columns_ = columns.size();
  METERHOUND_ASSIGN_OR_RETURN(rows.reader_, NewReader(rows_at_once));
  METERHOUND_ASSIGN_OR_RETURN(rows.batches_,
                              Guard(name_, [&] { return rows.reader_->GetRecordBatchReader(groups, leaves); }));
  return rows;
}

}  // namespace meterhound::readings
