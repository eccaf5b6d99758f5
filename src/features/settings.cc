// Presets from the table of calculators; dictionaries from JSON.
#include "features/settings.h"

#include <algorithm>
#include <array>

#include "base/nearest_name.h"
#include "base/numbers.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::pair<std::string_view, unsigned>, 7> kPresets = {{{"minimal", kMinimal},
                                                                            {"efficient", kEfficient},
                                                                            {"comprehensive", kComprehensive},
                                                                            {"index_based", kIndexBased},
                                                                            {"time_based", kTimeBased},
                                                                            {"theft", kTheft},
                                                                            {"bills", kBills}}};

KindSettings FromMask(unsigned mask) {
  KindSettings settings;
  for (const Calculator* calculator : AllCalculators()) {
    if ((calculator->presets & mask) != 0) settings.push_back({calculator, DefaultGridOf(*calculator)});
  }
  std::stable_sort(settings.begin(), settings.end(), [](const CalculatorGrid& a, const CalculatorGrid& b) {
    return a.calculator->position < b.calculator->position;
  });
  return settings;
}

Result<KindSettings> ParsePreset(std::string_view name) {
  unsigned mask = 0;
  std::string_view rest = name;
  while (true) {
    const std::string_view part = rest.substr(0, rest.find('+'));
    const auto preset = std::find_if(kPresets.begin(), kPresets.end(), [&](const auto& p) { return p.first == part; });
    if (preset == kPresets.end()) {
      const auto names = PresetNames();
      return InvalidInput("found settings '" + std::string(part) +
                              "', expected minimal, efficient, comprehensive, index_based, time_based, theft or bills, "
                              "or several joined by '+'" +
                              Suggestion(part, names),
                          "feature settings");
    }
    mask |= preset->second;
    if (part.size() == rest.size()) return FromMask(mask);
    rest.remove_prefix(part.size() + 1);
  }
}

Result<ParameterValue> ParseValue(const Json& json, const std::string& where) {
  if (json.is_null()) return ParameterValue();
  if (json.is_boolean()) return ParameterValue(json.get<bool>());
  if (json.is_number_integer()) return ParameterValue(json.get<std::int64_t>());
  if (json.is_number()) return ParameterValue(json.get<double>());
  if (json.is_string()) return ParameterValue(json.get<std::string>());
  const auto all = [&json](auto is) { return json.is_array() && std::all_of(json.begin(), json.end(), is); };
  if (all([](const Json& item) { return item.is_number_integer(); })) {
    return ParameterValue(json.get<std::vector<std::int64_t>>());
  }
  if (all([](const Json& item) { return item.is_number(); })) return ParameterValue(json.get<std::vector<double>>());
  return InvalidInput("found " + json.dump() + ", expected a number, a text, true, false, null or a list of numbers",
                      where);
}

Result<std::vector<Parameters>> ParseGrid(const Json& json, const std::string& where) {
  if (!json.is_array()) {
    return InvalidInput("found " + json.dump() + ", expected null or a list of parameter dictionaries", where);
  }
  std::vector<Parameters> grid;
  for (const Json& entry : json) {
    if (!entry.is_object()) return InvalidInput("found " + entry.dump() + ", expected a parameter dictionary", where);
    Parameters parameters;
    for (const auto& [name, value] : entry.items()) {
      METERHOUND_ASSIGN_OR_RETURN(ParameterValue parsed, ParseValue(value, where + "." + name));
      parameters.emplace_back(name, std::move(parsed));
    }
    std::sort(parameters.begin(), parameters.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    grid.push_back(std::move(parameters));
  }
  return grid;
}

Status CheckParameters(const Calculator& calculator, std::span<const Parameters> grid, const std::string& where) {
  const std::vector<std::string> known = ParameterNames(calculator);
  for (const Parameters& parameters : grid) {
    for (const auto& [name, value] : parameters) {
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        return InvalidInput("unknown parameter '" + name + "'" + Suggestion(name, known), where);
      }
    }
  }
  return {};
}

