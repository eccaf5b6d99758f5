// The job of math_queue: an upload in, a run with its cases out.
#include <algorithm>
#include <cmath>

#include "base/status_of.h"
#include "detectors/evaluation.h"
#include "pipeline/cases.h"
#include "pipeline/inspection_list.h"
#include "report/kept_case.h"
#include "serve/consumer_json.h"
#include "serve/drift_checking.h"
#include "serve/job_handlers.h"
#include "serve/peer_band.h"
#include "serve/uploads.h"

namespace meterhound::serve {
namespace {

struct Upload {
  pipeline::SourceData data;
  std::vector<std::map<std::string, std::string>> attributes;  ///< of JSON consumers, in the panel's order; or empty
};

Result<Upload> FromJson(Service& service, const store::Input& input, const std::string& title) {
  std::string text;
  METERHOUND_RETURN_IF_ERROR(service.inputs.Read(input.id, [&](std::string_view part) -> Status {
    text += part;
    return {};
  }));
  METERHOUND_ASSIGN_OR_RETURN(const Json json, ParseJson(text, input.name));
  METERHOUND_ASSIGN_OR_RETURN(RequestConsumers made, PanelOf(json.at("consumers"), title));
  Upload upload{.data = {}, .attributes = std::move(made.attributes)};
  upload.data.panel = std::move(made.panel);
  return upload;
}

Result<Upload> FromFile(Service& service, const store::Input& input, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, ReadUpload(service.inputs, input, service.config, context));
  return Upload{.data = std::move(data), .attributes = {}};
}

Result<Upload> Read(Service& service, const store::Job& job, const RunContext& context) {
  if (!job.input) return Corrupt("found no input, expected one", "job " + job.id);
  METERHOUND_ASSIGN_OR_RETURN(const store::Input input, service.inputs.Find(*job.input));
  if (input.media_type == "application/json") return FromJson(service, input, job.title);
  return FromFile(service, input, context);
}

std::string DistrictOf(const store::CaseSummary& one, const std::string& column) {
  return one.attributes.contains(column) ? one.attributes[column].get<std::string>() : std::string();
}

// Rows of the store in the order of the list.
std::vector<store::CaseSummary> Summaries(const pipeline::Ranking& ranking, const pipeline::ScoredList& list,
                                          const Upload& upload, const pipeline::Config& config) {
  std::vector<store::CaseSummary> cases;
  cases.reserve(list.consumers.size());
  for (std::size_t i = 0; i < list.consumers.size(); ++i) {
    const pipeline::ScoredConsumer& from = list.consumers[i];
    store::CaseSummary one;
    one.rank = static_cast<std::int64_t>(i + 1);
    one.consumer_id = from.id;
    one.probability = from.probability.value;
    one.probability_low = from.probability.low;
    one.probability_high = from.probability.high;
    one.tier = from.tier;
    one.listed_for = from.listed_for_sign ? "sign" : "probability";
    if (std::isfinite(from.anomaly_score)) one.anomaly_score = from.anomaly_score;
    if (from.missing_kwh) {
      one.missing_kwh = {from.missing_kwh->value, from.missing_kwh->low, from.missing_kwh->high};
      if (config.tariff > 0) one.missing_money = from.missing_kwh->value * config.tariff;
    }
    for (std::size_t k = 0; k < list.further.size(); ++k) {
      if (!from.further[k].empty()) one.attributes[list.further[k]] = from.further[k];
    }
    if (!upload.attributes.empty()) {
      for (const auto& [name, value] : upload.attributes[ranking.order[i]]) one.attributes[name] = value;
    }
    if (const std::string district = DistrictOf(one, config.service_district); !district.empty())
      one.district = district;
    cases.push_back(std::move(one));
  }
  return cases;
}

Json DistrictTable(const std::vector<store::CaseSummary>& cases) {
  struct Sum {
    std::int64_t consumers = 0;
    std::int64_t high = 0;
    double kwh = 0;
  };
  std::map<std::string, Sum> sums;
  for (const store::CaseSummary& one : cases) {
    if (!one.district) continue;
    Sum& sum = sums[*one.district];
    ++sum.consumers;
    if (one.tier == "high") ++sum.high;
    if (one.missing_kwh) sum.kwh += one.probability * one.missing_kwh->value;
  }
  Json table = Json::array();
  for (const auto& [name, sum] : sums) {
    table.push_back({{"name", name}, {"consumers", sum.consumers}, {"high", sum.high}, {"expected_kwh", sum.kwh}});
  }
  return table;
}

Json QualityTable(const std::vector<report::QualityLine>& lines) {
  Json table = Json::array();
  for (const report::QualityLine& line : lines) {
    table.push_back(
        {{"name", line.name}, {"value", line.value}, {"severity", line.severity}, {"meaning", line.meaning}});
  }
  return table;
}

// Everything that a run leaves in the store.
struct Outcome {
  store::Run run;
  std::vector<store::CaseSummary> cases;
  std::vector<store::CaseDetail> details;  ///< of the first so many cases
  Json quality, evaluation, peers;
  ListDrift drift;
  std::string language;
};

Result<Outcome> Score(Service& service, const store::Job& job, const RunContext& context) {
  const std::string language = job.request.value("language", service.config.report_language);
  METERHOUND_ASSIGN_OR_RETURN(const auto model, service.models.Active());
  METERHOUND_ASSIGN_OR_RETURN(Upload upload, Read(service, job, context));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Ranking ranking,
                              pipeline::RankWithModel(std::move(upload.data), *model, context));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::ScoredList list, pipeline::ListOf(ranking, service.config, context));
  pipeline::Config config = service.config;
  config.report_language = language;
  config.report_cases = config.service_detailed_cases;
  METERHOUND_ASSIGN_OR_RETURN(const report::RunReport run, pipeline::MakeReport(ranking, *model, {}, config, context));
  METERHOUND_ASSIGN_OR_RETURN(const auto words, report::TemplateCaseWriter().WriteAll(run.cases, run));

  Outcome outcome;
  outcome.language = language;
  outcome.cases = Summaries(ranking, list, upload, config);
  for (std::size_t i = 0; i < run.cases.size(); ++i) {
    const report::Case& one = run.cases[i];
    store::CaseSummary& row = outcome.cases[one.rank - 1];
    row.detailed = true;
    if (one.evidence.missing_kwh && one.evidence.change) {
      row.change_date = TimeText(one.evidence.change->time, one.series.cadence).substr(0, 10);
    }
    outcome.details.push_back({.document = report::CaseJson(one, words[i], run),
                               .series = report::KeepCase(one, pipeline::EvidenceOptionsOf(config))});
  }
  outcome.run.id = job.id;  // a job has one run: whoever knows the one knows the other
  outcome.run.title = job.title;
  outcome.run.model = model->fingerprint;
  outcome.run.consumers = static_cast<std::int64_t>(run.consumers);
  outcome.run.high = static_cast<std::int64_t>(run.high);
  outcome.run.medium = static_cast<std::int64_t>(run.medium);
  outcome.run.detailed = static_cast<std::int64_t>(run.cases.size());
  outcome.run.simulated = run.simulated;
  outcome.run.trained_on = static_cast<std::int64_t>(run.seen);
  outcome.run.currency = run.currency;
  outcome.run.tariff = run.tariff;
  outcome.run.districts = DistrictTable(outcome.cases);
  outcome.run.job = job.id;
  outcome.quality = QualityTable(run.quality);
  if (run.evaluation) outcome.evaluation = detectors::ToJson(*run.evaluation);
  outcome.peers = PeerBand(ranking.panel, context);
  METERHOUND_ASSIGN_OR_RETURN(outcome.drift, CheckList(service, ranking, *model, context));
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  context.progress.Begin("storing", 0, "");
  return outcome;
}

