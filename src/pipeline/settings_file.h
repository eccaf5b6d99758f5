// Feature settings from where users keep them: a preset's name, a dictionary in a file, or a list of columns.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "features/settings.h"

namespace meterhound::pipeline {

/// True for what ends in .json, .yaml or .yml.
bool IsSettingsFile(const std::string& name);

/// tsfresh's dictionaries (see FeatureSettings::FromJson) in JSON or YAML. Errors name the file.
Result<features::FeatureSettings> ReadSettingsFile(const std::filesystem::path& path);

/// Names of columns: a JSON list, a CSV whose header holds an id and then features, or plain text, a name a line.
Result<std::vector<std::string>> ReadColumnNames(const std::filesystem::path& path);

}  // namespace meterhound::pipeline
