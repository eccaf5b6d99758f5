// Both ways to a report: one list at once, or rows kept from many.
#include "serve/drift_checking.h"

#include <memory>

#include "base/status_of.h"
#include "monitor/kept_rows.h"
#include "pipeline/drift_check.h"
#include "serve/alerting.h"
#include "serve/job_handlers.h"
#include "serve/retraining_jobs.h"

namespace meterhound::serve {
namespace {

Result<Json> ReportOn(const monitor::Snapshot& snapshot, const pipeline::Model& model, const pipeline::Config& config,
                      const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const monitor::DriftReport report,
                              pipeline::CheckAgainstModel(snapshot, model, config, context));
  return monitor::ToJson(report);
}

Result<monitor::Snapshot> SnapshotOf(const store::ScoredStore::Sample& sample, const monitor::Baseline& baseline) {
  std::vector<std::string_view> rows;
  for (const store::ScoredRow& row : sample.rows) rows.emplace_back(row.data);
  std::vector<FeatureColumn> columns;
  for (const monitor::ColumnBaseline& column : baseline.columns) columns.push_back(column.column);
  return monitor::DecodeRows(rows, std::move(columns), baseline.segmented_by, baseline.usage_scale, "scored_rows");
}

std::string Joined(const Json& texts, const char* between) {
  std::string joined;
  for (const Json& text : texts) joined += (joined.empty() ? "" : between) + text.get<std::string>();
  return joined;
}

Status KeepReport(Service& service, store::Transaction& transaction, const std::string& model, const std::string& what,
                  const Json& report) {
  METERHOUND_RETURN_IF_ERROR(StatusOf(store::DriftStore::Insert(transaction, model, report)));
  if (report.at("verdict") != "drift") {
    return ResolveAlert(service, transaction, kDriftAlert, what + " looks like what the model learnt from.");
  }
  store::Alert alert;
  alert.key = kDriftAlert;
  alert.title = "what is scored no longer looks like what the model learnt from";
  alert.text = what + " differs.\n" + Joined(report.at("reasons"), "\n");
  alert.detail = {{"Kinds", Joined(report.at("kinds"), ", ")}, {"Model", model}};
  alert.link = "docs/operations.md#drift";
  METERHOUND_RETURN_IF_ERROR(RaiseAlert(service, transaction, alert));
  return service.config.retraining_on_drift == "yes" ? OrderIfDue(service, transaction, kByDrift) : Status();
}

// What the job says when nothing was compared.
store::Effects Nothing(std::size_t consumers, const std::string& reason) {
  return {.result = {{"verdict", nullptr}, {"consumers", consumers}, {"reason", reason}}, .write = {}};
}

}  // namespace

Result<ListDrift> CheckList(Service& service, const pipeline::Ranking& ranking, const pipeline::Model& model,
                            const RunContext& context) {
  ListDrift drift;
  if (!model.baseline) return drift;
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Snapshot snapshot, pipeline::SnapshotOf(ranking, model));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t bar, service.scored.Bar(model.fingerprint));
  drift.rows = RowsBelow(bar, pipeline::ContentHashes(ranking.panel, context), snapshot);
  if (snapshot.rows() >= kFewestToCompare) {
    METERHOUND_ASSIGN_OR_RETURN(drift.report, ReportOn(snapshot, model, service.config, context));
  }
  return drift;
}

Status KeepDrift(Service& service, store::Transaction& transaction, const std::string& model, const std::string& what,
                 const ListDrift& drift) {
  METERHOUND_RETURN_IF_ERROR(store::ScoredStore::Offer(transaction, model, drift.rows));
  return drift.report.is_null() ? Status() : KeepReport(service, transaction, model, what, drift.report);
}

Result<store::Effects> CheckDrift(Service& service, const store::Job&, store::JobContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const auto model, service.models.Active());
  if (!model->baseline) return Nothing(0, "the model keeps no record of its training data");
  METERHOUND_ASSIGN_OR_RETURN(store::ScoredStore::Sample sample, service.scored.Of(model->fingerprint));
  if (sample.rows.size() < kFewestToCompare) {
    return Nothing(sample.rows.size(),
                   "fewer than " + std::to_string(kFewestToCompare) + " consumers were scored since the last check");
  }
  ThreadPool pool(static_cast<std::size_t>(service.config.jobs));
  const RunContext run_context{.pool = pool, .progress = context.progress, .stop = context.stop};
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Snapshot snapshot, SnapshotOf(sample, *model->baseline));
  METERHOUND_ASSIGN_OR_RETURN(const Json report, ReportOn(snapshot, *model, service.config, run_context));
  return store::Effects{.result = {{"verdict", report.at("verdict")}, {"consumers", snapshot.rows()}},
                        .write = [&service, fingerprint = model->fingerprint, until = sample.until,
                                  report](store::Transaction& transaction) -> Status {
                          METERHOUND_RETURN_IF_ERROR(KeepReport(service, transaction, fingerprint,
                                                                "All that was scored since the last check", report));
                          return store::ScoredStore::Forget(transaction, fingerprint, until);
                        }};
}

}  // namespace meterhound::serve
