// From a request's target to a row of the table: paths decoded safely, then matched segment by segment.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/route.h"

namespace meterhound::http {

/// A request target taken apart.
struct Target {
  std::vector<std::string> segments;  ///< decoded: UTF-8, no control characters, no slashes, no "." or ".."
  bool trailing_slash = false;
  std::string path;   ///< decoded, "/" + segments
  std::string query;  ///< raw
};

/// Takes origin form ("/a?b") and absolute form ("http://host/a"). kInvalidInput for escapes that are broken or hide
/// slashes, backslashes, dots, control characters or invalid UTF-8; kNotFound for empty segments ("//").
Result<Target> ParseTarget(std::string_view target);

/// Pairs of a query string, decoded; kInvalidInput for broken escapes, invalid UTF-8 and control characters except tab,
/// line feed and carriage return.
Result<std::vector<std::pair<std::string, std::string>>> ParseQuery(std::string_view query);

/// What a path is to the table.
struct Match {
  const Route* route = nullptr;  ///< null: 404 when `allow` is empty, 405 otherwise
  std::map<std::string, std::string, std::less<>> parameters;
  std::string allow;  ///< methods of this path, for Allow; "" when no row has it
};

class Router {
 public:
  /// kInternal when two rows of one method have the same path, or a path is malformed. `routes` outlives the router.
  static Result<Router> Create(const std::vector<Route>& routes);

  /// Literal segments win over parameters, these over "{rest*}". HEAD finds the row of GET.
  Match Find(Method method, const Target& target) const;

 private:
  struct Pattern {
    const Route* route;
    std::vector<std::string> segments;  // "{name}" as they stand
    std::string rank;                   // one letter a segment: literal 'a', parameter 'b', rest 'c'
  };
  static bool Fits(const Pattern& pattern, const std::vector<std::string>& segments);

  std::vector<Pattern> patterns_;  // best first
};

}  // namespace meterhound::http
