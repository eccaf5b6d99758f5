// Presets from the table of calculators; dictionaries from JSON.
#include "features/settings.h"

#include <algorithm>
#include <array>

#include "base/nearest_name.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::pair<std::string_view, unsigned>, 6> kPresets = {{{"minimal", kMinimal},
                                                                            {"efficient", kEfficient},
                                                                            {"comprehensive", kComprehensive},
                                                                            {"index_based", kIndexBased},
                                                                            {"theft", kTheft},
                                                                            {"bills", kBills}}};

CalculatorGrid DefaultGrid(const Calculator& calculator) {
  return {&calculator, calculator.default_grid != nullptr ? calculator.default_grid() : std::vector<Parameters>(1)};
}

KindSettings FromMask(unsigned mask) {
  KindSettings settings;
  for (const Calculator* calculator : AllCalculators()) {
    if ((calculator->presets & mask) != 0) settings.push_back(DefaultGrid(*calculator));
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
      return InvalidInput(
          "found settings '" + std::string(part) +
              "', expected minimal, efficient, comprehensive, index_based, theft or bills, or several joined by '+'" +
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
  if (json.is_array() &&
      std::all_of(json.begin(), json.end(), [](const Json& item) { return item.is_number_integer(); })) {
    return ParameterValue(json.get<std::vector<std::int64_t>>());
  }
  return InvalidInput(
      "found " + json.dump() + ", expected a number, a text, true, false, null or a list of whole numbers", where);
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
      settings.push_back(DefaultGrid(*calculator));
    } else {
      METERHOUND_ASSIGN_OR_RETURN(auto grid, ParseGrid(value, where + "." + name));
      settings.push_back({calculator, std::move(grid)});
    }
  }
  return settings;
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

std::vector<std::string> PresetNames() {
  std::vector<std::string> names;
  names.reserve(kPresets.size());
  for (const auto& [name, mask] : kPresets) names.emplace_back(name);
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

Json FeatureSettings::ToJson() const {
  Json json = {{"default", WriteKind(default_)}, {"kinds", Json::object()}};
  for (const auto& [kind, settings] : kinds_) json["kinds"][kind] = WriteKind(settings);
  return json;
}

const KindSettings& FeatureSettings::ForKind(const std::string& kind) const {
  const auto found = kinds_.find(kind);
  return found != kinds_.end() ? found->second : default_;
}

}  // namespace meterhound::features