Result<KindSettings> ParseKind(const Json& json, const std::string& where) {
  if (json.is_string()) return ParsePreset(json.get<std::string>());
  if (!json.is_object()) return InvalidInput("found " + json.dump() + ", expected a preset or a dictionary", where);
  KindSettings settings;
  for (const auto& [name, value] : json.items()) {
    const Calculator* calculator = FindCalculator(name);
    if (calculator == nullptr) {
      std::vector<std::string> known;
      for (const Calculator* each : AllCalculators()) known.emplace_back(each->name);
      return InvalidInput("unknown calculator '" + name + "'" + Suggestion(name, known), where);
    }
    if (value.is_null()) {
      settings.push_back({calculator, DefaultGridOf(*calculator)});
    } else {
      METERHOUND_ASSIGN_OR_RETURN(auto grid, ParseGrid(value, where + "." + name));
      METERHOUND_RETURN_IF_ERROR(CheckParameters(*calculator, grid, where + "." + name));
      settings.push_back({calculator, std::move(grid)});
    }
  }
  return settings;
}

// "2, 5, 10" or "0.5, 1.0", the inside of a Python tuple; one item that is no whole number makes a list of such.
Result<ParameterValue> ParseItems(std::string_view text) {
  std::vector<std::int64_t> whole;
  std::vector<double> items;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = text.substr(text.front() == ' ' ? 1 : 0, comma - (text.front() == ' ' ? 1 : 0));
    const auto number = ParseDouble(item);
    if (!number) return InvalidInput("");
    if (item.find_first_not_of("-0123456789") == std::string_view::npos)
      whole.push_back(static_cast<std::int64_t>(*number));
    items.push_back(*number);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return whole.size() == items.size() ? ParameterValue(whole) : ParameterValue(items);
}

// A Python literal as it stands in a column's name.
Result<ParameterValue> ParseLiteral(std::string_view text) {
  if (text == "None") return ParameterValue();
  if (text == "True") return ParameterValue(true);
  if (text == "False") return ParameterValue(false);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return ParameterValue(std::string(text.substr(1, text.size() - 2)));
  }
  if (text.size() >= 2 && text.front() == '(' && text.back() == ')') {
    return ParseItems(text.substr(1, text.size() - 2));
  }
  const auto number = ParseDouble(text);
  if (!number) return InvalidInput("");
  if (text.find_first_not_of("-0123456789") != std::string_view::npos) return ParameterValue(*number);
  return ParameterValue(static_cast<std::int64_t>(*number));
}

// "attr_\"slope\"" and the like: the value is what follows the last underscore outside quotes.
Result<Parameters> ParseSuffix(std::string_view suffix) {
  Parameters parameters;
  while (!suffix.empty()) {
    suffix.remove_prefix(2);
    std::size_t end = 0;
    for (bool quoted = false; end < suffix.size() && (quoted || !suffix.substr(end).starts_with("__")); ++end) {
      if (suffix[end] == '"') quoted = !quoted;
    }
    const std::string_view part = suffix.substr(0, end);
    const std::size_t quote = part.find('"');
    const std::size_t underscore = part.rfind('_', quote);
    if (underscore == std::string_view::npos) return InvalidInput("");
    METERHOUND_ASSIGN_OR_RETURN(ParameterValue value, ParseLiteral(part.substr(underscore + 1)));
    parameters.emplace_back(std::string(part.substr(0, underscore)), std::move(value));
    suffix.remove_prefix(end);
  }
  std::sort(parameters.begin(), parameters.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return parameters;
}

struct ParsedColumn {
  std::string kind;
  const Calculator* calculator;
  Parameters parameters;
};

// Tries every "__" as the end of the kind; what follows must name a calculator and give the same name again.
Result<ParsedColumn> ParseColumn(const std::string& column) {
  for (std::size_t at = column.find("__"); at != std::string::npos; at = column.find("__", at + 1)) {
    const std::string_view rest = std::string_view(column).substr(at + 2);
    const std::size_t end = std::min(rest.find("__"), rest.size());
    const Calculator* calculator = FindCalculator(rest.substr(0, end));
    if (calculator == nullptr) continue;
    auto parameters = ParseSuffix(rest.substr(end));
    if (!parameters.ok() || ColumnSuffix(*calculator, *parameters) != rest.substr(end)) continue;
    if (!CheckParameters(*calculator, {&*parameters, 1}, column).ok()) continue;
    return ParsedColumn{column.substr(0, at), calculator, *std::move(parameters)};
  }
  return InvalidInput("found '" + column + "', expected a feature's name: kind__calculator__parameter_value",
                      "columns");
}

struct ToJsonValue {
  Json operator()(std::monostate) const { return nullptr; }
  template <typename T>
  Json operator()(const T& value) const {
    return value;
  }
};

Json WriteKind(const KindSettings& settings) {
  Json json = Json::object();
  for (const CalculatorGrid& entry : settings) {
    Json grid = Json::array();
    for (const Parameters& parameters : entry.grid) {
      Json dictionary = Json::object();
      for (const auto& [name, value] : parameters) dictionary[name] = std::visit(ToJsonValue(), value);
      grid.push_back(std::move(dictionary));
    }
    json[std::string(entry.calculator->name)] = std::move(grid);
  }
  return json;
}

}  // namespace

