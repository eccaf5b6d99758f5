// Parquet files that tests write with Arrow, and CSV twins that hold the same readings.
#pragma once

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <optional>
#include <string>
#include <vector>

namespace meterhound::readings::testing {

template <typename T>
using Cells = std::vector<std::optional<T>>;

/// What a test's file cannot go without.
template <typename T>
T Must(arrow::Result<T> made) {
  if (!made.ok()) ADD_FAILURE() << made.status().ToString();
  return std::move(made).ValueOrDie();
}

/// An array of some type; nothing is null. Numbers become whatever the builder holds.
template <typename Builder, typename T>
std::shared_ptr<arrow::Array> ArrayOf(const Cells<T>& cells, const std::shared_ptr<arrow::DataType>& type) {
  Builder builder(type, arrow::default_memory_pool());
  for (const auto& cell : cells) {
    const arrow::Status status = cell ? builder.Append(*cell) : builder.AppendNull();
    if (!status.ok()) ADD_FAILURE() << status.ToString();
  }
  return Must(builder.Finish());
}

inline std::shared_ptr<arrow::Array> Doubles(const Cells<double>& cells) {
  return ArrayOf<arrow::DoubleBuilder>(cells, arrow::float64());
}
inline std::shared_ptr<arrow::Array> Strings(const Cells<std::string>& cells) {
  return ArrayOf<arrow::StringBuilder>(cells, arrow::utf8());
}
inline std::shared_ptr<arrow::Array> Integers(const Cells<std::int64_t>& cells) {
  return ArrayOf<arrow::Int64Builder>(cells, arrow::int64());
}

/// Each distinct text once, cells as numbers.
inline std::shared_ptr<arrow::Array> CodedStrings(const Cells<std::string>& cells) {
  arrow::StringDictionaryBuilder builder;
  for (const auto& cell : cells) {
    const arrow::Status status = cell ? builder.Append(*cell) : builder.AppendNull();
    if (!status.ok()) ADD_FAILURE() << status.ToString();
  }
  return Must(builder.Finish());
}

/// One list a row over `items`; a row with a negative length is null.
template <typename Array = arrow::ListArray>
std::shared_ptr<arrow::Array> Lists(const std::vector<int>& lengths, const std::shared_ptr<arrow::Array>& items) {
  using Builder = typename arrow::TypeTraits<typename Array::TypeClass>::BuilderType;
  auto items_builder = Must(arrow::MakeBuilder(items->type()));
  std::shared_ptr<arrow::ArrayBuilder> inner(std::move(items_builder));
  Builder builder(arrow::default_memory_pool(), inner);
  std::int64_t at = 0;
  for (const int length : lengths) {
    arrow::Status status = length < 0 ? builder.AppendNull() : builder.Append();
    if (status.ok() && length > 0) status = inner->AppendArraySlice(arrow::ArraySpan(*items->data()), at, length);
    if (!status.ok()) ADD_FAILURE() << status.ToString();
    at += std::max(0, length);
  }
  return Must(builder.Finish());
}

struct Column {
  std::string name;
  std::shared_ptr<arrow::Array> array;
};

struct WriteOptions {
  std::int64_t rows_a_group = 1 << 20;
  bool arrow_schema = true;  ///< false as other programs write: types as Parquet has them alone
  bool int96 = false;        ///< times as old Spark has them
  parquet::Compression::type compression = parquet::Compression::SNAPPY;
};

/// The bytes of a Parquet file.
inline std::string ParquetBytes(const std::vector<Column>& columns, const WriteOptions& options = {}) {
  std::vector<std::shared_ptr<arrow::Field>> fields;
  std::vector<std::shared_ptr<arrow::Array>> arrays;
  for (const Column& column : columns) {
    fields.push_back(arrow::field(column.name, column.array->type()));
    arrays.push_back(column.array);
  }
  const auto table = arrow::Table::Make(arrow::schema(fields), arrays);
  const auto stream = Must(arrow::io::BufferOutputStream::Create());
  const auto properties =
      parquet::WriterProperties::Builder().compression(options.compression)->enable_page_checksum()->build();
  parquet::ArrowWriterProperties::Builder arrow_properties;
  if (options.arrow_schema) arrow_properties.store_schema();
  if (options.int96) arrow_properties.enable_deprecated_int96_timestamps();
  const arrow::Status status = parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), stream,
                                                          options.rows_a_group, properties, arrow_properties.build());
  if (!status.ok()) ADD_FAILURE() << status.ToString();
  return Must(stream->Finish())->ToString();
}

}  // namespace meterhound::readings::testing
