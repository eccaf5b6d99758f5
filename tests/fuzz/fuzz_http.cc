// Any bytes as a request, as JSON under a schema, and as a target: answers are whole and clean, and never a fault of
// the server.
#include "fuzz/fuzz_support.h"
#include "http/content_coding.h"
#include "http/dispatcher.h"
#include "http/json_schema.h"
#include "http/request_json.h"
#include "http/router.h"
#include "http/text_form.h"

using namespace meterhound;

namespace {

Json Consumer() {
  const Json text = {{"type", "string"}, {"minLength", 1}, {"maxLength", 20}};
  return {{"type", "object"},
          {"required", {"id", "readings"}},
          {"additionalProperties", false},
          {"properties",
           {{"id", text},
            {"start", {{"type", "string"}, {"format", "date"}}},
            {"at", {{"type", "string"}, {"format", "date-time"}}},
            {"cadence", {{"enum", {"daily", "hourly"}}}},
            {"readings",
             {{"type", "array"},
              {"maxItems", 9},
              {"uniqueItems", true},
              {"items", {{"type", {"number", "null"}}, {"minimum", -5}}}}},
            {"attributes",
             {{"type", "object"},
              {"additionalProperties", {{"anyOf", {{{"type", "number"}, {"multipleOf", 0.5}}, text}}}}}},
            {"inner", {{"oneOf", {{{"type", "null"}}, {{"$ref", "#/components/schemas/Consumer"}}}}}}}}};
}

http::Route MakeRoute(http::Method method, std::string path, std::string id, http::Handler handler) {
  http::Route route;
  route.method = method;
  route.path = std::move(path);
  route.operation_id = std::move(id);
  route.handler = std::move(handler);
  return route;
}

std::vector<http::Route> Routes() {
  std::vector<http::Route> routes;
  http::Route item = MakeRoute(http::Method::kGet, "/items/{id}", "item", [](const http::Request& request) {
    for (const std::string& one : request.List("tier"))
      fuzz::Require(one == "high" || one == "low", "values follow their schema");
    const auto limit = request.Integer("limit").value();
    fuzz::Require(limit >= 1 && limit <= 200, "values follow their schema");
    return http::Response::OfText(request.PathText("id")).WithETag();
  });
  item.parameters = {
      {http::In::kPath, "id", "", {{"type", "string"}}, true},
      {http::In::kQuery, "limit", "", {{"type", "integer"}, {"minimum", 1}, {"maximum", 200}, {"default", 50}}, false},
      {http::In::kQuery,
       "tier",
       "",
       {{"type", "array"}, {"items", {{"enum", {"high", "low"}}, {"type", "string"}}}},
       false}};
  routes.push_back(std::move(item));
  http::Route detect = MakeRoute(http::Method::kPost, "/detect", "detect", [](const http::Request& request) {
    if (!request.upload) return http::Response::OfJson(request.json, 202);
    fuzz::Require(std::filesystem::file_size(request.upload->path()) == request.upload->bytes(), "uploads are whole");
    return http::Response::OfText(request.UploadName()).AsDownload(request.UploadName());
  });
  detect.scope = "score";
  detect.body.contents = {{"application/json", {{"$ref", "#/components/schemas/Consumer"}}}, {"text/csv", {}, true}};
  routes.push_back(std::move(detect));
  http::Route rest = MakeRoute(http::Method::kGet, "/assets/{rest*}", "rest", [](const http::Request& request) {
    return http::Response::OfText(request.PathText("rest"));
  });
  rest.parameters = {{http::In::kPath, "rest", "", {{"type", "string"}}, true}};
  routes.push_back(std::move(rest));
  return routes;
}

http::Dispatcher& TheDispatcher() {
  static http::Metrics metrics;
  static const auto dispatcher = [] {
    http::DispatchOptions options;
    options.max_body_bytes = 1 << 20;
    options.max_upload_bytes = 1 << 20;
    options.check_responses = false;
    options.log = [](std::string_view line) { fuzz::Require(Json::accept(line), "a log line is JSON"); };
    http::ApiDescription api;
    api.schemas = {{"Consumer", Consumer()}};
    auto made = http::Dispatcher::Create(
        std::move(options), std::move(api), Routes(),
        [](const http::Credentials&) {
          return http::Principal{"k", "n", {"score"}};
        },
        metrics);
    fuzz::Require(made.ok(), "the table is good");
    return std::move(*made);
  }();
  return *dispatcher;
}

void FuzzRequest(std::string_view bytes) {
  const http::Response response = TheDispatcher().Answer(bytes);
  fuzz::Require(response.status >= 200 && response.status != 500 && response.status != 503,
                "bytes are never the server's fault");
  for (const auto& [name, value] : response.headers) {
    fuzz::Require(http::IsToken(name) && http::IsHeaderValue(value), "headers are clean");
  }
}

void FuzzJson(std::string_view text) {
  static const http::SchemaChecker checker = http::SchemaChecker::Create({{"Consumer", Consumer()}}).value();
  const auto parsed = http::ParseRequestJson(text, 16);
  if (!parsed.ok()) {
    fuzz::Require(parsed.error().where.starts_with("line "), "an error has a place");
    return;
  }
  fuzz::Require(Json::accept(text), "what is taken is JSON");
  for (const http::Finding& finding : checker.Check({{"$ref", "#/components/schemas/Consumer"}}, *parsed)) {
    fuzz::Require(!finding.detail.empty(), "a finding has words");
    fuzz::Require(parsed->contains(Json::json_pointer(finding.pointer)) || finding.pointer.empty(),
                  "a finding points at something");
  }
}

void FuzzTarget(std::string_view text) {
  static const std::vector<http::Route> routes = Routes();
  static const http::Router router = http::Router::Create(routes).value();
  const auto target = http::ParseTarget(text);
  if (!target.ok()) return;
  for (const std::string& segment : target->segments) {
    fuzz::Require(!segment.empty() && segment != "." && segment != ".." && segment.find('/') == std::string::npos,
                  "no way out");
  }
  const http::Match match = router.Find(http::Method::kGet, *target);
  fuzz::Require(match.route == nullptr || !match.parameters.empty(), "every row here has a parameter");
  const auto query = http::ParseQuery(target->query);
  if (query.ok() && !query->empty()) fuzz::Require(http::IsUtf8(query->front().second), "values are UTF-8");
}

void FuzzDecoder(std::string_view bytes, http::Coding coding) {
  std::uint64_t produced = 0;
  const auto decoder = http::Decoder::Create(coding, {.max_bytes = 1 << 20, .max_ratio = 200});
  const Status status = decoder->Feed(bytes, [&](std::string_view out) -> Status {
    produced += out.size();
    return {};
  });
  fuzz::Require(produced <= (1 << 20), "no more comes out than is allowed");
  fuzz::Require(status.ok() || !status.error().message.empty(), "an error has words");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest = fuzz::Text(data + 1, size - 1);
  switch (data[0] % 8) {
    case 0:
      FuzzJson(rest);
      break;
    case 1:
      FuzzTarget(rest);
      break;
    case 2:
      FuzzDecoder(rest, http::Coding::kGzip);
      break;
    case 3:
      FuzzDecoder(rest, http::Coding::kZstd);
      break;
    default:
      FuzzRequest(rest);
  }
  return 0;
}
