// One switch over Arrow's types for each use of a cell.
#include "readings/parquet/parquet_cells.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/numbers.h"
#include "readings/columns.h"
#include "readings/csv.h"

namespace meterhound::readings {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool IsString(arrow::Type::type id) { return arrow::is_base_binary_like(id) || arrow::is_binary_view_like(id); }

template <typename Array>
double As(const arrow::Array& array, std::int64_t i) {
  return static_cast<double>(static_cast<const Array&>(array).Value(i));
}

template <typename Array>
std::string_view ViewOf(const arrow::Array& array, std::int64_t i) {
  return Trim(static_cast<const Array&>(array).GetView(i));
}

template <typename Array>
double OfDecimal(const arrow::Array& array, std::int64_t i) {
  return ParseDouble(static_cast<const Array&>(array).FormatValue(i)).value_or(kNone);
}

template <typename Array>
std::string_view Written(const arrow::Array& array, std::int64_t i, std::string& buffer) {
  buffer = std::to_string(static_cast<const Array&>(array).Value(i));
  return buffer;
}

// As a date and a time of day that are added: a text of the same time gives the same bits.
double SecondsOf(std::int64_t ticks, std::int64_t ticks_a_second) {
  const std::int64_t a_day = ticks_a_second * 86'400;
  std::int64_t day = ticks / a_day;
  std::int64_t rest = ticks % a_day;
  if (rest < 0) {
    rest += a_day;
    --day;
  }
  const double of_day = static_cast<double>(rest / ticks_a_second) +
                        static_cast<double>(rest % ticks_a_second) / static_cast<double>(ticks_a_second);
  return static_cast<double>(day) * kSecondsPerDay + of_day;
}

std::int64_t TicksASecond(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return 1;
    case arrow::TimeUnit::MILLI:
      return 1'000;
    case arrow::TimeUnit::MICRO:
      return 1'000'000;
    case arrow::TimeUnit::NANO:
      return 1'000'000'000;
  }
  return 1;
}

// Readings are kept in local time: what a zone adds to the instants in UTC. Nothing for a zone that only a time-zone
// database knows.
std::optional<double> OffsetOf(std::string_view zone) {
  for (const std::string_view utc : {"", "UTC", "utc", "Z", "GMT", "Etc/UTC"}) {
    if (zone == utc) return 0;
  }
  const char sign = zone.front();
  if ((sign != '+' && sign != '-') || zone.size() < 3) return std::nullopt;
  zone.remove_prefix(1);
  int hours = 0;
  int minutes = 0;
  const auto two_digits = [](std::string_view text, int& number) {
    const auto end = text.data() + 2;
    return text.size() >= 2 && std::from_chars(text.data(), end, number).ptr == end;
  };
  if (!two_digits(zone, hours)) return std::nullopt;
  zone.remove_prefix(2);
  if (zone.starts_with(':')) zone.remove_prefix(1);
  if (!zone.empty() && (!two_digits(zone, minutes) || zone.size() != 2)) return std::nullopt;
  return (sign == '-' ? -1 : 1) * (hours * 3600.0 + minutes * 60.0);
}

}  // namespace

bool HoldsTexts(const arrow::DataType& type) {
  if (type.id() == arrow::Type::DICTIONARY) {
    return IsString(static_cast<const arrow::DictionaryType&>(type).value_type()->id());
  }
  return IsString(type.id()) || arrow::is_integer(type.id());
}

std::string_view TextAt(const arrow::Array& array, std::int64_t i, std::string& buffer) {
  if (array.IsNull(i)) return {};
  switch (array.type_id()) {
    case arrow::Type::DICTIONARY: {
      const auto& coded = static_cast<const arrow::DictionaryArray&>(array);
      return TextAt(*coded.dictionary(), coded.GetValueIndex(i), buffer);
    }
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      return ViewOf<arrow::BinaryArray>(array, i);
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      return ViewOf<arrow::LargeBinaryArray>(array, i);
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY_VIEW:
      return ViewOf<arrow::BinaryViewArray>(array, i);
    case arrow::Type::INT8:
      return Written<arrow::Int8Array>(array, i, buffer);
    case arrow::Type::INT16:
      return Written<arrow::Int16Array>(array, i, buffer);
    case arrow::Type::INT32:
      return Written<arrow::Int32Array>(array, i, buffer);
    case arrow::Type::INT64:
      return Written<arrow::Int64Array>(array, i, buffer);
    case arrow::Type::UINT8:
      return Written<arrow::UInt8Array>(array, i, buffer);
    case arrow::Type::UINT16:
      return Written<arrow::UInt16Array>(array, i, buffer);
    case arrow::Type::UINT32:
      return Written<arrow::UInt32Array>(array, i, buffer);
    case arrow::Type::UINT64:
      return Written<arrow::UInt64Array>(array, i, buffer);
    default:
      return {};
  }
}

