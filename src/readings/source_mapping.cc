// The YAML of a mapping, checked key by key.
#include "readings/source_mapping.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/file.h"
#include "base/nearest_name.h"
#include "readings/dates.h"
#include "readings/source_mapping_yaml.h"

namespace meterhound::readings {
namespace {

/// Letters, digits and single underscores: "__" separates a kind from its calculator in feature names.
Status CheckName(const YamlPlace& place, const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (plain && name.find("__") == std::string::npos && name.front() != '_' && name.back() != '_') return {};
  return place.Wrong("the name '" + name + "' holds other characters than letters, digits and single underscores");
}

Result<FeatureGroup> ParseGroup(const YamlPlace& place, FeatureGroup otherwise) {
  if (!place.exists()) return otherwise;
  METERHOUND_ASSIGN_OR_RETURN(const std::string name, place.Text("group"));
  const auto group = ParseFeatureGroup(name);
  if (!group.ok() || *group == FeatureGroup::kNovelty) {
    return place.Wrong("found group '" + name + "', expected behaviour, coverage, attributes or inspection");
  }
  return *group;
}

Result<std::vector<std::string>> ParsePair(const YamlPlace& place, const std::string& what) {
  METERHOUND_ASSIGN_OR_RETURN(auto operands, place.Texts(what));
  if (operands.size() != 2) {
    return place.Wrong(what + ": found " + std::to_string(operands.size()) + " operands, expected 2");
  }
  return operands;
}

/// Reads the one key of an entry that says how the value comes about.
Status ParseForm(const YamlPlace& entry, BillSeries& series) {
  static constexpr std::string_view kForms[] = {"column", "sum", "difference", "ratio", "changed", "jump"};
  std::optional<std::string_view> form;
  for (const std::string_view name : kForms) {
    if (!entry.At(name).exists()) continue;
    if (form) {
      return entry.At(name).Wrong("series '" + series.name + "' has both '" + std::string(*form) + "' and '" +
                                  std::string(name) + "', expected one of them");
    }
    form = name;
  }
  if (!form) {
    return entry.Wrong("series '" + series.name + "' has none of column, sum, difference, ratio, changed and jump");
  }
  const YamlPlace place = entry.At(*form);
  const std::string what(*form);
  if (what == "column" || what == "changed") {
    METERHOUND_ASSIGN_OR_RETURN(std::string operand, place.Text(what));
    series.operands = {std::move(operand)};
    series.form = what == "column" ? BillForm::kSum : BillForm::kChanged;
  } else if (what == "sum") {
    METERHOUND_ASSIGN_OR_RETURN(series.operands, place.Texts(what));
  } else if (what == "jump") {
    METERHOUND_RETURN_IF_ERROR(place.CheckKeys("jump", {"from", "to"}));
    METERHOUND_ASSIGN_OR_RETURN(std::string from, place.At("from").Text("jump: from"));
    METERHOUND_ASSIGN_OR_RETURN(std::string to, place.At("to").Text("jump: to"));
    series.operands = {std::move(from), std::move(to)};
    series.form = BillForm::kJump;
  } else {
    METERHOUND_ASSIGN_OR_RETURN(series.operands, ParsePair(place, what));
    series.form = what == "ratio" ? BillForm::kRatio : BillForm::kDifference;
  }
  return {};
}

Result<BillSeries> ParseSeries(const YamlPlace& entry) {
  METERHOUND_RETURN_IF_ERROR(entry.CheckKeys("series", {"name", "unit", "group", "column", "sum", "difference", "ratio",
                                                        "changed", "jump", "valid", "texts"}));
  BillSeries series;
  series.where = entry.Where();
  METERHOUND_ASSIGN_OR_RETURN(series.name, entry.At("name").exists()
                                               ? entry.At("name").Text("name")
                                               : Result<std::string>(entry.Wrong("a series without 'name'")));
  METERHOUND_RETURN_IF_ERROR(CheckName(entry.At("name"), series.name));
  if (entry.At("unit").exists()) {
    METERHOUND_ASSIGN_OR_RETURN(series.unit, entry.At("unit").Text("unit"));
  }
  METERHOUND_ASSIGN_OR_RETURN(series.group, ParseGroup(entry.At("group"), FeatureGroup::kBehaviour));
  METERHOUND_RETURN_IF_ERROR(ParseForm(entry, series));
  if (const YamlPlace valid = entry.At("valid"); valid.exists()) {
    METERHOUND_RETURN_IF_ERROR(valid.CheckKeys("valid", {"min", "max"}));
    if (valid.At("min").exists()) {
      METERHOUND_ASSIGN_OR_RETURN(series.valid_min, valid.At("min").Number("valid: min"));
    }
    if (valid.At("max").exists()) {
      METERHOUND_ASSIGN_OR_RETURN(series.valid_max, valid.At("max").Number("valid: max"));
    }
    if (series.valid_min > series.valid_max) return valid.Wrong("valid: min is above max");
  }
  if (const YamlPlace texts = entry.At("texts"); texts.exists()) {
    METERHOUND_ASSIGN_OR_RETURN(const auto entries, texts.Entries("texts"));
    for (const auto& [text, number] : entries) {
      METERHOUND_ASSIGN_OR_RETURN(series.texts[text.node().Scalar()], number.Number("texts"));
    }
  }
  return series;
}

Status ParseKind(const YamlPlace& place, BillsTable& bills) {
  if (!place.exists()) {
    bills.prefixes = {{"", ""}};
    return {};
  }
  METERHOUND_RETURN_IF_ERROR(place.CheckKeys("kind", {"column", "prefixes"}));
  METERHOUND_ASSIGN_OR_RETURN(bills.kind, place.At("column").Text("kind: column"));
  METERHOUND_ASSIGN_OR_RETURN(const auto entries, place.At("prefixes").Entries("kind: prefixes"));
  if (entries.size() > 100) return place.Wrong("kind: found more than 100 prefixes");
  std::set<std::string> seen;
  for (const auto& [value, prefix] : entries) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string name, prefix.Text("kind: prefix"));
    METERHOUND_RETURN_IF_ERROR(CheckName(prefix, name));
    if (!seen.insert(name).second) return prefix.Wrong("prefix '" + name + "' stands twice");
    bills.prefixes.emplace_back(value.node().Scalar(), name);
  }
  return {};
}