std::vector<std::string> PresetNames(unsigned presets) {
  std::vector<std::string> names;
  for (const auto& [name, mask] : kPresets) {
    if ((mask & presets) != 0) names.emplace_back(name);
  }
  return names;
}

Result<FeatureSettings> FeatureSettings::FromPreset(std::string_view name) {
  FeatureSettings settings;
  METERHOUND_ASSIGN_OR_RETURN(settings.default_, ParsePreset(name));
  return settings;
}

Result<FeatureSettings> FeatureSettings::FromJson(const Json& json) {
  FeatureSettings settings;
  if (!json.is_object() || (!json.contains("default") && !json.contains("kinds"))) {
    METERHOUND_ASSIGN_OR_RETURN(settings.default_, ParseKind(json, "feature settings"));
    return settings;
  }
  if (json.contains("default") && !json["default"].is_null()) {
    METERHOUND_ASSIGN_OR_RETURN(settings.default_, ParseKind(json["default"], "feature settings.default"));
  }
  if (json.contains("kinds")) {
    for (const auto& [kind, value] : json["kinds"].items()) {
      METERHOUND_ASSIGN_OR_RETURN(settings.kinds_[kind], ParseKind(value, "feature settings." + kind));
    }
  }
  return settings;
}

Result<FeatureSettings> FeatureSettings::FromColumns(std::span<const std::string> columns) {
  FeatureSettings settings;
  for (const std::string& column : columns) {
    METERHOUND_ASSIGN_OR_RETURN(ParsedColumn parsed, ParseColumn(column));
    KindSettings& kind = settings.kinds_[parsed.kind];
    auto entry = std::find_if(kind.begin(), kind.end(),
                              [&](const CalculatorGrid& each) { return each.calculator == parsed.calculator; });
    if (entry == kind.end()) entry = kind.insert(entry, {parsed.calculator, {}});
    if (std::find(entry->grid.begin(), entry->grid.end(), parsed.parameters) == entry->grid.end()) {
      entry->grid.push_back(std::move(parsed.parameters));
    }
  }
  return settings;
}

Json FeatureSettings::ToJson() const {
  Json json = {{"default", WriteKind(default_)}, {"kinds", Json::object()}};
  for (const auto& [kind, settings] : kinds_) json["kinds"][kind] = WriteKind(settings);
  return json;
}

std::vector<std::string> FeatureSettings::Kinds() const {
  std::vector<std::string> names;
  for (const auto& [kind, settings] : kinds_) names.push_back(kind);
  return names;
}

const KindSettings& FeatureSettings::ForKind(const std::string& kind) const {
  const auto found = kinds_.find(kind);
  return found != kinds_.end() ? found->second : default_;
}

}  // namespace meterhound::features
