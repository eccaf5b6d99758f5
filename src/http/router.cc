// Splits before it decodes, so that an escaped slash never becomes a separator.
#include "http/router.h"

#include <algorithm>
#include <set>

#include "http/text_form.h"

namespace meterhound::http {
namespace {

bool IsParameter(std::string_view segment) { return segment.starts_with('{'); }
bool IsRest(std::string_view segment) { return segment.ends_with("*}"); }
std::string_view ParameterName(std::string_view segment) {
  return segment.substr(1, segment.size() - (IsRest(segment) ? 3 : 2));
}

bool HasControl(std::string_view text) { return !IsHeaderValue(text) || text.find('\t') != std::string_view::npos; }

Result<std::string> DecodeSegment(std::string_view raw) {
  std::optional<std::string> segment = PercentDecode(raw, false);
  if (!segment) return InvalidInput("the path has a broken percent escape");
  if (*segment == "." || *segment == "..")
    return InvalidInput("the path has the segment \"" + *segment + "\", which is not followed");
  if (segment->find('/') != std::string::npos || segment->find('\\') != std::string::npos) {
    return InvalidInput("the path hides a slash or has a backslash");
  }
  if (HasControl(*segment) || !IsUtf8(*segment))
    return InvalidInput("the path has control characters or invalid UTF-8");
  return std::move(*segment);
}

}  // namespace

Result<Target> ParseTarget(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() > scheme.size() && EqualNoCase(target.substr(0, scheme.size()), scheme)) {
      const std::size_t slash = target.find_first_of("/?", scheme.size());
      target = slash == std::string_view::npos ? "/" : target.substr(slash);
      break;
    }
  }
  Target result;
  const std::size_t question = target.find('?');
  if (question != std::string_view::npos) result.query = target.substr(question + 1);
  std::string_view path = target.substr(0, question);
  if (path.empty() && question != std::string_view::npos) path = "/";
  if (!path.starts_with('/')) return InvalidInput("the request's target is no path: expected it to begin with /");
  if (target.find('#') != std::string_view::npos) return InvalidInput("the request's target has a fragment");
  path.remove_prefix(1);
  result.trailing_slash = path.ends_with('/');
  if (result.trailing_slash) path.remove_suffix(1);
  if (path.empty() && !result.trailing_slash) {
    result.path = "/";
    return result;
  }
  while (true) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end == 0) return NotFound("the path has an empty segment");
    METERHOUND_ASSIGN_OR_RETURN(std::string segment, DecodeSegment(path.substr(0, end)));
    result.path += "/" + segment;
    result.segments.push_back(std::move(segment));
    if (end == path.size()) return result;
    path.remove_prefix(end + 1);
  }
}

Result<std::vector<std::pair<std::string, std::string>>> ParseQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view{};
    std::optional<std::string> decoded_name = PercentDecode(pair.substr(0, equals), true);
    std::optional<std::string> decoded = PercentDecode(value, true);
    if (!decoded_name || !decoded) return InvalidInput("the query has a broken percent escape");
    std::string visible = *decoded_name + *decoded;
    std::erase_if(visible, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
    if (HasControl(visible) || !IsUtf8(*decoded_name) || !IsUtf8(*decoded)) {
      return InvalidInput("the query has control characters or invalid UTF-8");
    }
    pairs.emplace_back(std::move(*decoded_name), std::move(*decoded));
  }
  return pairs;
}

Result<Router> Router::Create(const std::vector<Route>& routes) {
  Router router;
  std::set<std::pair<Method, std::string>> taken;
  for (const Route& route : routes) {
    const auto bad = [&](const char* what) {
      return Error{ErrorCode::kInternal, what, std::string(MethodName(route.method)) + " " + route.path};
    };
    if (!route.path.starts_with('/') || (route.path.size() > 1 && route.path.ends_with('/'))) {
      return bad("a route's path begins with / and does not end with it");
    }
    Pattern pattern{&route, {}, {}};
    std::string shape;
    for (const std::string_view segment : Split(route.path, '/')) {
      const char kind = !IsParameter(segment) ? 'a' : IsRest(segment) ? 'c' : 'b';
      if (kind != 'a' && (!segment.ends_with('}') || ParameterName(segment).empty()))
        return bad("a route's parameter is {name}");
      if (pattern.rank.ends_with('c')) return bad("nothing may follow {rest*}");
      pattern.segments.emplace_back(segment);
      pattern.rank += kind;
      shape += "/" + (kind == 'a' ? std::string(segment) : std::string(1, kind));
    }
    if (!taken.emplace(route.method, shape).second) return bad("this method and path stand twice in the table");
    router.patterns_.push_back(std::move(pattern));
  }
  std::stable_sort(router.patterns_.begin(), router.patterns_.end(),
                   [](const Pattern& a, const Pattern& b) { return a.rank < b.rank; });
  return router;
}

bool Router::Fits(const Pattern& pattern, const std::vector<std::string>& segments) {
  const bool rest = pattern.rank.ends_with('c');
  if (rest ? segments.size() < pattern.segments.size() : segments.size() != pattern.segments.size()) return false;
  for (std::size_t i = 0; i < pattern.segments.size(); ++i) {
    if (pattern.rank[i] == 'a' && pattern.segments[i] != segments[i]) return false;
  }
  return true;
}

Match Router::Find(Method method, const Target& target) const {
  Match match;
  std::set<std::string_view> allowed;
  for (const Pattern& pattern : patterns_) {
    if (!Fits(pattern, target.segments)) continue;
    allowed.insert(MethodName(pattern.route->method));
    const bool asked =
        pattern.route->method == method || (method == Method::kHead && pattern.route->method == Method::kGet);
    if (!asked || match.route != nullptr) continue;
    match.route = pattern.route;
    for (std::size_t i = 0; i < pattern.segments.size(); ++i) {
      if (pattern.rank[i] == 'a') continue;
      std::string value = target.segments[i];
      for (std::size_t k = i + 1; pattern.rank[i] == 'c' && k < target.segments.size(); ++k)
        value += "/" + target.segments[k];
      match.parameters.emplace(ParameterName(pattern.segments[i]), std::move(value));
    }
    return match;
  }
  if (allowed.empty()) return match;
  if (allowed.contains("GET")) allowed.insert("HEAD");
  allowed.insert("OPTIONS");
  for (const std::string_view name : allowed) match.allow += (match.allow.empty() ? "" : ", ") + std::string(name);
  return match;
}

}  // namespace meterhound::http
