// Joins the families and holds what they share.
#include "serve/routes.h"

#include <iterator>

#include "base/hashing.h"
#include "base/version.h"
#include "serve/schemas.h"
#include "store/identifiers.h"

namespace meterhound::serve {

Routes AllRoutes(const Desk& desk) {
  Routes all;
  for (const Routes& family :
       {SessionRoutes(desk), JobRoutes(desk), ScoreRoutes(desk), RunRoutes(desk), CaseRoutes(desk), PlanRoutes(desk),
        ReportRoutes(desk), ModelRoutes(desk), SystemRoutes(desk), ReferenceRoutes(desk), PageRoutes()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  return all;
}

http::ApiDescription Api() {
  return {.title = "Meterhound",
          .version = kVersion,
          .description = "Finds electricity theft in meter readings and says whom to visit first, and why.",
          .schemas = ComponentSchemas(),
          .tags = {{"detection", "Readings in, ranked consumers out"},
                   {"cases", "Consumers, why they are listed, and what visits found"},
                   {"plan", "Whom to visit under a budget"},
                   {"models", "What scores, and what scored before"},
                   {"operations", "Health, queues, drift, alerts, audit"},
                   {"reference", "The names that older clients use"}}};
}

std::string WhoAsks(const http::Request& request) { return request.principal ? request.principal->name : "public"; }

store::AuditEntry EntryOf(const http::Request& request, const std::string& action, const std::string& target,
                          Json detail) {
  store::AuditEntry entry;
  entry.who = WhoAsks(request);
  entry.action = action;
  entry.target = target;
  entry.detail = std::move(detail);
  return entry;
}

Status Record(Service& service, const http::Request& request, const std::string& action, const std::string& target,
              Json detail) {
  const std::vector<store::AuditEntry> entries = {EntryOf(request, action, target, std::move(detail))};
  return service.database->Write(
      [&](store::Transaction& transaction) { return store::AuditLog::AppendAll(transaction, entries); });
}

Status CheckRoom(Service& service, const char* queue) {
  METERHOUND_ASSIGN_OR_RETURN(const store::JobCounts counts, service.jobs.Count(queue));
  if (counts.queued < service.config.service_queue_limit) return {};
  return Unavailable("the queue is full: " + std::to_string(counts.queued) + " jobs wait", queue);
}

store::IdempotencyKey IdempotencyOf(const http::Request& request, const std::string& content_hash) {
  const auto key = request.Header("Idempotency-Key");
  if (!key || key->empty()) return {};
  return {.scope = (request.principal ? request.principal->id : "") + " " + request.path,
          .key = std::string(*key),
          .request_hash = content_hash};
}

Result<store::Run> ChooseRun(Service& service, const http::Request& request) {
  if (const auto id = request.Text("run")) return service.runs.Find(*id);
  METERHOUND_ASSIGN_OR_RETURN(const std::optional<std::string> latest, service.runs.Latest());
  if (!latest) return NotFound("nothing was scored yet", "run");
  return service.runs.Find(*latest);
}

http::Route Row(http::Method method, std::string path, std::string operation_id, std::string summary, std::string tag,
                std::string scope, std::vector<http::Parameter> parameters, std::vector<http::ResponseDoc> responses,
                http::Handler handler, http::RequestBody body) {
  http::Route row;
  row.method = method;
  row.path = std::move(path);
  row.operation_id = std::move(operation_id);
  row.summary = std::move(summary);
  row.tag = std::move(tag);
  row.scope = std::move(scope);
  row.parameters = std::move(parameters);
  row.body = std::move(body);
  row.responses = std::move(responses);
  row.handler = std::move(handler);
  return row;
}

http::RequestBody JsonBody(Json schema, bool required) {
  return {.contents = {{.type = "application/json", .schema = std::move(schema)}}, .required = required};
}

http::ResponseDoc Says(int status, std::string description) {
  return {.status = status, .description = std::move(description), .content_type = {}, .schema = {}, .headers = {}};
}

http::ResponseDoc Gives(std::string description, std::string content_type) {
  return {.status = 200,
          .description = std::move(description),
          .content_type = std::move(content_type),
          .schema = Text(),
          .headers = {}};
}

http::ResponseDoc Answers(std::string description, Json schema, int status) {
  return {.status = status,
          .description = std::move(description),
          .content_type = "application/json",
          .schema = std::move(schema),
          .headers = {}};
}

http::ResponseDoc Refuses(int status, std::string description) {
  return {.status = status,
          .description = std::move(description),
          .content_type = "application/problem+json",
          .schema = nullptr,  // the document's own
          .headers = {}};
}

http::Parameter Query(std::string name, std::string description, Json schema) {
  return {.in = http::In::kQuery,
          .name = std::move(name),
          .description = std::move(description),
          .schema = std::move(schema)};
}

http::Parameter InPath(std::string name, std::string description) {
  return {.in = http::In::kPath,
          .name = std::move(name),
          .description = std::move(description),
          .schema = Text(),
          .required = true};
}

http::Parameter IdempotencyHeader() {
  return {.in = http::In::kHeader,
          .name = "Idempotency-Key",
          .description = "the same key with the same request is done once and answered the same, for a day",
          .schema = {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}}};
}

}  // namespace meterhound::serve
