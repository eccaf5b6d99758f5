// Cells of Arrow's arrays as readings, ids, labels and times.
#pragma once

#include <arrow/api.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "readings/parquet/parquet_file.h"
#include "readings/written_times.h"

namespace meterhound::readings {

/// Strings, plain or dictionary-encoded, and integers.
bool HoldsTexts(const arrow::DataType& type);
/// Without blanks at both ends; empty where null. @param buffer keeps what the array does not.
std::string_view TextAt(const arrow::Array& array, std::int64_t i, std::string& buffer);

/// Integers, floats, decimals, and columns without any value.
bool HoldsNumbers(const arrow::DataType& type);
/// NaN where null.
double NumberAt(const arrow::Array& array, std::int64_t i);
/// A finite number, or NaN where there is no reading; infinity is an error without a place.
Result<double> ReadingAt(const arrow::Array& array, std::int64_t i);

/// Texts, numbers and booleans.
bool HoldsLabels(const arrow::DataType& type);
/// As ParseLabel.
Result<std::int8_t> LabelAt(const arrow::Array& array, std::int64_t i);

/// An error that names the type found, unless `holds`.
Status CheckType(const ParquetFile& file, std::size_t column, bool holds, const char* expected);

/// How a column says when: timestamps, dates, numbers or texts.
class ParquetTimes {
 public:
  /// Of a column; texts are looked through for their form.
  static Result<ParquetTimes> Of(const ParquetFile& file, std::size_t column, DateOrder order);
  /// Of anything but texts. @param place for errors.
  static Result<ParquetTimes> OfType(const arrow::DataType& type, const std::string& place);

  /// True when times are seconds since 1970-01-01.
  bool calendar() const { return form_ == Form::kWritten ? written_.calendar() : form_ != Form::kNumbers; }
  /// A null, a number that is not finite and a text of another form are errors without a place.
  Result<double> At(const arrow::Array& array, std::int64_t i) const;

 private:
  enum class Form : std::uint8_t { kTimestamps, kDays, kMilliseconds, kNumbers, kWritten };
  Form form_ = Form::kNumbers;
  std::int64_t ticks_a_second_ = 1;
  double offset_ = 0;  // of local time from UTC, in seconds
  WrittenTimes written_;
};

/// The lists of one column.
class ListCells {
 public:
  /// True for lists of any kind; `item` is then the type of what is in them.
  static bool Holds(const arrow::DataType& type, const arrow::DataType** item);
  explicit ListCells(const arrow::Array& array);

  struct Range {
    std::int64_t begin = 0;
    std::int64_t size = 0;
  };
  /// Where the i-th list lies in items(); empty where null.
  Range At(std::int64_t i) const;
  const arrow::Array& items() const { return *items_; }

 private:
  const arrow::Array* array_;
  std::shared_ptr<arrow::Array> items_;
};

}  // namespace meterhound::readings
