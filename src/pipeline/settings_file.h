// Feature settings from where users keep them: a preset's name, a dictionary in a file, or a list of columns.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "features/settings.h"

namespace meterhound::pipeline {

/// A preset's name, several joined by '+', or a .json, .yaml or .yml file of tsfresh's dictionaries (see
/// FeatureSettings::FromJson). Errors name the file.
Result<features::FeatureSettings> LoadFeatureSettings(const std::string& name);

/// Names of columns: a JSON list, a CSV whose header holds an id and then features, or plain text, a name a line.
Result<std::vector<std::string>> ReadColumnNames(const std::filesystem::path& path);

}  // namespace meterhound::pipeline