bool HoldsNumbers(const arrow::DataType& type) {
  const arrow::Type::type id = type.id();
  return arrow::is_integer(id) || id == arrow::Type::FLOAT || id == arrow::Type::DOUBLE ||
         id == arrow::Type::DECIMAL128 || id == arrow::Type::DECIMAL256 || id == arrow::Type::NA;
}

double NumberAt(const arrow::Array& array, std::int64_t i) {
  if (array.IsNull(i)) return kNone;
  switch (array.type_id()) {
    case arrow::Type::DOUBLE:
      return As<arrow::DoubleArray>(array, i);
    case arrow::Type::FLOAT:
      return As<arrow::FloatArray>(array, i);
    case arrow::Type::INT8:
      return As<arrow::Int8Array>(array, i);
    case arrow::Type::INT16:
      return As<arrow::Int16Array>(array, i);
    case arrow::Type::INT32:
      return As<arrow::Int32Array>(array, i);
    case arrow::Type::INT64:
      return As<arrow::Int64Array>(array, i);
    case arrow::Type::UINT8:
      return As<arrow::UInt8Array>(array, i);
    case arrow::Type::UINT16:
      return As<arrow::UInt16Array>(array, i);
    case arrow::Type::UINT32:
      return As<arrow::UInt32Array>(array, i);
    case arrow::Type::UINT64:
      return As<arrow::UInt64Array>(array, i);
    case arrow::Type::DECIMAL128:
      return OfDecimal<arrow::Decimal128Array>(array, i);
    case arrow::Type::DECIMAL256:
      return OfDecimal<arrow::Decimal256Array>(array, i);
    default:
      return kNone;
  }
}

Result<double> ReadingAt(const arrow::Array& array, std::int64_t i) {
  const double number = NumberAt(array, i);
  if (std::isfinite(number)) return number;
  if (std::isnan(number)) return kNone;  // one NaN, whatever bits the file has
  return InvalidInput("found " + FormatDouble(number) + ", expected a finite number or nothing");
}

bool HoldsLabels(const arrow::DataType& type) {
  return HoldsTexts(type) || HoldsNumbers(type) || type.id() == arrow::Type::BOOL;
}

Result<std::int8_t> LabelAt(const arrow::Array& array, std::int64_t i) {
  if (array.IsNull(i)) return ParseLabel("");
  if (array.type_id() == arrow::Type::BOOL) {
    return static_cast<const arrow::BooleanArray&>(array).Value(i) ? std::int8_t{1} : std::int8_t{0};
  }
  if (HoldsNumbers(*array.type())) {
    const double number = NumberAt(array, i);
    return ParseLabel(std::isnan(number) ? "" : number == 0 ? "0" : number == 1 ? "1" : FormatDouble(number));
  }
  std::string buffer;
  return ParseLabel(TextAt(array, i, buffer));
}

Status CheckType(const ParquetFile& file, std::size_t column, bool holds, const char* expected) {
  if (holds) return {};
  return InvalidInput("found a column of type " + file.type(column).ToString() + ", expected " + expected,
                      file.ColumnPlace(column));
}

