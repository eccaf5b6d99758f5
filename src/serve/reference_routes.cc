// The names of the reference architecture, so that its clients keep working.
#include "serve/routes.h"
#include "serve/schemas.h"

namespace meterhound::serve {
namespace {

constexpr std::int64_t kShown = 1000;

Result<http::Response> Detect(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(const store::SubmittedJob submitted, SubmitDetection(*desk.service, request));
  return http::Response::OfJson({{"job_id", submitted.job.id}, {"status", store::JobStateName(submitted.job.state)}},
                                202)
      .With("Location", "/results/" + submitted.job.id);
}

Result<http::Response> Results(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(const store::Job job, desk.service->jobs.Find(request.PathText("job_id")));
  Json results;
  if (job.state == store::JobState::kDone && job.result.contains("run")) {
    store::CaseFilter filter;
    filter.run = job.result["run"].get<std::string>();
    filter.limit = kShown;
    METERHOUND_ASSIGN_OR_RETURN(const store::CasePage page, desk.service->cases.Page(filter));
    results = Json::array();
    for (const store::CaseSummary& one : page.cases) results.push_back(CaseSummaryJson(one));
  }
  return http::Response::OfJson({{"job_id", job.id}, {"status", store::JobStateName(job.state)}, {"results", results}});
}

}  // namespace

Routes ReferenceRoutes(const Desk& desk) {
  using enum http::Method;
  http::RequestBody upload = JsonBody(Component("DetectRequest"));
  for (const char* type : {"text/csv", "application/vnd.apache.parquet"}) {
    upload.contents.push_back({.type = type, .schema = {{"type", "string"}, {"format", "binary"}}, .spooled = true});
  }
  return {Row(
              kPost, "/detect", "referenceDetect", "As POST /v1/detect", "reference", "score", DetectParameters(),
              {Answers("accepted", Component("DetectAccepted"), 202)},
              [desk](const http::Request& request) { return Detect(desk, request); }, upload),
          Row(kGet, "/results/{job_id}", "referenceResults", "The first thousand of a scored list", "reference",
              "score", {InPath("job_id", "as POST /detect gave it")},
              {Answers("results once the status is done", Component("DetectResults")), Refuses(404, "no such job")},
              [desk](const http::Request& request) { return Results(desk, request); }),
          Row(kGet, "/health", "referenceHealth", "The process is alive", "reference", "", {},
              {Answers("alive", Component("Health"))}, [](const http::Request&) -> Result<http::Response> {
                return http::Response::OfJson({{"status", "healthy"}});
              })};
}

}  // namespace meterhound::serve
