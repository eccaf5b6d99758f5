// Reports: one case as its crew reads it, and having it worded anew.
#include "base/hashing.h"
#include "base/status_of.h"
#include "report/kept_case.h"
#include "report/run_report.h"
#include "serve/job_handlers.h"
#include "serve/routes.h"
#include "serve/schemas.h"

namespace meterhound::serve {
namespace {

struct Kept {
  report::Case one;
  report::CaseReport words;
  report::RunReport head;
};

// In the language asked for: the stored words, or the template's where they are in another one.
Result<Kept> Find(Service& service, const std::string& id, const std::optional<std::string>& language) {
  METERHOUND_ASSIGN_OR_RETURN(const store::CaseName name, store::ParseCaseId(id));
  METERHOUND_RETURN_IF_ERROR(StatusOf(service.cases.Find(name)));
  METERHOUND_ASSIGN_OR_RETURN(const store::CaseDetail detail, service.cases.Detail(name));
  if (detail.series.is_null()) {
    return NotFound("no report: it is not among the first of its list, of which details are kept", "case " + id);
  }
  METERHOUND_ASSIGN_OR_RETURN(const store::Run run, service.runs.Find(name.run));
  Kept kept;
  METERHOUND_ASSIGN_OR_RETURN(kept.one, report::RestoreCase(detail.series));
  METERHOUND_ASSIGN_OR_RETURN(kept.words, report::WordsOf(detail.document));
  kept.head = ReportHead(run, language.value_or(kept.words.language));
  if (kept.words.language == kept.head.language) return kept;
  METERHOUND_ASSIGN_OR_RETURN(kept.words, report::TemplateCaseWriter().Write(kept.one, kept.head));
  return kept;
}

std::string FormatOf(const http::Request& request) {
  if (const auto format = request.Text("format")) return *format;
  const std::string accept(request.Header("Accept").value_or(""));
  for (const auto& [type, format] :
       {std::pair{"application/json", "json"}, std::pair{"text/html", "html"}, std::pair{"text/plain", "text"}}) {
    if (accept.find(type) != std::string::npos) return format;
  }
  return "json";
}

Result<http::Response> Show(const Desk& desk, const http::Request& request) {
  const std::string id = request.PathText("id");
  METERHOUND_ASSIGN_OR_RETURN(Kept kept, Find(*desk.service, id, request.Text("language")));
  METERHOUND_RETURN_IF_ERROR(Record(*desk.service, request, "report.view", "case:" + id));
  const std::string format = FormatOf(request);
  if (format == "text") {
    return http::Response::OfText(report::CaseText(kept.one, kept.words, kept.head)).WithETag();
  }
  if (format == "html") {
    kept.head.cases = {kept.one};
    return OwnPage(report::RunPage(kept.head, {kept.words})).WithETag();
  }
  return http::Response::OfJson(report::CaseJson(kept.one, kept.words, kept.head)).WithETag();
}

Result<http::Response> Reword(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  const std::string id = request.PathText("id");
  METERHOUND_ASSIGN_OR_RETURN(const Kept kept, Find(service, id, std::nullopt));
  METERHOUND_RETURN_IF_ERROR(CheckRoom(service, kLlmQueue));
  const std::string language =
      request.json.is_object() ? request.json.value("language", kept.words.language) : kept.words.language;
  const store::NewJob job{.kind = kReport,
                          .queue = kLlmQueue,
                          .priority = 0,
                          .title = "Report of " + kept.one.consumer_id,
                          .owner = request.principal ? request.principal->id : "",
                          .request = {{"cases", {id}}, {"language", language}, {"traceparent", request.traceparent}},
                          .input = {}};
  const std::vector<store::AuditEntry> entries = {
      EntryOf(request, "report.order", "case:" + id, {{"language", language}})};
  METERHOUND_ASSIGN_OR_RETURN(
      const store::SubmittedJob submitted,
      store::Submit(*service.database, *service.queue, job, IdempotencyOf(request, Sha256Hex(id + language)),
                    [&](store::Transaction& transaction) { return store::AuditLog::AppendAll(transaction, entries); }));
  return http::Response::OfJson(JobJson(submitted.job), 202).With("Location", "/v1/jobs/" + submitted.job.id);
}

}  // namespace

Routes ReportRoutes(const Desk& desk) {
  using enum http::Method;
  http::ResponseDoc html = Gives("a page of its own", "text/html");
  return {
      Row(kGet, "/v1/reports/{id}", "getReport", "The report of a case, as JSON, text or HTML", "cases", "review",
          {InPath("id", "of the case"), Query("format", "instead of Accept", OneOf({"json", "text", "html"})),
           Query("language", "another one than it was written in", Languages())},
          {Answers("docs/case.schema.json describes it", {{"type", "object"}}), Gives("the crew's sheet", "text/plain"),
           html, Refuses(404, "no such case, or no details of it")},
          [desk](const http::Request& request) { return Show(desk, request); }),
      Row(
          kPost, "/v1/reports/{id}", "orderReport", "Have the report worded anew by the language model", "cases",
          "review", {InPath("id", "of the case"), IdempotencyHeader()},
          {Answers("accepted: will be done", Component("Job"), 202), Refuses(404, "no such case, or no details of it")},
          [desk](const http::Request& request) { return Reword(desk, request); },
          JsonBody(Component("NewReport"), false))};
}

}  // namespace meterhound::serve
