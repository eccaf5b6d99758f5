// A Parquet file: its columns, and walks over some of them.
#pragma once

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/reader.h>

#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace meterhound::readings {

/// A walk over rows, holding little more than a batch of them.
class ParquetRows {
 public:
  /// The next rows, at most so many and at least one; null at the end. The columns come in the order asked for.
  Result<std::shared_ptr<arrow::RecordBatch>> Next(std::int64_t most = std::numeric_limits<std::int64_t>::max());

 private:
  friend class ParquetFile;
  std::string name_;
  std::size_t columns_ = 0;
  std::unique_ptr<parquet::arrow::FileReader> reader_;  // outlives batches_
  std::unique_ptr<arrow::RecordBatchReader> batches_;
  std::shared_ptr<arrow::RecordBatch> left_;
};

class ParquetFile {
 public:
  /// Errors: cut off, damaged, encrypted, no rows, or a claim of more cells than the file can hold.
  static Result<std::shared_ptr<const ParquetFile>> Open(const std::filesystem::path& path);

  /// As given, for messages.
  const std::string& name() const { return name_; }
  const arrow::Schema& schema() const { return *schema_; }
  std::vector<std::string_view> header() const;
  const arrow::DataType& type(std::size_t column) const { return *schema_->field(static_cast<int>(column))->type(); }
  std::size_t rows() const { return first_rows_.back(); }
  std::size_t row_groups() const { return first_rows_.size() - 1; }
  /// Of a row group, from 0.
  std::size_t first_row(std::size_t group) const { return first_rows_[group]; }

  /// Walks over some columns (ascending) of one row group, or of all. May be called from several threads; so may the
  /// walks be.
  Result<ParquetRows> Read(std::span<const std::size_t> columns, std::int64_t rows_at_once,
                           std::optional<std::size_t> group = std::nullopt) const;

  /// "town.parquet:row 17", counted from 1, for the row with this number from 0.
  std::string Place(std::size_t row) const { return name_ + ":row " + std::to_string(row + 1); }
  /// "town.parquet:row 17:kwh".
  std::string Place(std::size_t row, std::size_t column) const { return Place(row) + ":" + ColumnName(column); }
  /// "town.parquet:kwh".
  std::string ColumnPlace(std::size_t column) const { return name_ + ":" + ColumnName(column); }

 private:
  ParquetFile() = default;
  Status ReadFooter();
  Result<std::unique_ptr<parquet::arrow::FileReader>> NewReader(std::int64_t rows_at_once) const;
  const std::string& ColumnName(std::size_t column) const { return schema_->field(static_cast<int>(column))->name(); }

  std::string name_;
  std::shared_ptr<arrow::io::ReadableFile> source_;
  std::shared_ptr<parquet::FileMetaData> metadata_;
  std::shared_ptr<arrow::Schema> schema_;
  std::vector<std::vector<int>> leaves_;  // of each column
  std::vector<std::size_t> first_rows_;   // of each row group; then of the end
};

}  // namespace meterhound::readings
