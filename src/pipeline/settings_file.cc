// YAML becomes JSON first, so that both forms mean the same.
#include "pipeline/settings_file.h"

#include <yaml-cpp/yaml.h>

#include <sstream>

#include "base/file.h"
#include "readings/csv.h"
#include "readings/source_mapping_yaml.h"

namespace meterhound::pipeline {
namespace {

Result<Json> ReadDocument(const std::filesystem::path& path) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  if (path.extension() == ".json") return ParseJson(text, path.string());
  try {
    return readings::YamlPlace(YAML::Load(text), path.string()).ToJson();
  } catch (const YAML::Exception& error) {
    return InvalidInput(error.msg, path.string() + ":" + std::to_string(error.mark.line + 1) + ":" +
                                       std::to_string(error.mark.column + 1));
  }
}

Result<std::vector<std::string>> NamesOfHeader(const std::string& text, const std::string& name) {
  readings::CsvReader csv(text, name, ',');
  METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
  if (!has_header) return InvalidInput("is empty; expected a header of features", name);
  return std::vector<std::string>(csv.fields().begin() + 1, csv.fields().end());
}

bool IsFile(const std::string& name) {
  const std::string extension = std::filesystem::path(name).extension().string();
  return extension == ".json" || extension == ".yaml" || extension == ".yml";
}

}  // namespace

Result<features::FeatureSettings> LoadFeatureSettings(const std::string& name) {
  if (!IsFile(name)) return features::FeatureSettings::FromPreset(name);
  METERHOUND_ASSIGN_OR_RETURN(const Json json, ReadDocument(name));
  auto settings = features::FeatureSettings::FromJson(json);
  if (settings.ok()) return settings;
  return InvalidInput(settings.error().ToString(), name);
}

Result<std::vector<std::string>> ReadColumnNames(const std::filesystem::path& path) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  std::vector<std::string> names;
  if (path.extension() == ".json") {
    METERHOUND_ASSIGN_OR_RETURN(const Json json, ParseJson(text, path.string()));
    for (const Json& name : json) {
      if (!name.is_string()) return InvalidInput("found " + name.dump() + ", expected a list of names", path.string());
      names.push_back(name.get<std::string>());
    }
  } else if (path.extension() == ".csv") {
    METERHOUND_ASSIGN_OR_RETURN(names, NamesOfHeader(text, path.string()));
  } else {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (const std::string_view name = readings::Trim(line); !name.empty()) names.emplace_back(name);
    }
  }
  if (names.empty()) return InvalidInput("names no columns", path.string());
  return names;
}

}  // namespace meterhound::pipeline