Status ParseBills(const YamlPlace& place, BillsTable& bills) {
  METERHOUND_RETURN_IF_ERROR(
      place.CheckKeys("bills", {"file", "consumer", "date", "date_repair", "kind", "order", "series"}));
  METERHOUND_ASSIGN_OR_RETURN(bills.files, place.At("file").Texts("bills: file"));
  METERHOUND_ASSIGN_OR_RETURN(bills.consumer, place.At("consumer").Text("bills: consumer"));
  METERHOUND_ASSIGN_OR_RETURN(bills.date, place.At("date").Text("bills: date"));
  if (const YamlPlace repair = place.At("date_repair"); repair.exists()) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string name, repair.Text("bills: date_repair"));
    if (name != "exchange_day_and_month") {
      return repair.Wrong("found date_repair '" + name + "', expected exchange_day_and_month");
    }
    bills.exchange_day_and_month = true;
  }
  METERHOUND_RETURN_IF_ERROR(ParseKind(place.At("kind"), bills));
  if (place.At("order").exists()) {
    METERHOUND_ASSIGN_OR_RETURN(bills.order, place.At("order").Texts("bills: order"));
  }
  METERHOUND_ASSIGN_OR_RETURN(const auto items, place.At("series").Items("bills: series"));
  std::set<std::string> names;
  for (const YamlPlace& item : items) {
    METERHOUND_ASSIGN_OR_RETURN(BillSeries series, ParseSeries(item));
    if (!names.insert(series.name).second) return item.Wrong("series '" + series.name + "' is defined twice");
    bills.series.push_back(std::move(series));
  }
  return {};
}

Result<MappedAttribute> ParseAttribute(const YamlPlace& item) {
  METERHOUND_RETURN_IF_ERROR(item.CheckKeys("attribute", {"name", "column", "type", "group"}));
  MappedAttribute attribute;
  attribute.where = item.Where();
  METERHOUND_ASSIGN_OR_RETURN(attribute.column, item.At("column").Text("attribute: column"));
  attribute.name = attribute.column;
  if (item.At("name").exists()) {
    METERHOUND_ASSIGN_OR_RETURN(attribute.name, item.At("name").Text("attribute: name"));
  }
  METERHOUND_RETURN_IF_ERROR(CheckName(item, attribute.name));
  METERHOUND_ASSIGN_OR_RETURN(const std::string type, item.At("type").Text("attribute: type"));
  if (type == "categorical") {
    attribute.type = Attribute::Type::kCategorical;
  } else if (type == "numeric") {
    attribute.type = Attribute::Type::kNumeric;
  } else if (type == "date") {
    attribute.type = Attribute::Type::kDate;
  } else {
    return item.At("type").Wrong("found type '" + type + "', expected categorical, numeric or date");
  }
  METERHOUND_ASSIGN_OR_RETURN(attribute.group, ParseGroup(item.At("group"), FeatureGroup::kAttribute));
  return attribute;
}

