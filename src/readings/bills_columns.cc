// One pass over the bills' file.
#include "readings/bills_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/nearest_name.h"
#include "base/numbers.h"
#include "readings/input.h"

namespace meterhound::readings {
namespace {

constexpr std::size_t kBillsBetweenLooks = 1u << 16;

/// A numeric column and where to find it.
struct NumberColumn {
  std::string name;
  std::size_t field = 0;
  std::map<std::string, double, std::less<>> texts;
};

std::vector<NumberColumn> NeededColumns(const BillsTable& mapping) {
  std::vector<NumberColumn> columns;
  const auto need = [&columns](const std::string& name) -> NumberColumn& {
    for (NumberColumn& column : columns) {
      if (column.name == name) return column;
    }
    columns.emplace_back();
    columns.back().name = name;
    return columns.back();
  };
  for (const std::string& name : mapping.order) need(name);
  for (std::size_t i = 0; i < mapping.series.size(); ++i) {
    for (const std::string& operand : mapping.series[i].operands) {
      const bool defined_above =
          std::any_of(mapping.series.begin(), mapping.series.begin() + static_cast<std::ptrdiff_t>(i),
                      [&operand](const BillSeries& series) { return series.name == operand; });
      if (defined_above) continue;
      NumberColumn& column = need(operand);
      column.texts.insert(mapping.series[i].texts.begin(), mapping.series[i].texts.end());
    }
  }
  return columns;
}

Result<double> ReadNumber(const CsvReader& csv, const NumberColumn& column) {
  const std::string_view field = Trim(csv.fields()[column.field]);
  if (const auto number = ParseDouble(field); number && std::isfinite(*number)) return *number;
  if (const auto text = column.texts.find(field); text != column.texts.end()) return text->second;
  if (IsMissing(field)) return std::numeric_limits<double>::quiet_NaN();
  return InvalidInput("column '" + column.name + "': found " + Quote(field) +
                          ", expected a number (or a text that the mapping's 'texts' turns into one)",
                      csv.Place(column.field));
}

/// The pass over the records, with what it needs from record to record.
class Pass {
 public:
  Pass(const BillsTable& mapping, CsvReader& csv, ConsumerIndex& index) : mapping_(mapping), csv_(csv), index_(index) {}

  Status Locate(const CsvHeader& header) {
    METERHOUND_ASSIGN_OR_RETURN(consumer_, header.Find(mapping_.consumer));
    METERHOUND_ASSIGN_OR_RETURN(date_, header.Find(mapping_.date));
    if (!mapping_.kind.empty()) {
      METERHOUND_ASSIGN_OR_RETURN(kind_, header.Find(mapping_.kind));
    }
    columns_ = NeededColumns(mapping_);
    for (NumberColumn& column : columns_) {
      METERHOUND_ASSIGN_OR_RETURN(column.field, header.Find(column.name));
      bills_.names.push_back(column.name);
    }
    bills_.numbers.resize(columns_.size());
    return {};
  }

  Status Add(bool add_unknown, const std::string& table) {
    METERHOUND_RETURN_IF_ERROR(AddConsumer(add_unknown, table));
    METERHOUND_RETURN_IF_ERROR(dates_.Add(csv_, date_, false));
    METERHOUND_ASSIGN_OR_RETURN(const std::uint8_t prefix, FindPrefix());
    bills_.prefixes.push_back(prefix);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      METERHOUND_ASSIGN_OR_RETURN(const double number, ReadNumber(csv_, columns_[i]));
      bills_.numbers[i].push_back(number);
    }
    return {};
  }

  void Reserve(std::size_t bills) {
    bills_.rows.reserve(bills);
    bills_.prefixes.reserve(bills);
    dates_.Reserve(bills);
    for (auto& column : bills_.numbers) column.reserve(bills);
  }

  std::size_t size() const { return bills_.size(); }
  /// The columns, once all records are added.
  Result<BillsColumns> Take(DateOrder order) {
    METERHOUND_ASSIGN_OR_RETURN(bills_.times, dates_.Settle(order, mapping_.exchange_day_and_month));
    return std::move(bills_);
  }

 private:
  Status AddConsumer(bool add_unknown, const std::string& table) {
    const std::string_view id = Trim(csv_.fields()[consumer_]);
    // Exports keep a consumer's bills together: most look-ups are the one before.
    if (bills_.rows.empty() || id != index_.ids()[bills_.rows.back()]) {
      if (id.empty()) {
        return InvalidInput("column '" + mapping_.consumer + "': found nothing, expected a consumer's id",
                            csv_.Place(consumer_));
      }
      std::uint32_t row = index_.Find(id);
      if (row == ConsumerIndex::kNone) {
        if (!add_unknown) {
          return InvalidInput("consumer " + Quote(id) + " is not in " + table +
                                  "; expected one that is, or 'unknown_clients: keep' in the mapping",
                              csv_.Place(consumer_));
        }
        row = index_.Add(id);
      }
      bills_.rows.push_back(row);
    } else {
      bills_.rows.push_back(bills_.rows.back());
    }
    return {};
  }

  Result<std::uint8_t> FindPrefix() const {
    if (mapping_.kind.empty()) return std::uint8_t{0};
    const std::string_view kind = Trim(csv_.fields()[kind_]);
    for (std::size_t i = 0; i < mapping_.prefixes.size(); ++i) {
      if (mapping_.prefixes[i].first == kind) return static_cast<std::uint8_t>(i);
    }
    std::string expected;
    for (const auto& [value, prefix] : mapping_.prefixes) expected += (expected.empty() ? "" : " or ") + value;
    return InvalidInput("column '" + mapping_.kind + "': found " + Quote(kind) + ", expected " + expected,
                        csv_.Place(kind_));
  }

