// Cases: the ranked list, one consumer with everything that is known, and what visits found.
#include <algorithm>

#include "base/hashing.h"
#include "report/kept_case.h"
#include "serve/export_csv.h"
#include "serve/peer_band.h"
#include "serve/routes.h"
#include "serve/schemas.h"
#include "store/identifiers.h"

namespace meterhound::serve {
namespace {

constexpr const char* kViewed = "case.view";

Result<http::Response> List(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  store::CaseFilter filter;
  if (const auto run = request.Text("run")) {
    METERHOUND_ASSIGN_OR_RETURN(const store::Run found, service.runs.Find(*run));
    filter.run = found.id;
  } else {
    METERHOUND_ASSIGN_OR_RETURN(const std::optional<std::string> latest, service.runs.Latest());
    if (!latest)
      return http::Response::OfJson({{"run", nullptr}, {"items", Json::array()}, {"total", 0}, {"next", nullptr}});
    filter.run = *latest;
  }
  const auto list = [&](const char* name, std::vector<std::string>& to) {
    const auto found = request.query_parameters.find(name);
    if (found != request.query_parameters.end() && found->second.is_array())
      to = found->second.get<std::vector<std::string>>();
  };
  list("tier", filter.tiers);
  list("status", filter.statuses);
  if (const auto district = request.Text("district")) filter.district = *district;
  filter.query = request.Text("q").value_or("");
  filter.sort = store::ParseCaseSort(request.Text("sort").value_or("rank")).value_or(store::CaseSort::kRank);
  filter.limit = request.Integer("limit").value_or(50);
  filter.cursor = request.Text("cursor").value_or("");
  METERHOUND_ASSIGN_OR_RETURN(const store::CasePage page, service.cases.Page(filter));
  Json items = Json::array();
  for (const store::CaseSummary& one : page.cases) items.push_back(CaseSummaryJson(one));
  return http::Response::OfJson(
      {{"run", filter.run}, {"items", items}, {"total", page.total}, {"next", page.next ? Json(*page.next) : Json()}});
}

Json FeedbackJson(const store::Feedback& one) {
  return {{"id", one.id},
          {"case", one.of.id()},
          {"consumer_id", one.consumer_id},
          {"outcome", one.outcome},
          {"visited_on", one.visited_on},
          {"recovered_kwh", one.recovered_kwh ? Json(*one.recovered_kwh) : Json()},
          {"note", one.note},
          {"selection_probability", one.selection_probability ? Json(*one.selection_probability) : Json()},
          {"at", store::FormatTime(one.at)},
          {"who", one.who}};
}

// The load curve as it was read: what was filled in is missing again.
Json SeriesJson(const report::CaseSeries& series) {
  Json times = Json::array();
  Json values = Json::array();
  for (std::size_t i = 0; i < series.times.size(); ++i) {
    times.push_back(TimeText(series.times[i], series.cadence));
    values.push_back(series.missing[i] != 0 ? Json() : Json(series.values[i]));
  }
  return {{"kind", series.kind},
          {"unit", series.unit},
          {"cadence", CadenceName(series.cadence)},
          {"times", times},
          {"values", values}};
}

Result<Json> HistoryJson(Service& service, const std::string& id, const std::string& run) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<store::AuditEntry> entries, service.audit.Of("case:" + id));
  METERHOUND_ASSIGN_OR_RETURN(const store::Run scored, service.runs.Find(run));
  Json history = Json::array();
  history.push_back({{"at", store::FormatTime(scored.created)},
                     {"who", "worker"},
                     {"what", "case.scored"},
                     {"detail", {{"list", scored.title}}}});
  for (const store::AuditEntry& entry : entries) {
    if (entry.action == kViewed) continue;
    history.push_back(
        {{"at", store::FormatTime(entry.at)}, {"who", entry.who}, {"what", entry.action}, {"detail", entry.detail}});
  }
  return history;
}

// The job that is writing this case's report anew, or did so last.
Result<Json> ReportJob(Service& service, const std::string& id) {
  store::JobFilter filter;
  filter.kind = kReport;
  METERHOUND_ASSIGN_OR_RETURN(const store::JobPage page, service.jobs.List(filter));
  for (const store::Job& job : page.jobs) {
    const Json& cases = job.request["cases"];
    if (std::find(cases.begin(), cases.end(), Json(id)) != cases.end()) return JobJson(job);
  }
  return Json();
}