Status ParseLabel(const YamlPlace& place, ConsumersTable& consumers) {
  if (place.IsScalar()) {
    METERHOUND_ASSIGN_OR_RETURN(consumers.label, place.Text("label"));
    return {};
  }
  METERHOUND_RETURN_IF_ERROR(place.CheckKeys("label", {"column", "theft", "honest", "date"}));
  METERHOUND_ASSIGN_OR_RETURN(consumers.label, place.At("column").Text("label: column"));
  if (place.At("theft").exists()) {
    METERHOUND_ASSIGN_OR_RETURN(consumers.theft, place.At("theft").Text("label: theft"));
  }
  if (place.At("honest").exists()) {
    METERHOUND_ASSIGN_OR_RETURN(consumers.honest, place.At("honest").Text("label: honest"));
  }
  if (place.At("date").exists()) {
    METERHOUND_ASSIGN_OR_RETURN(consumers.label_date, place.At("date").Text("label: date"));
  }
  if (consumers.theft == consumers.honest) return place.Wrong("label: theft and honest are the same text");
  return {};
}

Status ParseConsumers(const YamlPlace& place, ConsumersTable& consumers) {
  METERHOUND_RETURN_IF_ERROR(place.CheckKeys("consumers", {"file", "id", "label", "attributes", "unknown_clients"}));
  METERHOUND_ASSIGN_OR_RETURN(consumers.files, place.At("file").Texts("consumers: file"));
  METERHOUND_ASSIGN_OR_RETURN(consumers.id, place.At("id").Text("consumers: id"));
  if (place.At("label").exists()) METERHOUND_RETURN_IF_ERROR(ParseLabel(place.At("label"), consumers));
  if (place.At("attributes").exists()) {
    METERHOUND_ASSIGN_OR_RETURN(const auto items, place.At("attributes").Items("consumers: attributes"));
    std::set<std::string> names;
    for (const YamlPlace& item : items) {
      METERHOUND_ASSIGN_OR_RETURN(MappedAttribute attribute, ParseAttribute(item));
      if (!names.insert(attribute.name).second) {
        return item.Wrong("attribute '" + attribute.name + "' is defined twice");
      }
      consumers.attributes.push_back(std::move(attribute));
    }
  }
  if (const YamlPlace unknown = place.At("unknown_clients"); unknown.exists()) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string choice, unknown.Text("unknown_clients"));
    if (choice != "keep" && choice != "error") {
      return unknown.Wrong("unknown_clients: found '" + choice + "', expected error or keep");
    }
    consumers.keep_unknown = choice == "keep";
  }
  return {};
}

/// `*` stands for any run of characters.
bool Matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p, ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

/// A preset's name, a list of calculators, or tsfresh's dictionary: the last two become {calculator: null | [{...}]}.
Result<Json> ParseFeatureSettings(const YamlPlace& place) {
  if (!place.exists()) return place.Wrong("found nothing, expected a preset's name, a list of calculators or a map");
  if (place.IsScalar()) return Json(place.node().Scalar());
  Json settings = Json::object();
  if (place.IsList()) {
    for (const auto& item : place.node()) {
      if (!item.IsScalar()) return place.Wrong("expected a list of calculators' names");
      settings[item.Scalar()] = nullptr;
    }
    return settings;
  }
  if (!place.IsMap()) return place.Wrong("expected a preset's name, a list of calculators or a map");
  if (place.node().size() == 0) return settings;
  METERHOUND_ASSIGN_OR_RETURN(const auto entries, place.Entries("features"));
  for (const auto& [name, grid] : entries) {
    if (!grid.exists()) {
      settings[name.node().Scalar()] = nullptr;
      continue;
    }
    METERHOUND_ASSIGN_OR_RETURN(const auto items, grid.Items("the parameters of " + name.node().Scalar()));
    for (const YamlPlace& item : items) {
      if (!item.IsMap()) return item.Wrong("expected a map of parameters");
    }
    settings[name.node().Scalar()] = grid.ToJson();
  }
  return settings;
}

