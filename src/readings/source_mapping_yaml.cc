// yaml-cpp's exceptions and marks, turned into errors with a place.
#include "readings/source_mapping_yaml.h"

#include <algorithm>
#include <set>

#include "base/nearest_name.h"
#include "base/numbers.h"

namespace meterhound::readings {
namespace {

std::string Found(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      return "'" + node.Scalar() + "'";
    case YAML::NodeType::Sequence:
      return "a list";
    case YAML::NodeType::Map:
      return "a map";
    default:
      return "nothing";
  }
}

/// The nearest known key, or all of them when none is near.
std::string Suggest(std::string_view name, std::initializer_list<std::string_view> known) {
  const std::vector<std::string> names(known.begin(), known.end());
  std::string suggestion = Suggestion(name, names);
  if (!suggestion.empty()) return suggestion;
  for (const std::string& each : names) suggestion += (suggestion.empty() ? "; expected one of " : ", ") + each;
  return suggestion;
}

Json ScalarToJson(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  if (text == "true" || text == "True") return true;
  if (text == "false" || text == "False") return false;
  const auto number = ParseDouble(text);
  if (!number) return text;
  const bool whole = text.find_first_not_of("-0123456789") == std::string::npos && text.size() <= 18;
  if (whole) return static_cast<std::int64_t>(*number);
  return *number;
}

}  // namespace

std::string YamlPlace::Where() const {
  const YAML::Mark mark = node_.IsDefined() ? node_.Mark() : map_mark_;
  if (mark.is_null()) return path_;
  return path_ + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

YamlPlace YamlPlace::At(std::string_view key) const {
  if (node_.IsMap()) {
    for (const auto& entry : node_) {
      if (entry.first.IsScalar() && entry.first.Scalar() == key) return {entry.second, path_};
    }
  }
  YamlPlace absent(YAML::Node(YAML::NodeType::Undefined), path_);
  absent.map_mark_ = node_.IsDefined() ? node_.Mark() : map_mark_;
  return absent;
}

Status YamlPlace::CheckKeys(std::string_view what, std::initializer_list<std::string_view> known) const {
  if (!IsMap()) return Wrong(std::string(what) + ": found " + Found(node_) + ", expected a map");
  std::set<std::string> seen;
  for (const auto& entry : node_) {
    const YamlPlace key(entry.first, path_);
    METERHOUND_ASSIGN_OR_RETURN(const std::string name, key.Text(std::string(what) + ": key"));
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return key.Wrong("unknown key '" + name + "' in " + std::string(what) + Suggest(name, known));
    }
    if (!seen.insert(name).second) return key.Wrong("key '" + name + "' stands twice in " + std::string(what));
  }
  return {};
}

Result<std::string> YamlPlace::Text(std::string_view what) const {
  if (!node_.IsDefined() || !IsScalar() || node_.Scalar().empty()) {
    return Wrong(std::string(what) + ": found " + (node_.IsDefined() ? Found(node_) : "nothing") + ", expected a text");
  }
  return node_.Scalar();
}

Result<double> YamlPlace::Number(std::string_view what) const {
  METERHOUND_ASSIGN_OR_RETURN(const std::string text, Text(what));
  const auto number = ParseDouble(text);
  if (!number || *number != *number) return Wrong(std::string(what) + ": found '" + text + "', expected a number");
  return *number;
}

Result<std::vector<YamlPlace>> YamlPlace::Items(std::string_view what) const {
  if (!node_.IsDefined() || !IsList() || node_.size() == 0) {
    return Wrong(std::string(what) + ": found " + (node_.IsDefined() ? Found(node_) : "nothing") + ", expected a list");
  }
  std::vector<YamlPlace> items;
  for (const auto& item : node_) items.emplace_back(item, path_);
  return items;
}

Result<std::vector<std::string>> YamlPlace::Texts(std::string_view what) const {
  std::vector<std::string> texts;
  if (!node_.IsDefined() || !IsList()) {
    METERHOUND_ASSIGN_OR_RETURN(std::string text, Text(what));
    texts.push_back(std::move(text));
    return texts;
  }
  METERHOUND_ASSIGN_OR_RETURN(const auto items, Items(what));
  for (const YamlPlace& item : items) {
    METERHOUND_ASSIGN_OR_RETURN(std::string text, item.Text(what));
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<std::vector<std::pair<YamlPlace, YamlPlace>>> YamlPlace::Entries(std::string_view what) const {
  if (!node_.IsDefined() || !IsMap() || node_.size() == 0) {
    return Wrong(std::string(what) + ": found " + (node_.IsDefined() ? Found(node_) : "nothing") + ", expected a map");
  }
  std::vector<std::pair<YamlPlace, YamlPlace>> entries;
  std::set<std::string> seen;
  for (const auto& entry : node_) {
    const YamlPlace key(entry.first, path_);
    METERHOUND_ASSIGN_OR_RETURN(const std::string name, key.Text(std::string(what) + ": key"));
    if (!seen.insert(name).second) return key.Wrong("key '" + name + "' stands twice in " + std::string(what));
    entries.emplace_back(key, YamlPlace(entry.second, path_));
  }
  return entries;
}

Json YamlPlace::ToJson() const {
  if (!node_.IsDefined() || node_.IsNull()) return nullptr;
  if (IsScalar()) return ScalarToJson(node_);
  if (IsList()) {
    Json list = Json::array();
    for (const auto& item : node_) list.push_back(YamlPlace(item, path_).ToJson());
    return list;
  }
  Json map = Json::object();
  for (const auto& entry : node_) {
    if (entry.first.IsScalar()) map[entry.first.Scalar()] = YamlPlace(entry.second, path_).ToJson();
  }
  return map;
}

}  // namespace meterhound::readings
