// Checked access to a YAML document: every wrong type or unknown key becomes an error with a place.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace meterhound::readings {

/// A node and the file it came from. Never throws.
class YamlPlace {
 public:
  YamlPlace(const YAML::Node& node, std::string path) : node_(node), path_(std::move(path)) {}

  const YAML::Node& node() const { return node_; }
  bool IsMap() const { return node_.IsMap(); }
  bool IsList() const { return node_.IsSequence(); }
  bool IsScalar() const { return node_.IsScalar(); }

  /// "file:line:column", counted from 1.
  std::string Where() const;
  Error Wrong(const std::string& message) const { return InvalidInput(message, Where()); }

  /// The entry of a map; where there is none a place whose `exists` is false and whose Where() is the map's.
  YamlPlace At(std::string_view key) const;
  bool exists() const { return node_.IsDefined() && !node_.IsNull(); }

  /// A map with no other keys than `known`, none of them twice.
  Status CheckKeys(std::string_view what, std::initializer_list<std::string_view> known) const;
  Result<std::string> Text(std::string_view what) const;
  Result<double> Number(std::string_view what) const;
  /// One text or a list of texts, at least one.
  Result<std::vector<std::string>> Texts(std::string_view what) const;
  Result<std::vector<YamlPlace>> Items(std::string_view what) const;
  /// Keys and values of a map in the document's order.
  Result<std::vector<std::pair<YamlPlace, YamlPlace>>> Entries(std::string_view what) const;
  /// The node as JSON: plain scalars become null, booleans, integers or numbers where they look like one.
  Json ToJson() const;

 private:
  YAML::Node node_;
  std::string path_;
  YAML::Mark map_mark_ = YAML::Mark::null_mark();  // of the map that lacks this entry
};

}  // namespace meterhound::readings
