// Text becomes what its schema's type says where it can; what stays text fails the schema's own check.
#include "http/parameters.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/nearest_name.h"
#include "base/numbers.h"
#include "http/text_form.h"

namespace meterhound::http {
namespace {

bool Allows(const Json& schema, std::string_view type) {
  const auto found = schema.find("type");
  if (found == schema.end()) return false;
  if (found->is_string()) return found->get_ref<const std::string&>() == type;
  for (const Json& one : *found) {
    if (one == type) return true;
  }
  return false;
}

Json Typed(const Json& schema, const std::string& text) {
  if (Allows(schema, "integer") || Allows(schema, "number")) {
    std::int64_t integer = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
    if (error == std::errc{} && end == text.data() + text.size()) return integer;
  }
  if (Allows(schema, "number")) {
    const std::optional<double> number = ParseDouble(text);
    if (number && std::isfinite(*number)) return *number;
  }
  if (Allows(schema, "boolean") && (text == "true" || text == "false")) return text == "true";
  return text;
}

Json Value(const Json& schema, const std::vector<std::string>& texts) {
  if (!Allows(schema, "array")) return Typed(schema, texts.front());
  Json list = Json::array();
  const auto items = schema.find("items");
  for (const std::string& text : texts) {
    for (const std::string_view part : Split(text, ',')) {
      list.push_back(items == schema.end() ? Json(part) : Typed(*items, std::string(part)));
    }
  }
  return list;
}

const Json& Resolved(const Json& schema, const SchemaChecker& checker) {
  const auto reference = schema.find("$ref");
  if (reference == schema.end()) return schema;
  const std::string& path = reference->get_ref<const std::string&>();
  return checker.components().at(path.substr(path.rfind('/') + 1));  // SchemaChecker::Accepts has followed it
}

std::vector<std::string> Given(const Parameter& parameter, const Match& match,
                               const std::vector<std::pair<std::string, std::string>>& query, const Request& request) {
  std::vector<std::string> texts;
  if (parameter.in == In::kPath) {
    const auto found = match.parameters.find(parameter.name);
    if (found != match.parameters.end()) texts.push_back(found->second);
  } else if (parameter.in == In::kHeader) {
    if (const auto header = request.Header(parameter.name)) texts.emplace_back(*header);
  } else {
    for (const auto& [name, value] : query) {
      if (name == parameter.name) texts.push_back(value);
    }
  }
  return texts;
}

std::string UnknownName(const Route& route, const std::string& name) {
  std::vector<std::string> known;
  for (const Parameter& parameter : route.parameters) {
    if (parameter.in == In::kQuery) known.push_back(parameter.name);
  }
  if (known.empty()) return "is unknown; this route has no query parameters";
  const std::string nearest = NearestName(name, known);
  if (!nearest.empty()) return "is unknown; did you mean \"" + nearest + "\"?";
  std::string list;
  for (const std::string& one : known) list += (list.empty() ? "" : ", ") + one;
  return "is unknown; known are: " + list;
}

}  // namespace

std::vector<Finding> ReadParameters(const Route& route, const SchemaChecker& checker, const Match& match,
                                    const std::vector<std::pair<std::string, std::string>>& query, Request& request) {
  std::vector<Finding> findings;
  for (const auto& [name, text] : match.parameters) request.path_parameters[name] = text;
  for (const Parameter& parameter : route.parameters) {
    const std::string place = (parameter.in == In::kPath    ? "path/"
                               : parameter.in == In::kQuery ? "query/"
                                                            : "header/") +
                              parameter.name;
    const Json& schema = Resolved(parameter.schema, checker);
    const std::vector<std::string> texts = Given(parameter, match, query, request);
    Json value;
    const bool utf8 = std::all_of(texts.begin(), texts.end(), [](const std::string& text) { return IsUtf8(text); });
    if (!utf8) {
      findings.push_back({place, "is not valid UTF-8"});
    } else if (!texts.empty()) {
      if (texts.size() > 1 && !Allows(schema, "array")) findings.push_back({place, "is given more than once"});
      value = Value(schema, texts);
      for (Finding& finding : checker.Check(parameter.schema, value, place)) findings.push_back(std::move(finding));
    } else if (parameter.required) {
      findings.push_back({place, "is required"});
    } else if (schema.contains("default")) {
      value = schema.at("default");
    }
    auto& values = parameter.in == In::kPath    ? request.path_parameters
                   : parameter.in == In::kQuery ? request.query_parameters
                                                : request.header_parameters;
    values[parameter.name] = std::move(value);
  }
  for (const auto& [name, value] : query) {
    if (!request.query_parameters.contains(name)) findings.push_back({"query/" + name, UnknownName(route, name)});
  }
  return findings;
}

}  // namespace meterhound::http
