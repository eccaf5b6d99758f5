// Jobs: what is handed in, where it stands, its events, and taking it back.
#include "base/hashing.h"
#include "base/status_of.h"
#include "serve/consumer_json.h"
#include "serve/routes.h"
#include "serve/schemas.h"
#include "serve/uploads.h"
#include "store/identifiers.h"

namespace meterhound::serve {
namespace {

constexpr std::size_t kDetectBody = std::size_t{128} << 20;

Json KindNames() {
  Json names = Json::array();
  for (const auto& [kind, queue] : kKinds) names.push_back(kind);
  return {{"type", "string"}, {"enum", names}};
}

Json TimeOrNull(const std::optional<std::int64_t>& time) { return time ? Json(store::FormatTime(*time)) : Json(); }

Result<store::Input> KeepJson(Service& service, const http::Request& request) {
  // Whatever PanelOf objects to is told at once, not by a job that fails later.
  METERHOUND_RETURN_IF_ERROR(StatusOf(PanelOf(request.json["consumers"], "request")));
  METERHOUND_ASSIGN_OR_RETURN(store::InputWriter writer, service.inputs.Begin("request.json", "application/json"));
  METERHOUND_RETURN_IF_ERROR(writer.Write(request.body));
  return writer.Finish();
}

Result<http::Response> Detect(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(const store::SubmittedJob submitted, SubmitDetection(*desk.service, request));
  return http::Response::OfJson(JobJson(submitted.job), 202).With("Location", "/v1/jobs/" + submitted.job.id);
}

Result<http::Response> List(const Desk& desk, const http::Request& request) {
  store::JobFilter filter;
  if (const auto state = request.Text("state")) filter.state = store::ParseJobState(*state);
  filter.kind = request.Text("kind").value_or("");
  filter.limit = request.Integer("limit").value_or(50);
  filter.cursor = request.Text("cursor").value_or("");
  METERHOUND_ASSIGN_OR_RETURN(const store::JobPage page, desk.service->jobs.List(filter));
  Json items = Json::array();
  for (const store::Job& job : page.jobs) items.push_back(JobJson(job));
  return http::Response::OfJson({{"items", items}, {"next", page.next ? Json(*page.next) : Json()}});
}

Result<http::Response> Show(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(const store::Job job, desk.service->jobs.Find(request.PathText("id")));
  return http::Response::OfJson(JobJson(job)).WithETag(std::to_string(job.version));
}

Result<http::Response> Cancel(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  const Result<store::Job> job = service.jobs.Cancel(request.PathText("id"), store::kKeptMilliseconds);
  if (!job && job.error().code == ErrorCode::kInvalidInput) return http::Problem(409, job.error().message);
  if (!job) return job.error();
  METERHOUND_RETURN_IF_ERROR(Record(service, request, "job.cancel", "job:" + job->id));
  return http::Response::OfJson(JobJson(*job));
}

// Each change of the job as an event, until it has ended.
Result<http::Response> Events(const Desk& desk, const http::Request& request) {
  const std::string id = request.PathText("id");
  METERHOUND_ASSIGN_OR_RETURN(const store::Job first, desk.service->jobs.Find(id));
  http::EventStream stream;
  stream.poll = [service = desk.service, id, seen = std::int64_t{-1}]() mutable -> http::EventStream::Batch {
    const Result<store::Job> job = service->jobs.Find(id);
    if (!job) return {.text = {}, .done = job.error().code == ErrorCode::kNotFound};
    if (job->version == seen) return {};
    seen = job->version;
    return {.text = http::EventStream::Event("job", JobJson(*job), std::to_string(seen)),
            .done = store::HasEnded(job->state)};
  };
  return http::Response::OfStream(std::move(stream));
}

}  // namespace

std::string FileName(const http::Request& request) {
  std::string name = request.Text("filename").value_or("");
  if (name.empty()) {
    const std::string disposition(request.Header("Content-Disposition").value_or(""));
    const std::size_t at = disposition.find("filename=");
    if (at != std::string::npos) name = disposition.substr(at + 9);
    std::erase(name, '"');
    if (const std::size_t end = name.find(';'); end != std::string::npos) name.erase(end);
  }
  std::string safe;
  for (const char c : name.substr(name.find_last_of("/\\") + 1)) {
    safe += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '_' : c;
  }
  return safe.empty() || safe == "." || safe == ".." || safe.size() > 200 ? "readings.csv" : safe;
}

Json JobJson(const store::Job& job) {
  Json links = {{"self", "/v1/jobs/" + job.id}, {"events", "/v1/jobs/" + job.id + "/events"}};
  if (job.state == store::JobState::kDone && job.result.contains("run")) {
    links["result"] = "/v1/cases?run=" + job.result["run"].get<std::string>();
  } else if (job.state == store::JobState::kDone && job.result.contains("case")) {
    links["result"] = "/v1/cases/" + job.result["case"].get<std::string>();
  } else if (job.state == store::JobState::kDone && job.kind == kRetrain && job.result.value("kept", false)) {
    links["result"] = "/v1/models/" + job.result["challenger"].get<std::string>() + "/card";
  }
  Json error;
  if (job.error) {
    error = {{"code", ErrorName(job.error->code)}, {"message", job.error->message}, {"where", job.error->where}};
  }
  return {{"id", job.id},
          {"kind", job.kind},
          {"queue", job.queue},
          {"title", job.title},
          {"state", store::JobStateName(job.state)},
          {"progress",
           {{"stage", job.progress.stage},
            {"done", job.progress.done},
            {"total", job.progress.total},
            {"unit", job.progress.unit}}},
          {"attempts", job.attempts},
          {"created", store::FormatTime(job.created)},
          {"started", TimeOrNull(job.started)},
          {"finished", TimeOrNull(job.finished)},
          {"expires", TimeOrNull(job.expires)},
          {"error", error},
          {"result", job.result},
          {"links", links}};
}

Result<store::SubmittedJob> SubmitDetection(Service& service, const http::Request& request) {
  METERHOUND_RETURN_IF_ERROR(CheckRoom(service, kMathQueue));
  METERHOUND_RETURN_IF_ERROR(
      StatusOf(service.models.Active()));  // a job that no model could ever score is not accepted
  METERHOUND_ASSIGN_OR_RETURN(
      const store::Input input,
      request.upload ? KeepFile(service.inputs, request.upload->path(), FileName(request), request.content_type)
                     : KeepJson(service, request));
  const std::string title = request.json.is_object() ? request.json.value("title", std::string("request")) : input.name;
  const std::string language = request.json.is_object() && request.json.contains("language")
                                   ? request.json["language"].get<std::string>()
                                   : request.Text("language").value_or(service.config.report_language);
  const bool interactive = request.Text("priority").value_or("batch") == "interactive";
  store::NewJob job{.kind = kDetect,
                    .queue = kMathQueue,
                    .priority = interactive ? 0 : 1,
                    .title = title,
                    .owner = request.principal ? request.principal->id : "",
                    .request = {{"language", language}, {"traceparent", request.traceparent}},
                    .input = input.id};
  const std::vector<store::AuditEntry> entries = {
      EntryOf(request, "job.submit", "input:" + input.sha256, {{"title", title}})};
  return store::Submit(
      *service.database, *service.queue, job, IdempotencyOf(request, input.sha256),
      [&](store::Transaction& transaction) { return store::AuditLog::AppendAll(transaction, entries); });
}

std::vector<http::Parameter> DetectParameters() {
  return {Query("priority", "interactive goes before batch", OneOf({"batch", "interactive"})),
          Query("language", "of the reports", Languages()), Query("filename", "of an uploaded file"),
          IdempotencyHeader()};
}

void TakeReadings(http::RequestBody& body) {
  for (const char* type : {"text/csv", "application/vnd.apache.parquet", "application/gzip", "application/zstd",
                           "application/octet-stream"}) {
    body.contents.push_back({.type = type, .schema = {{"type", "string"}, {"format", "binary"}}, .spooled = true});
  }
}

Routes JobRoutes(const Desk& desk) {
  using enum http::Method;
  http::RequestBody upload = JsonBody(Component("DetectRequest"));
  upload.contents[0].limit = kDetectBody;
  TakeReadings(upload);
  http::ResponseDoc accepted = Answers("accepted: will be done", Component("Job"), 202);
  accepted.headers = {{"Location", "where the job stands"}};
  return {
      Row(
          kPost, "/v1/detect", "detect", "Score consumers or a whole file", "detection", "score", DetectParameters(),
          {accepted}, [desk](const http::Request& request) { return Detect(desk, request); }, upload),
      Row(kGet, "/v1/jobs", "listJobs", "Jobs, latest first", "detection", "score",
          {Query("state", "only these", OneOf({"queued", "running", "done", "failed", "cancelled", "dead"})),
           Query("kind", "only these", KindNames()),
           Query("limit", "a page", {{"type", "integer"}, {"minimum", 1}, {"maximum", 200}, {"default", 50}}),
           Query("cursor", "next of the page before")},
          {Answers("a page of jobs", Component("JobPage"))},
          [desk](const http::Request& request) { return List(desk, request); }),
      Row(kGet, "/v1/jobs/{id}", "getJob", "Where a job stands", "detection", "score", {InPath("id", "of the job")},
          {Answers("the job", Component("Job")), Refuses(404, "no such job")},
          [desk](const http::Request& request) { return Show(desk, request); }),
      Row(kDelete, "/v1/jobs/{id}", "cancelJob", "Take a job back", "detection", "score", {InPath("id", "of the job")},
          {Answers("the job, cancelled", Component("Job")), Refuses(404, "no such job"), Refuses(409, "it has ended")},
          [desk](const http::Request& request) { return Cancel(desk, request); }),
      Row(kGet, "/v1/jobs/{id}/events", "watchJob", "Each change of a job, as server-sent events", "detection", "score",
          {InPath("id", "of the job")},
          {Gives("event: job, data: the job; ends with the job", "text/event-stream"), Refuses(404, "no such job")},
          [desk](const http::Request& request) { return Events(desk, request); })};
}

}  // namespace meterhound::serve
