// Runs: lists that were scored, their quality, and their scores as a file.
#include "base/csv_text.h"
#include "base/numbers.h"
#include "serve/export_csv.h"
#include "serve/routes.h"
#include "serve/schemas.h"
#include "serve/scored_lists.h"
#include "store/identifiers.h"

namespace meterhound::serve {
namespace {

Json RunJson(const store::Run& run) {
  return {{"id", run.id},
          {"title", run.title},
          {"created", store::FormatTime(run.created)},
          {"model", run.model},
          {"consumers", run.consumers},
          {"high", run.high},
          {"medium", run.medium},
          {"detailed", run.detailed},
          {"simulated", run.simulated},
          {"trained_on", run.trained_on},
          {"currency", run.currency},
          {"tariff", run.tariff},
          {"districts", run.districts}};
}

Result<http::Response> List(const Desk& desk, const http::Request&) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<store::Run> runs, desk.service->runs.List());
  Json items = Json::array();
  for (const store::Run& run : runs) items.push_back(RunJson(run));
  return http::Response::OfJson({{"items", items}});
}

Result<http::Response> Show(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(const store::Run run, desk.service->runs.Find(request.PathText("id")));
  METERHOUND_ASSIGN_OR_RETURN(const Json evaluation, desk.service->runs.Detail(run.id, "evaluation"));
  Json json = RunJson(run);
  json["evaluation"] = evaluation;
  return http::Response::OfJson(json).WithETag(run.id);
}

Result<http::Response> Quality(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(const store::Run run, desk.service->runs.Find(request.PathText("id")));
  METERHOUND_ASSIGN_OR_RETURN(const Json quality, desk.service->runs.Detail(run.id, "quality"));
  return http::Response::OfJson({{"items", quality.is_null() ? Json::array() : quality}});
}

Result<http::Response> Scores(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  METERHOUND_ASSIGN_OR_RETURN(const store::Run run, service.runs.Find(request.PathText("id")));
  METERHOUND_ASSIGN_OR_RETURN(const Names names, Names::Of(request));
  std::string csv =
      "consumer_id,probability,tier,anomaly_score,probability_low,probability_high,missing_kwh,missing_kwh_low,missing_"
      "kwh_high,"
      "listed_for,district,status\n";
  const auto number = [&](const std::optional<double>& value) {
    csv += ',';
    if (value) AppendDouble(csv, *value);
  };
  METERHOUND_RETURN_IF_ERROR(EachCase(service.cases, run.id, [&](const store::CaseSummary& one) {
    AppendSafeCsvField(csv, names.Of(one.consumer_id));
    number(one.probability);
    csv += "," + one.tier;
    number(one.anomaly_score);
    number(one.probability_low);
    number(one.probability_high);
    number(one.missing_kwh ? std::optional(one.missing_kwh->value) : std::nullopt);
    number(one.missing_kwh ? std::optional(one.missing_kwh->low) : std::nullopt);
    number(one.missing_kwh ? std::optional(one.missing_kwh->high) : std::nullopt);
    csv += "," + one.listed_for + ",";
    AppendSafeCsvField(csv, one.district.value_or(""));
    csv += "," + one.status + "\n";
  }));
  METERHOUND_RETURN_IF_ERROR(Record(service, request, "run.export", "run:" + run.id));
  return http::Response::OfText(std::move(csv), "text/csv; charset=utf-8").AsDownload("scores.csv");
}

}  // namespace

Routes RunRoutes(const Desk& desk) {
  using enum http::Method;
  return {
      Row(kGet, "/v1/runs", "listRuns", "Scored lists, latest first", "cases", "score", {},
          {Answers("the runs", Component("RunList"))},
          [desk](const http::Request& request) { return List(desk, request); }),
      Row(kGet, "/v1/runs/{id}", "getRun", "One scored list, with how good its model was measured to be", "cases",
          "score", {InPath("id", "of the run")}, {Answers("the run", Component("Run")), Refuses(404, "no such run")},
          [desk](const http::Request& request) { return Show(desk, request); }),
      Row(kGet, "/v1/runs/{id}/quality", "getQuality", "What was found about the readings", "cases", "score",
          {InPath("id", "of the run")}, {Answers("the findings", Component("Quality")), Refuses(404, "no such run")},
          [desk](const http::Request& request) { return Quality(desk, request); }),
      Row(kGet, "/v1/runs/{id}/scores.csv", "getScores", "The whole list as a file", "cases", "review",
          {InPath("id", "of the run"), PseudonymousParameter()},
          {Gives("one row a consumer, best first", "text/csv"), Refuses(404, "no such run")},
          [desk](const http::Request& request) { return Scores(desk, request); })};
}

}  // namespace meterhound::serve