// The first cases are worded by the language model where there is one; the template's words stand until then.
Status OrderWords(Service& service, store::Transaction& transaction, const store::Job& job, const Outcome& outcome) {
  const auto count =
      std::min<std::size_t>(outcome.details.size(), static_cast<std::size_t>(service.config.service_worded_cases));
  if (service.config.llm_engine == "template" || count == 0) return {};
  Json cases = Json::array();
  for (std::size_t i = 0; i < count; ++i) cases.push_back(outcome.cases[i].id());
  const store::NewJob words{.kind = kReport,
                            .queue = kLlmQueue,
                            .priority = 1,
                            .title = "Reports of " + job.title,
                            .owner = job.owner,
                            .request = {{"cases", cases}, {"language", outcome.language}},
                            .input = {}};
  return StatusOf(store::Accept(transaction, *service.queue, words));
}

Status Write(Service& service, store::Transaction& transaction, const store::Job& job, Outcome& outcome) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string run, store::RunStore::Insert(transaction, outcome.run));
  for (store::CaseSummary& one : outcome.cases) one.run = run;
  METERHOUND_RETURN_IF_ERROR(store::CaseStore::InsertAll(transaction, outcome.cases));
  for (std::size_t i = 0; i < outcome.details.size(); ++i) {
    METERHOUND_RETURN_IF_ERROR(
        store::CaseStore::PutDetail(transaction, {run, outcome.cases[i].rank}, outcome.details[i]));
  }
  for (const auto& [name, detail] :
       {std::pair{"quality", &outcome.quality}, std::pair{"evaluation", &outcome.evaluation},
        std::pair{"peers", &outcome.peers}}) {
    METERHOUND_RETURN_IF_ERROR(store::RunStore::PutDetail(transaction, run, name, *detail));
  }
  METERHOUND_RETURN_IF_ERROR(
      KeepDrift(service, transaction, outcome.run.model, "The list " + job.title, outcome.drift));
  METERHOUND_RETURN_IF_ERROR(OrderWords(service, transaction, job, outcome));
  store::AuditEntry entry;
  entry.who = "worker";
  entry.action = "run.add";
  entry.target = "run:" + run;
  entry.detail = {{"job", job.id}};
  return store::AuditLog::AppendAll(transaction, {entry});
}

}  // namespace

Result<store::Effects> Detect(Service& service, const store::Job& job, store::JobContext& context) {
  ThreadPool pool(static_cast<std::size_t>(service.config.jobs));
  const RunContext run_context{.pool = pool, .progress = context.progress, .stop = context.stop};
  METERHOUND_ASSIGN_OR_RETURN(Outcome scored, Score(service, job, run_context));
  const auto outcome = std::make_shared<Outcome>(std::move(scored));
  return store::Effects{.result = {{"run", job.id}},
                        .write = [&service, job, outcome](store::Transaction& transaction) {
                          return Write(service, transaction, job, *outcome);
                        }};
}

}  // namespace meterhound::serve
