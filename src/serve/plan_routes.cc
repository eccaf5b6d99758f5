// Plans: whom to visit under a budget, as JSON, as a file and as work orders to print.
#include <memory>

#include "detectors/evaluation.h"
#include "pipeline/planning.h"
#include "report/kept_case.h"
#include "report/page_style.h"
#include "report/svg.h"
#include "report/wording.h"
#include "serve/export_csv.h"
#include "serve/job_handlers.h"
#include "serve/routes.h"
#include "serve/schemas.h"
#include "serve/scored_lists.h"
#include "serve/store_visits.h"

namespace meterhound::serve {
namespace {

constexpr std::size_t kMostOrders = 500;

/// A plan, with the places of its consumers in their list.
struct Planned {
  store::Run run;
  report::VisitPlan plan;
  std::shared_ptr<const RunList> list;

  store::CaseName CaseOf(const report::PlannedVisit& visit) const {
    return {run.id, list->rank_of.at(visit.consumer_id)};
  }
};

std::optional<double> NumberOf(const http::Request& request, std::string_view name) {
  const auto found = request.query_parameters.find(name);
  if (found == request.query_parameters.end() || found->second.is_null()) return std::nullopt;
  return found->second.get<double>();
}

pipeline::PlanOptions OptionsOf(const http::Request& request, const store::Run& run, const pipeline::Config& config) {
  pipeline::PlanOptions options;
  if (const auto visits = request.Integer("visits")) options.terms.visits = static_cast<std::size_t>(*visits);
  options.terms.budget = NumberOf(request, "budget");
  options.terms.visit_cost = NumberOf(request, "visit_cost").value_or(config.visit_cost);
  options.terms.tariff = NumberOf(request, "tariff").value_or(run.tariff);
  options.terms.currency = run.currency;
  options.terms.random_share = NumberOf(request, "random_share").value_or(config.random_share);
  options.terms.seed = static_cast<std::uint64_t>(request.Integer("seed").value_or(1));
  options.travel_cost = NumberOf(request, "travel_cost");
  if (options.travel_cost) options.terms.travel_by = kDistrictColumn;
  options.typical_kwh = NumberOf(request, "typical_kwh");
  options.skip_unknown = true;
  return options;
}

Result<Planned> MakePlanned(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  Planned planned;
  METERHOUND_ASSIGN_OR_RETURN(planned.run, ChooseRun(service, request));
  METERHOUND_ASSIGN_OR_RETURN(planned.list, service.lists.Of(planned.run.id));
  METERHOUND_ASSIGN_OR_RETURN(const Json kept, service.runs.Detail(planned.run.id, "evaluation"));
  std::optional<detectors::Evaluation> evaluation;
  if (!kept.is_null()) {
    METERHOUND_ASSIGN_OR_RETURN(evaluation, detectors::EvaluationFromJson(kept));
  }
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Feedback feedback, VisitsIn(service.feedback));
  METERHOUND_ASSIGN_OR_RETURN(
      planned.plan,
      pipeline::MakePlan(planned.list->list, feedback, OptionsOf(request, planned.run, service.config), evaluation));
  planned.plan.title = planned.run.title;
  planned.plan.simulated = planned.run.simulated;
  planned.plan.seen = static_cast<std::size_t>(planned.run.trained_on);
  return planned;
}

Result<http::Response> ShowPlan(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(const Planned planned, MakePlanned(desk, request));
  Json json = report::PlanJson(planned.plan);
  for (std::size_t i = 0; i < planned.plan.visits.size(); ++i) {
    json["visits"][i]["case"] = planned.CaseOf(planned.plan.visits[i]).id();
  }
  json["run"] = planned.run.id;
  return http::Response::OfJson(json);
}

Result<http::Response> PlanFile(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(Planned planned, MakePlanned(desk, request));
  for (report::PlannedVisit& visit : planned.plan.visits) {
    visit.consumer_id = SafeForSpreadsheet(visit.consumer_id);
    visit.district = SafeForSpreadsheet(visit.district);
  }
  METERHOUND_RETURN_IF_ERROR(Record(*desk.service, request, "plan.export", "run:" + planned.run.id));
  return http::Response::OfText(report::PlanCsv(planned.plan), "text/csv; charset=utf-8").AsDownload("plan.csv");
}

// What a crew fills in.
std::string Form(const report::Language& language) {
  const auto row = [](const std::string& name, const std::string& what) {
    return "<tr><th scope=\"row\">" + report::Escape(name) + "</th><td>" + what + "</td></tr>";
  };
  const auto box = [&](const char* key) { return "&#9744; " + report::Escape(language.Text(key)) + "&emsp;"; };
  return "<table>" + row(language.Text("order.date"), "&nbsp;") +
         row(language.Text("order.outcome"), box("order.found") + box("order.not_found") + box("order.no_access")) +
         row(language.Text("order.kwh"), "&nbsp;") + row(language.Text("order.notes"), "<br><br><br>") +
         row(language.Text("order.signature"), "&nbsp;") + "</table>";
}

// The crew's sheet of a case, or its name and place where no details are kept.
Result<std::string> Sheet(Service& service, const Planned& planned, const report::PlannedVisit& visit,
                          const report::Language& language) {
  METERHOUND_ASSIGN_OR_RETURN(const store::CaseDetail detail, service.cases.Detail(planned.CaseOf(visit)));
  if (detail.series.is_null()) {
    return language.Text("sheet.consumer", {{"id", report::Printable(visit.consumer_id)}}) + "\n\n" +
           language.Text("order.no_details") + "\n";
  }
  METERHOUND_ASSIGN_OR_RETURN(const report::Case one, report::RestoreCase(detail.series));
  const report::RunReport head = ReportHead(planned.run, language.code());
  METERHOUND_ASSIGN_OR_RETURN(const report::CaseReport kept, report::WordsOf(detail.document));
  if (kept.language == language.code()) return report::CaseText(one, kept, head);
  METERHOUND_ASSIGN_OR_RETURN(const report::CaseReport words, report::TemplateCaseWriter().Write(one, head));
  return report::CaseText(one, words, head);
}

Result<http::Response> WorkOrders(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(const Planned planned, MakePlanned(desk, request));
  const report::Language& language = *report::Language::Find(request.Text("language").value_or("en"));
  const auto& visits = planned.plan.visits;
  if (visits.size() > kMostOrders) {
    return InvalidInput("found a plan of " + std::to_string(visits.size()) + " visits, expected at most " +
                            std::to_string(kMostOrders) + " to print",
                        "plan");
  }
  std::string body;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string sheet, Sheet(*desk.service, planned, visits[i], language));
    body += "<section style=\"break-after: page\"><h1>" +
            report::Escape(
                language.Text("order.title", {{"n", language.Count(i + 1)}, {"of", language.Count(visits.size())}})) +
            "</h1>" + (visits[i].district.empty() ? "" : "<p>" + report::Escape(visits[i].district) + "</p>") +
            "<pre style=\"white-space: pre-wrap\">" + report::Escape(sheet) + "</pre>" + Form(language) + "</section>";
  }
  METERHOUND_RETURN_IF_ERROR(
      Record(*desk.service, request, "plan.print", "run:" + planned.run.id, {{"visits", visits.size()}}));
  return OwnPage(report::Page(planned.run.title, body, language.code()));
}

}  // namespace