Result<ParquetTimes> ParquetTimes::OfType(const arrow::DataType& type, const std::string& place) {
  ParquetTimes times;
  if (type.id() == arrow::Type::TIMESTAMP) {
    const auto& timestamp = static_cast<const arrow::TimestampType&>(type);
    times.form_ = Form::kTimestamps;
    times.ticks_a_second_ = TicksASecond(timestamp.unit());
    const auto offset = OffsetOf(timestamp.timezone());
    if (!offset) {
      return InvalidInput("found times in the zone " + Quote(timestamp.timezone()) +
                              ", expected local times without a zone, UTC, or an offset such as +08:00",
                          place);
    }
    times.offset_ = *offset;
  } else if (type.id() == arrow::Type::DATE32) {
    times.form_ = Form::kDays;
  } else if (type.id() == arrow::Type::DATE64) {
    times.form_ = Form::kMilliseconds;
  } else if (!HoldsNumbers(type)) {
    return InvalidInput("found times of type " + type.ToString() + ", expected timestamps, dates or numbers", place);
  }
  return times;
}

Result<ParquetTimes> ParquetTimes::Of(const ParquetFile& file, std::size_t column, DateOrder order) {
  if (!HoldsTexts(file.type(column)) || arrow::is_integer(file.type(column).id())) {
    return OfType(file.type(column), file.ColumnPlace(column));
  }
  constexpr std::int64_t kRowsAtOnce = 8192;
  ParquetTimes times;
  times.form_ = Form::kWritten;
  const std::size_t columns[] = {column};
  METERHOUND_ASSIGN_OR_RETURN(ParquetRows rows, file.Read(columns, kRowsAtOnce));
  std::vector<std::string> texts;
  std::string buffer;
  while (texts.size() < kTimesToDecide) {
    METERHOUND_ASSIGN_OR_RETURN(const auto batch, rows.Next(static_cast<std::int64_t>(kTimesToDecide - texts.size())));
    if (!batch) break;
    const arrow::Array& array = *batch->column(0);
    for (std::int64_t i = 0; i < array.length(); ++i) texts.emplace_back(TextAt(array, i, buffer));
  }
  const auto place = [&](std::size_t i) { return file.Place(i, column); };
  METERHOUND_ASSIGN_OR_RETURN(times.written_, WrittenTimes::Decide(texts, order, place));
  return times;
}

Result<double> ParquetTimes::At(const arrow::Array& array, std::int64_t i) const {
  if (form_ == Form::kWritten) {
    std::string buffer;
    return written_.Parse(TextAt(array, i, buffer));
  }
  if (array.IsNull(i)) return InvalidInput("found no time, expected one for every reading");
  switch (form_) {
    case Form::kTimestamps:
      return SecondsOf(static_cast<const arrow::TimestampArray&>(array).Value(i), ticks_a_second_) + offset_;
    case Form::kDays:
      return As<arrow::Date32Array>(array, i) * kSecondsPerDay;
    case Form::kMilliseconds:
      return SecondsOf(static_cast<const arrow::Date64Array&>(array).Value(i), 1000);
    default:
      break;
  }
  const double number = NumberAt(array, i);
  if (std::isfinite(number)) return number;
  return InvalidInput("found the time " + FormatDouble(number) + ", expected a finite number");
}

bool ListCells::Holds(const arrow::DataType& type, const arrow::DataType** item) {
  if (type.id() != arrow::Type::LIST && type.id() != arrow::Type::LARGE_LIST &&
      type.id() != arrow::Type::FIXED_SIZE_LIST) {
    return false;
  }
  *item = static_cast<const arrow::BaseListType&>(type).value_type().get();
  return true;
}

ListCells::ListCells(const arrow::Array& array) : array_(&array) {
  if (array.type_id() == arrow::Type::LIST) items_ = static_cast<const arrow::ListArray&>(array).values();
  if (array.type_id() == arrow::Type::LARGE_LIST) items_ = static_cast<const arrow::LargeListArray&>(array).values();
  if (array.type_id() == arrow::Type::FIXED_SIZE_LIST) {
    items_ = static_cast<const arrow::FixedSizeListArray&>(array).values();
  }
}

ListCells::Range ListCells::At(std::int64_t i) const {
  if (array_->IsNull(i)) return {};
  const auto range = [&](const auto& lists) { return Range{lists.value_offset(i), lists.value_length(i)}; };
  if (array_->type_id() == arrow::Type::LIST) return range(static_cast<const arrow::ListArray&>(*array_));
  if (array_->type_id() == arrow::Type::LARGE_LIST) return range(static_cast<const arrow::LargeListArray&>(*array_));
  return range(static_cast<const arrow::FixedSizeListArray&>(*array_));
}

}  // namespace meterhound::readings