Result<http::Response> Show(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  const std::string id = request.PathText("id");
  METERHOUND_ASSIGN_OR_RETURN(const store::CaseName name, store::ParseCaseId(id));
  METERHOUND_ASSIGN_OR_RETURN(const store::CaseSummary summary, service.cases.Find(name));
  METERHOUND_ASSIGN_OR_RETURN(const store::CaseDetail detail, service.cases.Detail(name));
  METERHOUND_ASSIGN_OR_RETURN(const auto feedback, service.feedback.OfCase(name));
  Json json = CaseSummaryJson(summary);
  json["case"] = detail.document;
  json["series"] = nullptr;
  json["peers"] = nullptr;
  if (!detail.series.is_null()) {
    METERHOUND_ASSIGN_OR_RETURN(const report::Case kept, report::RestoreCase(detail.series));
    json["series"] = SeriesJson(kept.series);
    METERHOUND_ASSIGN_OR_RETURN(json["peers"], service.runs.Detail(name.run, "peers"));
  }
  json["feedback"] = Json::array();
  for (const store::Feedback& one : feedback) json["feedback"].push_back(FeedbackJson(one));
  METERHOUND_ASSIGN_OR_RETURN(json["history"], HistoryJson(service, id, name.run));
  METERHOUND_ASSIGN_OR_RETURN(json["report_job"], ReportJob(service, id));
  METERHOUND_RETURN_IF_ERROR(Record(service, request, kViewed, "case:" + id));
  return http::Response::OfJson(json).WithETag();
}

Result<http::Response> AddFeedback(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  const std::string id = request.PathText("id");
  METERHOUND_ASSIGN_OR_RETURN(const store::CaseName name, store::ParseCaseId(id));
  const auto number = [&](const char* key) {
    const Json& json = request.json;
    return json.contains(key) && !json[key].is_null() ? std::optional(json[key].get<double>()) : std::nullopt;
  };
  store::Feedback given{.id = {},
                        .of = name,
                        .consumer_id = {},
                        .outcome = request.json["outcome"].get<std::string>(),
                        .visited_on = request.json["visited_on"].get<std::string>(),
                        .recovered_kwh = number("recovered_kwh"),
                        .note = request.json.value("note", std::string()),
                        .selection_probability = number("selection_probability"),
                        .at = 0,
                        .who = WhoAsks(request)};
  if (given.recovered_kwh && given.outcome != "found") {
    return http::Problem({{"/recovered_kwh", "found a number, expected none where theft was not found"}});
  }
  if (given.visited_on > store::FormatTime(store::NowMilliseconds() + 86'400'000).substr(0, 10)) {
    return http::Problem({{"/visited_on", "found " + given.visited_on + ", expected no day to come"}});
  }
  const store::IdempotencyKey key = IdempotencyOf(request, Sha256Hex(request.json.dump()));
  Json answer;
  const Status written = service.database->Write([&](store::Transaction& transaction) -> Status {
    METERHOUND_ASSIGN_OR_RETURN(const auto remembered, store::FindAnswer(transaction, key));
    if (remembered) {
      answer = Json::parse(*remembered);
      return {};
    }
    METERHOUND_ASSIGN_OR_RETURN(const store::Feedback added, store::FeedbackStore::Add(transaction, given));
    answer = FeedbackJson(added);
    METERHOUND_RETURN_IF_ERROR(store::RememberAnswer(transaction, key, answer.dump()));
    return store::AuditLog::AppendAll(transaction,
                                      {EntryOf(request, "feedback.add", "case:" + id,
                                               {{"outcome", added.outcome}, {"visited_on", added.visited_on}})});
  });
  METERHOUND_RETURN_IF_ERROR(written);
  return http::Response::OfJson(answer, 201).With("Location", "/v1/cases/" + id);
}

