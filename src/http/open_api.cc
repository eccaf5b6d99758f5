// Walks the table once; what the server answers by itself is added to every operation it can happen to.
#include "http/open_api.h"

#include <algorithm>
#include <map>

#include "http/docs_page.h"
#include "http/text_form.h"

namespace meterhound::http {
namespace {

constexpr const char* kProblemType = "application/problem+json";

Json ProblemSchema() {
  const Json text = {{"type", "string"}};
  return {
      {"type", "object"},
      {"description", "RFC 9457 problem details"},
      {"required", {"type", "title", "status", "detail", "instance"}},
      {"properties",
       {{"type", text},
        {"title", text},
        {"status", {{"type", "integer"}}},
        {"detail", text},
        {"instance", {{"type", {"string", "null"}}, {"description", "the request id, by which the log is searched"}}},
        {"errors",
         {{"type", "array"},
          {"items",
           {{"type", "object"},
            {"required", {"pointer", "detail"}},
            {"properties", {{"pointer", text}, {"detail", text}}}}}}}}}};
}

// Statuses of the server's own answers, with what they mean.
const std::map<int, std::string>& ServerAnswers() {
  static const std::map<int, std::string> answers = {
      {400, "Not HTTP, not JSON, or a parameter that is not as described"},
      {401, "No key, or one that is not known"},
      {403, "The key lacks the scope, or the request may be forged by another site"},
      {404, "Nothing is here"},
      {408, "The request came too slowly"},
      {413, "The body is too large, packed or unpacked"},
      {414, "The target is too long"},
      {415, "The body's type or coding is not taken here"},
      {422, "The body breaks its schema"},
      {429, "More requests than this caller may make"},
      {431, "The headers are too large"},
      {500, "A fault of the server"},
      {503, "Too busy, or something it needs is not there now; try again after Retry-After"},
      {507, "The upload cannot be stored"}};
  return answers;
}

std::vector<int> OwnStatuses(const Route& route) {
  std::vector<int> statuses = {400, 408, 414, 431, 500, 503};
  const bool changes = route.method != Method::kGet;
  if (!route.scope.empty()) statuses.push_back(401);
  if (changes || (!route.scope.empty() && route.scope != "*")) statuses.push_back(403);
  if (changes) statuses.push_back(413);
  if (route.rate_limited) statuses.push_back(429);
  for (const Content& content : route.body.contents) {
    statuses.push_back(415);
    statuses.push_back(content.spooled ? 507 : 422);
  }
  return statuses;
}

std::string AnswerName(int status) {
  std::string name;
  for (const char letter : ReasonPhrase(status)) {
    if (letter != ' ') name += letter;
  }
  return name;
}

Json AnswerComponents() {
  Json answers = Json::object();
  for (const auto& [status, description] : ServerAnswers()) {
    Json answer = {{"description", description},
                   {"content", {{kProblemType, {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
    if (status == 429 || status == 503) {
      answer["headers"] = {{"Retry-After", {{"description", "seconds"}, {"schema", {{"type", "integer"}}}}}};
    }
    answers[AnswerName(status)] = std::move(answer);
  }
  return answers;
}

Json ParameterObject(const Parameter& parameter) {
  static constexpr const char* kPlaces[] = {"path", "query", "header"};
  Json object = {{"name", parameter.name}, {"in", kPlaces[static_cast<std::size_t>(parameter.in)]}};
  if (!parameter.description.empty()) object["description"] = parameter.description;
  object["required"] = parameter.required || parameter.in == In::kPath;
  if (parameter.in == In::kQuery && parameter.schema.value("type", Json()) == "array") {
    object["style"] = "form";
    object["explode"] = false;
  }
  object["schema"] = parameter.schema;
  return object;
}

Json ResponseObject(const ResponseDoc& doc) {
  Json object = {{"description", doc.description}};
  for (const auto& [name, description] : doc.headers) {
    object["headers"][name] = {{"description", description}, {"schema", {{"type", "string"}}}};
  }
  if (doc.content_type.empty()) return object;
  Json content = Json::object();
  if (!doc.schema.is_null()) {
    content["schema"] = doc.schema;
  } else if (doc.content_type == kProblemType) {
    content["schema"] = {{"$ref", "#/components/schemas/Problem"}};
  }
  object["content"][doc.content_type] = std::move(content);
  return object;
}

// Several rows of one status (JSON or HTML by Accept) are one response with several contents.
Json Responses(const Route& route) {
  std::map<int, Json> by_status;
  for (const ResponseDoc& doc : route.responses) {
    Json object = ResponseObject(doc);
    auto [known, is_new] = by_status.try_emplace(doc.status, object);
    if (!is_new && object.contains("content")) known->second["content"].update(object["content"]);
  }
  for (const int status : OwnStatuses(route)) {
    by_status.try_emplace(status, Json{{"$ref", "#/components/responses/" + AnswerName(status)}});
  }
  Json responses = Json::object();
  for (auto& [status, object] : by_status) responses[std::to_string(status)] = std::move(object);
  return responses;
}

Json BodyObject(const RequestBody& body) {
  Json contents = Json::object();
  for (const Content& content : body.contents) {
    Json one = Json::object();
    if (!content.schema.is_null()) one["schema"] = content.schema;
    contents[content.type] = std::move(one);
  }
  return {{"required", body.required}, {"content", std::move(contents)}};
}

Json Operation(const Route& route) {
  Json operation = {{"operationId", route.operation_id}, {"summary", route.summary}};
  if (!route.description.empty()) operation["description"] = route.description;
  if (!route.tag.empty()) operation["tags"] = Json::array({route.tag});
  Json parameters = Json::array();
  for (const Parameter& parameter : route.parameters) parameters.push_back(ParameterObject(parameter));
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
  if (!route.body.contents.empty()) operation["requestBody"] = BodyObject(route.body);
  operation["responses"] = Responses(route);
  Json security = Json::array();
  if (!route.scope.empty()) {
    const Json scopes = route.scope == "*" ? Json::array() : Json::array({route.scope});
    for (const char* scheme : {"bearer", "apiKey", "session"}) security.push_back({{scheme, scopes}});
  }
  operation["security"] = std::move(security);
  return operation;
}

Json SecuritySchemes(std::string_view session_cookie) {
  return {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"description", "Authorization: Bearer KEY"}}},
          {"apiKey", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-API-Key"}}},
          {"session",
           {{"type", "apiKey"},
            {"in", "cookie"},
            {"name", session_cookie},
            {"description", "Changing requests also need the header X-Meterhound: page"}}}};
}

// "{rest*}" is our own way of writing; OpenAPI knows "{rest}".
std::string PathKey(std::string path) {
  std::erase(path, '*');
  return path;
}

Route PageFile(std::string path, std::string content_type, std::string text) {
  Route route;
  route.path = std::move(path);
  route.rate_limited = false;
  route.documented = false;
  Response answer = Response::OfText(std::move(text), std::move(content_type)).WithETag();
  route.handler = [answer](const Request&) -> Result<Response> { return answer; };
  return route;
}

}  // namespace

Json OpenApiDocument(const ApiDescription& api, const std::vector<Route>& routes, std::string_view session_cookie) {
  Json document = {{"openapi", "3.1.0"}, {"info", {{"title", api.title}, {"version", api.version}}}};
  if (!api.description.empty()) document["info"]["description"] = api.description;
  for (const auto& [name, description] : api.tags) {
    document["tags"].push_back({{"name", name}, {"description", description}});
  }
  document["paths"] = Json::object();
  for (const Route& route : routes) {
    if (!route.documented) continue;
    document["paths"][PathKey(route.path)][LowerCase(MethodName(route.method))] = Operation(route);
  }
  Json schemas = api.schemas.is_object() ? api.schemas : Json::object();
  schemas["Problem"] = ProblemSchema();
  document["components"] = {{"schemas", std::move(schemas)},
                            {"responses", AnswerComponents()},
                            {"securitySchemes", SecuritySchemes(session_cookie)}};
  return document;
}

std::vector<Route> DocumentationRoutes(Json document) {
  std::vector<Route> routes;
  routes.push_back(PageFile("/openapi.json", "application/json", DumpJson(document)));
  routes.push_back(PageFile("/docs", "text/html; charset=utf-8", std::string(DocsHtml())));
  routes.push_back(PageFile("/docs/docs.js", "text/javascript; charset=utf-8", std::string(DocsScript())));
  routes.push_back(PageFile("/docs/docs.css", "text/css; charset=utf-8", std::string(DocsStyle())));
  return routes;
}

}  // namespace meterhound::http