  const BillsTable& mapping_;
  CsvReader& csv_;
  ConsumerIndex& index_;
  std::size_t consumer_ = 0;
  std::size_t date_ = 0;
  std::size_t kind_ = 0;
  std::vector<NumberColumn> columns_;
  DateColumn dates_;
  BillsColumns bills_;
};

}  // namespace

std::uint32_t ConsumerIndex::Find(std::string_view id) const {
  const auto found = rows_.find(id);
  return found == rows_.end() ? kNone : found->second;
}

std::uint32_t ConsumerIndex::Add(std::string_view id) {
  const auto row = static_cast<std::uint32_t>(ids_.size());
  ids_.emplace_back(id);
  rows_.emplace(id, row);
  return row;
}

Result<CsvHeader> CsvHeader::Read(CsvReader& csv, const std::string& file) {
  METERHOUND_ASSIGN_OR_RETURN(const bool any, csv.Next());
  if (!any) return InvalidInput("found nothing, expected a header line", file);
  CsvHeader header;
  header.file_ = csv.Place();
  for (const std::string_view field : csv.fields()) header.names_.emplace_back(Trim(field));
  return header;
}

bool CsvHeader::Has(std::string_view column) const {
  return std::find(names_.begin(), names_.end(), column) != names_.end();
}

Result<std::size_t> CsvHeader::Find(std::string_view column) const {
  const auto found = std::find(names_.begin(), names_.end(), column);
  if (found == names_.end()) {
    return InvalidInput("there is no column '" + std::string(column) + "'" + Suggestion(column, names_), file_);
  }
  if (std::find(found + 1, names_.end(), column) != names_.end()) {
    return InvalidInput("column '" + std::string(column) + "' stands twice in the header", file_);
  }
  return static_cast<std::size_t>(found - names_.begin());
}

Status CsvHeader::CheckWidth(const CsvReader& csv) const {
  if (csv.fields().size() == names_.size()) return {};
  return InvalidInput("found " + std::to_string(csv.fields().size()) + " fields, expected " +
                          std::to_string(names_.size()) + " as in the header",
                      csv.Place());
}

Result<std::filesystem::path> FindFirst(const std::vector<std::string>& files, const std::filesystem::path& data) {
  std::string tried;
  for (const std::string& file : files) {
    auto found = FindPossiblyCompressed(data / file);
    if (found.ok() || found.error().code != ErrorCode::kNotFound) return found;
    tried += (tried.empty() ? "" : ", ") + file;
  }
  return NotFound("found none of " + tried + " (nor with .gz or .zst)", data.string());
}

Status DateColumn::Add(const CsvReader& csv, std::size_t field, bool may_be_missing) {
  const std::string_view text = Trim(csv.fields()[field]);
  if (may_be_missing && IsMissing(text)) {
    codes_.push_back(kMissing);
    return {};
  }
  const auto found = known_.find(text);
  if (found != known_.end()) {
    codes_.push_back(found->second);
    return {};
  }
  if (!LooksLikeDate(text)) {
    return InvalidInput("found " + Quote(text) + ", expected a date such as 2014-01-31", csv.Place(field));
  }
  const auto code = static_cast<std::uint32_t>(texts_.size());
  known_.emplace(text, code);
  texts_.emplace_back(text);
  places_.push_back(csv.Place(field));
  codes_.push_back(code);
  return {};
}

Result<std::vector<double>> DateColumn::Settle(DateOrder order, bool exchange_day_and_month) const {
  const std::vector<std::string_view> texts(texts_.begin(), texts_.end());
  METERHOUND_ASSIGN_OR_RETURN(const DateFormat format,
                              DateFormat::Decide(texts, order, [this](std::size_t i) { return places_[i]; }));
  std::vector<double> distinct;
  distinct.reserve(texts.size());
  for (const std::string_view text : texts) {
    const double time = format.Parse(text).value_or(std::numeric_limits<double>::quiet_NaN());
    distinct.push_back(exchange_day_and_month ? ExchangeDayAndMonth(time) : time);
  }
  std::vector<double> times;
  times.reserve(codes_.size());
  for (const std::uint32_t code : codes_) {
    times.push_back(code == kMissing ? std::numeric_limits<double>::quiet_NaN() : distinct[code]);
  }
  return times;
}

Result<BillsColumns> ReadBillsColumns(const BillsTable& mapping, const std::filesystem::path& data, DateOrder dates,
                                      bool add_unknown, const std::string& table, ConsumerIndex& index,
                                      const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const std::filesystem::path path, FindFirst(mapping.files, data));
  METERHOUND_ASSIGN_OR_RETURN(const Input input, Input::Open(path));
  CsvReader csv(input.text(), input.name());
  METERHOUND_ASSIGN_OR_RETURN(const CsvHeader header, CsvHeader::Read(csv, input.name()));
  Pass pass(mapping, csv, index);
  METERHOUND_RETURN_IF_ERROR(pass.Locate(header));
  pass.Reserve(static_cast<std::size_t>(std::count(input.text().begin(), input.text().end(), '\n')));
  context.progress.Begin("read bills", 0, "bills");
  while (true) {
    METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
    if (!more) break;
    METERHOUND_RETURN_IF_ERROR(header.CheckWidth(csv));
    METERHOUND_RETURN_IF_ERROR(pass.Add(add_unknown, table));
    if (pass.size() % kBillsBetweenLooks == 0) {
      METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
      context.progress.Advance(kBillsBetweenLooks);
    }
  }
  context.progress.End();
  if (pass.size() == 0) return InvalidInput("found a header only, expected bills", input.name());
  return pass.Take(dates);
}

}  // namespace meterhound::readings
