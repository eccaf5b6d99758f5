// `meterhound features`: the catalogue of calculators, as the program itself knows them.
#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "features/settings.h"
#include "pipeline/settings_file.h"

namespace meterhound::cli {
namespace {

using features::Calculator;
using features::CalculatorGrid;
using features::FeatureSettings;
using features::KindSettings;

// Every calculator with its default grid, in the order of the columns; some may be in no preset.
Result<FeatureSettings> Everything() {
  const auto all = features::AllCalculators();
  std::vector<const Calculator*> calculators(all.begin(), all.end());
  std::stable_sort(calculators.begin(), calculators.end(),
                   [](const Calculator* a, const Calculator* b) { return a->position < b->position; });
  Json dictionary = Json::object();
  for (const Calculator* calculator : calculators) dictionary[std::string(calculator->name)] = nullptr;
  return FeatureSettings::FromJson(dictionary);
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "-" : text;
}

// One row a calculator; all columns but the last are as wide as their widest cell.
std::string TextOf(const KindSettings& settings) {
  std::vector<std::vector<std::string>> rows = {
      {"calculator", "columns", "cost", "presets", "parameters", "what it measures"}};
  for (const CalculatorGrid& entry : settings) {
    const Calculator& calculator = *entry.calculator;
    rows.push_back({std::string(calculator.name), std::to_string(entry.grid.size()),
                    std::string(features::CostClassName(calculator.cost)),
                    Joined(features::PresetNames(calculator.presets)), Joined(features::ParameterNames(calculator)),
                    std::string(calculator.doc)});
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t column = 0; column + 1 < row.size(); ++column) {
      std::size_t width = 0;
      for (const auto& other : rows) width = std::max(width, other[column].size());
      text += row[column] + std::string(width + 2 - row[column].size(), ' ');
    }
    text += row.back() + "\n";
  }
  return text;
}

// `grids` is these settings' own part of FeatureSettings::ToJson.
Json JsonOf(const KindSettings& settings, const Json& grids) {
  Json list = Json::array();
  for (const CalculatorGrid& entry : settings) {
    const Calculator& calculator = *entry.calculator;
    Json suffixes = Json::array();
    for (const features::Parameters& parameters : entry.grid) {
      suffixes.push_back(features::ColumnSuffix(calculator, parameters));
    }
    list.push_back({{"name", calculator.name},
                    {"doc", calculator.doc},
                    {"presets", features::PresetNames(calculator.presets)},
                    {"cost", features::CostClassName(calculator.cost)},
                    {"group", FeatureGroupName(calculator.group)},
                    {"position", calculator.position},
                    {"parameters", features::ParameterNames(calculator)},
                    {"columns", entry.grid.size()},
                    {"grid", grids.at(std::string(calculator.name))},
                    {"suffixes", std::move(suffixes)}});
  }
  return list;
}

Status ShowFeatures(const std::string& name, Session& session) {
  METERHOUND_ASSIGN_OR_RETURN(const FeatureSettings settings,
                              name.empty() ? Everything() : pipeline::LoadFeatureSettings(name));
  const Json grids = settings.ToJson();
  const KindSettings& otherwise = settings.ForKind({});
  Json answer = JsonOf(otherwise, grids["default"]);
  if (!otherwise.empty()) session.Say(TextOf(otherwise));
  for (const std::string& kind : settings.Kinds()) {
    session.Say((otherwise.empty() ? "" : "\n") + std::string("kind ") + kind + "\n" + TextOf(settings.ForKind(kind)));
    for (Json& entry : JsonOf(settings.ForKind(kind), grids["kinds"][kind])) {
      entry["kind"] = kind;
      answer.push_back(std::move(entry));
    }
  }
  session.Answer(answer);
  return {};
}

}  // namespace

Action DeclareFeatures(CLI::App& app) {
  const auto settings = std::make_shared<std::string>();
  app.add_option("--settings", *settings,
                 "Only what these settings compute, with their grids: a preset, several joined by +, or a .json or "
                 ".yaml file; all calculators without it")
      ->type_name("NAME");
  return [settings](Session& session) { return ShowFeatures(*settings, session); };
}

}  // namespace meterhound::cli
