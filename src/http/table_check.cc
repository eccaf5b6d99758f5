// One pass over the rows.
#include "http/table_check.h"

#include <set>

#include "http/text_form.h"

namespace meterhound::http {
namespace {

std::string Row(const Route& route) { return std::string(MethodName(route.method)) + " " + route.path; }
Error Bad(std::string what, const Route& route) { return {ErrorCode::kInternal, std::move(what), Row(route)}; }

std::set<std::string> NamesInPath(std::string_view path) {
  std::set<std::string> names;
  for (std::string_view segment : Split(path, '/')) {
    if (!segment.starts_with('{')) continue;
    segment = segment.substr(1, segment.find_first_of("*}") - 1);
    names.emplace(segment);
  }
  return names;
}

Status CheckParameters(const Route& route, const SchemaChecker& checker) {
  std::set<std::string> missing = NamesInPath(route.path);
  std::set<std::pair<In, std::string>> seen;
  for (const Parameter& parameter : route.parameters) {
    if (!seen.emplace(parameter.in, parameter.name).second)
      return Bad("parameter " + parameter.name + " stands twice", route);
    if (parameter.in == In::kPath && missing.erase(parameter.name) == 0) {
      return Bad("parameter " + parameter.name + " is not in the path", route);
    }
    METERHOUND_RETURN_IF_ERROR(checker.Accepts(parameter.schema, Row(route) + " " + parameter.name));
    const auto fallback = parameter.schema.find("default");
    if (fallback != parameter.schema.end() && !checker.Check(parameter.schema, *fallback).empty()) {
      return Bad("the default of " + parameter.name + " breaks its own schema", route);
    }
  }
  return missing.empty() ? Status{} : Bad("parameter " + *missing.begin() + " of the path has no row", route);
}

}  // namespace

Status CheckTable(const std::vector<Route>& routes, const SchemaChecker& checker) {
  std::set<std::string> operations;
  for (const Route& route : routes) {
    if (!route.handler) return Bad("has no handler", route);
    if (route.documented && !operations.insert(route.operation_id).second) {
      return Bad("operation id \"" + route.operation_id + "\" stands twice", route);
    }
    METERHOUND_RETURN_IF_ERROR(CheckParameters(route, checker));
    for (const Content& content : route.body.contents) {
      if (!content.schema.is_null()) METERHOUND_RETURN_IF_ERROR(checker.Accepts(content.schema, Row(route) + " body"));
    }
    for (const ResponseDoc& response : route.responses) {
      if (response.schema.is_null()) continue;
      METERHOUND_RETURN_IF_ERROR(checker.Accepts(response.schema, Row(route) + " " + std::to_string(response.status)));
    }
  }
  return {};
}

}  // namespace meterhound::http