// The file that --feedback takes.
Result<http::Response> FeedbackFile(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  METERHOUND_ASSIGN_OR_RETURN(const Names names, Names::Of(request));
  METERHOUND_ASSIGN_OR_RETURN(const auto all, service.feedback.List(request.Text("run").value_or(""), {}, 1'000'000));
  std::string csv = "consumer_id,visited_on,outcome,kwh_found,selection_probability\n";
  for (const store::Feedback& one : all) {
    AppendSafeCsvField(csv, names.Of(one.consumer_id));
    csv += "," + one.visited_on + "," + one.outcome + ",";
    if (one.recovered_kwh) csv += Json(*one.recovered_kwh).dump();
    csv += ",";
    if (one.selection_probability) csv += Json(*one.selection_probability).dump();
    csv += "\n";
  }
  METERHOUND_RETURN_IF_ERROR(Record(service, request, "feedback.export", ""));
  return http::Response::OfText(std::move(csv), "text/csv; charset=utf-8").AsDownload("feedback.csv");
}

}  // namespace

Json CaseSummaryJson(const store::CaseSummary& one) {
  Json kwh;
  if (one.missing_kwh)
    kwh = {{"value", one.missing_kwh->value}, {"low", one.missing_kwh->low}, {"high", one.missing_kwh->high}};
  return {{"id", one.id()},
          {"run", one.run},
          {"consumer_id", one.consumer_id},
          {"rank", one.rank},
          {"probability", one.probability},
          {"probability_low", one.probability_low},
          {"probability_high", one.probability_high},
          {"tier", one.tier},
          {"anomaly_score", one.anomaly_score ? Json(*one.anomaly_score) : Json()},
          {"listed_for", one.listed_for},
          {"missing_kwh", kwh},
          {"missing_money", one.missing_money ? Json(*one.missing_money) : Json()},
          {"change_date", one.change_date ? Json(*one.change_date) : Json()},
          {"district", one.district ? Json(*one.district) : Json()},
          {"attributes", one.attributes},
          {"status", one.status},
          {"detailed", one.detailed}};
}

Routes CaseRoutes(const Desk& desk) {
  using enum http::Method;
  const Json outcomes = OneOf({"open", "found", "not_found", "no_access"});
  return {
      Row(kGet, "/v1/cases", "listCases", "The ranked list, filtered and page by page", "cases", "review",
          {Query("run", "whose list; without it the latest"),
           Query("tier", "only these", ArrayOf(OneOf({"high", "medium", "low"}))),
           Query("status", "only these", ArrayOf(outcomes)), Query("district", "only this"),
           Query("q", "part of a consumer's id", {{"type", "string"}, {"maxLength", 200}}),
           Query("sort", "order",
                 {{"enum", {"rank", "-probability", "-missing_kwh", "-anomaly_score", "consumer_id"}},
                  {"default", "rank"},
                  {"type", "string"}}),
           Query("limit", "a page", {{"type", "integer"}, {"minimum", 1}, {"maximum", 200}, {"default", 50}}),
           Query("cursor", "next of the page before")},
          {Answers("a page of cases", Component("CasePage")), Refuses(404, "no such run")},
          [desk](const http::Request& request) { return List(desk, request); }),
      Row(kGet, "/v1/cases/{id}", "getCase", "One consumer with readings, reasons, evidence, report and history",
          "cases", "review", {InPath("id", "of the case")},
          {Answers("the case", Component("Case")), Refuses(404, "no such case")},
          [desk](const http::Request& request) { return Show(desk, request); }),
      Row(
          kPost, "/v1/cases/{id}/feedback", "addFeedback", "What a visit found", "cases", "review",
          {InPath("id", "of the case"), IdempotencyHeader()},
          {Answers("as it was stored", Component("Feedback"), 201), Refuses(404, "no such case")},
          [desk](const http::Request& request) { return AddFeedback(desk, request); },
          JsonBody(Component("NewFeedback"))),
      Row(kGet, "/v1/feedback.csv", "getFeedback", "What visits found, as the file that --feedback takes", "cases",
          "review", {Query("run", "only of this run"), PseudonymousParameter()}, {Gives("one row a visit", "text/csv")},
          [desk](const http::Request& request) { return FeedbackFile(desk, request); })};
}

}  // namespace meterhound::serve