http::Response OwnPage(std::string html) {
  return http::Response::OfText(std::move(html), "text/html; charset=utf-8")
      .With("Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'");
}

Routes PlanRoutes(const Desk& desk) {
  const Json money = {{"type", "number"}, {"minimum", 0}, {"maximum", 1e12}};
  std::vector<http::Parameter> terms = {
      Query("run", "whose list; without it the latest"),
      Query("visits", "either so many visits", {{"type", "integer"}, {"minimum", 1}, {"maximum", 1'000'000}}),
      Query("budget", "or as many as cost no more", money),
      Query("visit_cost", "money a visit costs", money),
      Query("travel_cost", "money the way to each district costs", money),
      Query("tariff", "money a kWh", money),
      Query("random_share", "of the visits, drawn at random to learn from",
            {{"type", "number"}, {"minimum", 0}, {"maximum", 1}}),
      Query("typical_kwh", "energy of a theft without a dated drop", money),
      Query("seed", "of the draw", {{"type", "integer"}, {"minimum", 0}, {"maximum", 2'000'000'000}})};
  using enum http::Method;
  std::vector<http::Parameter> printed = terms;
  printed.push_back(Query("language", "of the sheets", Languages()));
  return {Row(kGet, "/v1/plan", "getPlan", "Whom to visit, and what that is expected to bring", "plan", "review", terms,
              {Answers("the plan", Component("Plan")), Refuses(404, "no such run")},
              [desk](const http::Request& request) { return ShowPlan(desk, request); }),
          Row(kGet, "/v1/plan.csv", "getPlanFile", "The plan as a file", "plan", "review", terms,
              {Gives("one row a visit", "text/csv"), Refuses(404, "no such run")},
              [desk](const http::Request& request) { return PlanFile(desk, request); }),
          Row(kGet, "/v1/plan.html", "getWorkOrders", "Work orders to print, one a visit", "plan", "review", printed,
              {Gives("a page with one sheet a visit", "text/html"), Refuses(404, "no such run")},
              [desk](const http::Request& request) { return WorkOrders(desk, request); })};
}

}  // namespace meterhound::serve