Status ParseFeatures(const YamlPlace& place, SourceMapping& mapping) {
  mapping.features = Json{{"default", "bills"}, {"kinds", Json::object()}};
  if (!place.exists()) return {};
  METERHOUND_RETURN_IF_ERROR(place.CheckKeys("features", {"default", "kinds"}));
  if (place.At("default").exists()) {
    METERHOUND_ASSIGN_OR_RETURN(mapping.features["default"], ParseFeatureSettings(place.At("default")));
  }
  if (!place.At("kinds").exists()) return {};
  METERHOUND_ASSIGN_OR_RETURN(const auto entries, place.At("kinds").Entries("features: kinds"));
  const std::vector<std::string> kinds = mapping.KindNames();
  Json& settled = mapping.features["kinds"];
  for (const auto& [pattern, settings_place] : entries) {
    METERHOUND_ASSIGN_OR_RETURN(const Json settings, ParseFeatureSettings(settings_place));
    bool matched = false;
    for (const std::string& kind : kinds) {
      if (!Matches(pattern.node().Scalar(), kind)) continue;
      matched = true;
      if (!settled.contains(kind)) settled[kind] = settings;
    }
    if (!matched) {
      return pattern.Wrong("'" + pattern.node().Scalar() + "' matches no series" +
                           Suggestion(pattern.node().Scalar(), kinds));
    }
  }
  return {};
}

Status ParseNeighbours(const YamlPlace& place, SourceMapping& mapping) {
  if (!place.exists()) return {};
  METERHOUND_RETURN_IF_ERROR(place.CheckKeys("neighbours", {"name", "attribute", "since"}));
  NeighbourSpec spec;
  METERHOUND_ASSIGN_OR_RETURN(spec.name, place.At("name").Text("neighbours: name"));
  METERHOUND_RETURN_IF_ERROR(CheckName(place.At("name"), spec.name));
  METERHOUND_ASSIGN_OR_RETURN(spec.attribute, place.At("attribute").Text("neighbours: attribute"));
  const auto& attributes = mapping.consumers.attributes;
  const bool categorical = std::any_of(attributes.begin(), attributes.end(), [&spec](const MappedAttribute& attribute) {
    return attribute.name == spec.attribute && attribute.type == Attribute::Type::kCategorical;
  });
  if (!categorical)
    return place.At("attribute").Wrong("'" + spec.attribute + "' is no categorical attribute of consumers");
  if (const YamlPlace since = place.At("since"); since.exists()) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string text, since.Text("neighbours: since"));
    const std::string_view texts[] = {text};
    const auto where = [&since](std::size_t) { return since.Where(); };
    METERHOUND_ASSIGN_OR_RETURN(const DateFormat format, DateFormat::Decide(texts, DateOrder::kAuto, where));
    spec.first_day = static_cast<std::int64_t>(format.Parse(text).value_or(0) / kSecondsPerDay);
  }
  mapping.neighbours = spec;
  return {};
}

Result<SourceMapping> ParseDocument(const YamlPlace& root) {
  METERHOUND_RETURN_IF_ERROR(root.CheckKeys("the mapping", {"name", "bills", "consumers", "features", "neighbours"}));
  SourceMapping mapping;
  METERHOUND_ASSIGN_OR_RETURN(mapping.name, root.At("name").Text("name"));
  METERHOUND_RETURN_IF_ERROR(ParseBills(root.At("bills"), mapping.bills));
  if (root.At("consumers").exists()) {
    METERHOUND_RETURN_IF_ERROR(ParseConsumers(root.At("consumers"), mapping.consumers));
  }
  METERHOUND_RETURN_IF_ERROR(ParseFeatures(root.At("features"), mapping));
  METERHOUND_RETURN_IF_ERROR(ParseNeighbours(root.At("neighbours"), mapping));
  return mapping;
}

}  // namespace

std::vector<std::string> SourceMapping::KindNames() const {
  std::vector<std::string> names;
  for (const auto& [value, prefix] : bills.prefixes) {
    for (const BillSeries& series : bills.series) {
      names.push_back(prefix.empty() ? series.name : prefix + "_" + series.name);
    }
  }
  return names;
}

Result<SourceMapping> ParseSourceMapping(std::string_view text, std::string_view path) {
  const std::string file(path);
  try {
    const YAML::Node document = YAML::Load(std::string(text));
    METERHOUND_ASSIGN_OR_RETURN(SourceMapping mapping, ParseDocument(YamlPlace(document, file)));
    mapping.path = file;
    return mapping;
  } catch (const YAML::Exception& error) {
    const std::string where = error.mark.is_null() ? file
                                                   : file + ":" + std::to_string(error.mark.line + 1) + ":" +
                                                         std::to_string(error.mark.column + 1);
    return InvalidInput("is not valid YAML here: " + error.msg, where);
  }
}

Result<SourceMapping> LoadSourceMapping(const std::filesystem::path& path) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  return ParseSourceMapping(text, path.string());
}

}  // namespace meterhound::readings
