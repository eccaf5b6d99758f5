// One pass over the consumers' table.
#include "readings/bills_consumers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/numbers.h"
#include "readings/csv.h"
#include "readings/input.h"

namespace meterhound::readings {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool Says(std::string_view field, const std::string& wanted) {
  if (field == wanted) return true;
  const auto number = ParseDouble(field);
  return number && number == ParseDouble(wanted);
}

Result<std::int8_t> ReadLabel(const CsvReader& csv, std::size_t field, const ConsumersTable& mapping) {
  const std::string_view text = Trim(csv.fields()[field]);
  if (IsMissing(text)) return kUnlabelled;
  if (Says(text, mapping.theft)) return std::int8_t{1};
  if (Says(text, mapping.honest)) return std::int8_t{0};
  return InvalidInput("label '" + mapping.label + "': found " + Quote(text) + ", expected " + mapping.theft +
                          " (theft), " + mapping.honest + " (honest) or nothing",
                      csv.Place(field));
}

Result<double> ReadNumeric(const CsvReader& csv, std::size_t field, const MappedAttribute& attribute) {
  const std::string_view text = Trim(csv.fields()[field]);
  if (IsMissing(text)) return kNaN;
  const auto number = ParseDouble(text);
  if (number && std::isfinite(*number)) return *number;
  return InvalidInput("attribute '" + attribute.name + "': found " + Quote(text) + ", expected a number",
                      csv.Place(field));
}

/// Categories in the order of their first appearance, until all are known.
class CategoryCodes {
 public:
  double Code(std::string_view text) {
    if (IsMissing(text)) return kNaN;
    const auto found = codes_.find(text);
    if (found != codes_.end()) return found->second;
    const auto code = static_cast<double>(codes_.size());
    codes_.emplace(text, code);
    return code;
  }

  /// Sorts the categories and renumbers the attribute's values.
  void Settle(Attribute& attribute) const {
    std::vector<double> sorted(codes_.size());
    for (const auto& [text, code] : codes_) {
      sorted[static_cast<std::size_t>(code)] = static_cast<double>(attribute.categories.size());
      attribute.categories.push_back(text);
    }
    for (double& value : attribute.values) {
      if (!std::isnan(value)) value = sorted[static_cast<std::size_t>(value)];
    }
  }

 private:
  std::map<std::string, double, std::less<>> codes_;
};

Status ReadRecords(const ConsumersTable& mapping, DateOrder order, CsvReader& csv, const CsvHeader& header,
                   BillsConsumers& consumers) {
  METERHOUND_ASSIGN_OR_RETURN(const std::size_t id_field, header.Find(mapping.id));
  const bool labelled = !mapping.label.empty() && header.Has(mapping.label);
  const bool dated = labelled && !mapping.label_date.empty();
  std::size_t label_field = 0;
  std::size_t label_date_field = 0;
  DateColumn label_dates;
  if (labelled) {
    METERHOUND_ASSIGN_OR_RETURN(label_field, header.Find(mapping.label));
  }
  if (dated) {
    METERHOUND_ASSIGN_OR_RETURN(label_date_field, header.Find(mapping.label_date));
  }
  std::vector<std::size_t> fields;
  for (const MappedAttribute& attribute : mapping.attributes) {
    METERHOUND_ASSIGN_OR_RETURN(const std::size_t field, header.Find(attribute.column));
    fields.push_back(field);
  }
  std::vector<CategoryCodes> codes(fields.size());
  std::vector<DateColumn> dates(fields.size());
  while (true) {
    METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
    if (!more) break;
    METERHOUND_RETURN_IF_ERROR(header.CheckWidth(csv));
    const std::string_view id = Trim(csv.fields()[id_field]);
    if (id.empty()) {
      return InvalidInput("column '" + mapping.id + "': found nothing, expected a consumer's id", csv.Place(id_field));
    }
    if (consumers.index.Find(id) != ConsumerIndex::kNone) {
      return InvalidInput("consumer " + Quote(id) + " stands twice in the table", csv.Place(id_field));
    }
    consumers.index.Add(id);
    std::int8_t label = kUnlabelled;
    if (labelled) {
      METERHOUND_ASSIGN_OR_RETURN(label, ReadLabel(csv, label_field, mapping));
    }
    consumers.labels.push_back(label);
    if (dated) METERHOUND_RETURN_IF_ERROR(label_dates.Add(csv, label_date_field, true));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      Attribute& attribute = consumers.attributes[i];
      if (attribute.type == Attribute::Type::kCategorical) {
        attribute.values.push_back(codes[i].Code(Trim(csv.fields()[fields[i]])));
      } else if (attribute.type == Attribute::Type::kDate) {
        METERHOUND_RETURN_IF_ERROR(dates[i].Add(csv, fields[i], true));
      } else {
        METERHOUND_ASSIGN_OR_RETURN(const double value, ReadNumeric(csv, fields[i], mapping.attributes[i]));
        attribute.values.push_back(value);
      }
    }
  }
  if (dated) {
    METERHOUND_ASSIGN_OR_RETURN(consumers.label_times, label_dates.Settle(order));
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    Attribute& attribute = consumers.attributes[i];
    if (attribute.type == Attribute::Type::kCategorical) codes[i].Settle(attribute);
    if (attribute.type == Attribute::Type::kDate) {
      METERHOUND_ASSIGN_OR_RETURN(attribute.values, dates[i].Settle(order));
    }
  }
  return {};
}

}  // namespace

Result<BillsConsumers> ReadBillsConsumers(const ConsumersTable& mapping, const std::filesystem::path& data,
                                          DateOrder dates) {
  BillsConsumers consumers;
  for (const MappedAttribute& mapped : mapping.attributes) {
    Attribute attribute;
    attribute.name = mapped.name;
    attribute.type = mapped.type;
    attribute.group = mapped.group;
    consumers.attributes.push_back(std::move(attribute));
  }
  if (mapping.files.empty()) return consumers;
  const auto path = FindFirst(mapping.files, data);
  if (!path.ok() && path.error().code == ErrorCode::kNotFound) return consumers;
  METERHOUND_RETURN_IF_ERROR(path.ok() ? Status() : Status(path.error()));
  METERHOUND_ASSIGN_OR_RETURN(const Input input, Input::Open(*path));
  consumers.present = true;
  consumers.name = input.name();
  CsvReader csv(input.text(), input.name());
  METERHOUND_ASSIGN_OR_RETURN(const CsvHeader header, CsvHeader::Read(csv, input.name()));
  METERHOUND_RETURN_IF_ERROR(ReadRecords(mapping, dates, csv, header, consumers));
  if (consumers.labels.empty()) return InvalidInput("found a header only, expected consumers", input.name());
  return consumers;
}

}  // namespace meterhound::readings
