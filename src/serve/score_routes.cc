// Scoring at once: up to 64 consumers in, probabilities with reasons and evidence out.
#include <map>

#include "pipeline/cases.h"
#include "pipeline/drift_check.h"
#include "report/case_report.h"
#include "serve/consumer_json.h"
#include "serve/measurements.h"
#include "serve/routes.h"
#include "serve/schemas.h"

namespace meterhound::serve {
namespace {

// One panel a cadence and kind, for a panel has one of each: positions in the request.
using Group = std::vector<std::size_t>;

std::map<std::pair<std::string, std::string>, Group> GroupsOf(const Json& consumers) {
  std::map<std::pair<std::string, std::string>, Group> groups;
  for (std::size_t i = 0; i < consumers.size(); ++i) {
    groups[{consumers[i]["cadence"].get<std::string>(), consumers[i].value("kind", std::string())}].push_back(i);
  }
  return groups;
}

Json ScoreJson(const report::Case& one, const detectors::RowScore& score, bool trained_on,
               const report::Language& language) {
  const Json explanation = report::ExplanationJson(one.explanation, language);
  return {{"id", one.consumer_id},
          {"probability", one.probability},
          {"probability_low", score.low},
          {"probability_high", score.high},
          {"tier", one.tier},
          {"anomaly_score", one.anomaly_score},
          {"trained_on", trained_on},
          {"reasons", explanation["contributions"]},
          {"evidence", report::EvidenceJson(one.evidence, one.series.cadence)}};
}

Status ScoreGroup(Service& service, const pipeline::Model& model, const Json& consumers, const Group& group,
                  const report::Language& language, const RunContext& context, std::vector<Json>& results) {
  METERHOUND_ASSIGN_OR_RETURN(RequestConsumers made, PanelOf(consumers, group, "request"));
  Panel& panel = made.panel;
  const std::vector<std::uint64_t> hashes = pipeline::ContentHashes(panel, context);
  METERHOUND_ASSIGN_OR_RETURN(const FeatureTable table, model.features.Apply(panel, context));
  METERHOUND_ASSIGN_OR_RETURN(const auto scores, model.detector.Score(table, context));
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < panel.rows(); ++row) rows.push_back(row);
  METERHOUND_ASSIGN_OR_RETURN(
      const auto cases, pipeline::BuildCases(panel, table, scores, pipeline::Judges(rows.size(), &model.detector), rows,
                                             rows, service.config, context));
  for (const std::size_t row : rows) {
    results[group[row]] = ScoreJson(cases[row], scores[row], model.HasSeen(hashes[row]), language);
  }
  if (!model.baseline) return {};
  return service.samples.Offer(model.fingerprint, hashes,
                               [&] { return pipeline::SnapshotOf(panel, table, scores, model); });
}

Result<http::Response> Score(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(const auto model, desk.service->models.Active());
  const Json& consumers = request.json["consumers"];
  // One thread a request: many at once keep all cores busy, and none waits for another's.
  ThreadPool pool(1);
  Progress silent;
  const RunContext context{.pool = pool, .progress = silent, .stop = request.stop};
  const report::Language* language = report::Language::Find(request.json.value("language", std::string("en")));
  std::vector<Json> results(consumers.size());
  for (const auto& [key, group] : GroupsOf(consumers)) {
    METERHOUND_RETURN_IF_ERROR(ScoreGroup(*desk.service, *model, consumers, group, *language, context, results));
  }
  for (const Json& result : results) {
    CountScored(desk.service->metrics, result["tier"].get<std::string>(), result["probability"].get<double>());
  }
  return http::Response::OfJson({{"model", model->fingerprint}, {"results", results}});
}

}  // namespace

Routes ScoreRoutes(const Desk& desk) {
  return {Row(
      http::Method::kPost, "/v1/score", "score", "Score up to 64 consumers at once", "detection", "score", {},
      {Answers("one result a consumer, in the order of the request", Component("ScoreAnswer"))},
      [desk](const http::Request& request) { return Score(desk, request); }, JsonBody(Component("ScoreRequest")))};
}

}  // namespace meterhound::serve
