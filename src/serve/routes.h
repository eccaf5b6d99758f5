// The table of routes: one function a family, joined in routes.cc.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/open_api.h"
#include "http/route.h"
#include "serve/authentication.h"
#include "serve/service.h"

namespace meterhound::serve {

/// What handlers share; held by the server as long as it runs.
struct Desk {
  std::shared_ptr<Service> service;
  std::shared_ptr<Authentication> authentication;
  bool tls = false;
};

using Routes = std::vector<http::Route>;

Routes SessionRoutes(const Desk& desk);
Routes JobRoutes(const Desk& desk);
Routes ScoreRoutes(const Desk& desk);
Routes RunRoutes(const Desk& desk);
Routes CaseRoutes(const Desk& desk);
Routes PlanRoutes(const Desk& desk);
Routes ReportRoutes(const Desk& desk);
Routes ModelRoutes(const Desk& desk);
Routes SystemRoutes(const Desk& desk);
Routes ReferenceRoutes(const Desk& desk);
Routes PageRoutes();

Routes AllRoutes(const Desk& desk);
http::ApiDescription Api();

// What several families use.

/// A page with inline style that carries its own policy: nothing is loaded, no script runs.
http::Response OwnPage(std::string html);

/// The JSON of a job as the API shows it.
Json JobJson(const store::Job& job);
Json CaseSummaryJson(const store::CaseSummary& one);
/// The run that the query names, or the latest. kNotFound when there is none.
Result<store::Run> ChooseRun(Service& service, const http::Request& request);
/// Accepts an upload or a JSON document as a `detect` job.
Result<store::SubmittedJob> SubmitDetection(Service& service, const http::Request& request);
/// Lets a body be a file of readings, too, kept in a file of its own while it comes in.
void TakeReadings(http::RequestBody& body);
/// The file's name as the client gave it, without folders or anything that could be one.
std::string FileName(const http::Request& request);
/// kUnavailable when as many jobs wait in the queue as may (service.queue_limit).
Status CheckRoom(Service& service, const char* queue);
/// What such a request may say beside its body.
std::vector<http::Parameter> DetectParameters();
/// Writes an entry into the audit log.
Status Record(Service& service, const http::Request& request, const std::string& action, const std::string& target,
              Json detail = nullptr);
store::AuditEntry EntryOf(const http::Request& request, const std::string& action, const std::string& target,
                          Json detail = nullptr);
std::string WhoAsks(const http::Request& request);
/// The idempotency key of a request, with what it asks for.
store::IdempotencyKey IdempotencyOf(const http::Request& request, const std::string& content_hash);

// Rows and their pieces.
http::Route Row(http::Method method, std::string path, std::string operation_id, std::string summary, std::string tag,
                std::string scope, std::vector<http::Parameter> parameters, std::vector<http::ResponseDoc> responses,
                http::Handler handler, http::RequestBody body = {});
http::RequestBody JsonBody(Json schema, bool required = true);
http::ResponseDoc Says(int status, std::string description);  ///< without a body
http::ResponseDoc Gives(std::string description, std::string content_type);
http::ResponseDoc Answers(std::string description, Json schema, int status = 200);
http::ResponseDoc Refuses(int status, std::string description);
http::Parameter Query(std::string name, std::string description, Json schema = {{"type", "string"}});
http::Parameter InPath(std::string name, std::string description);
http::Parameter IdempotencyHeader();

}  // namespace meterhound::serve
