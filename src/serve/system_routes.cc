// Operations: health, readiness, measurements, queues and workers, drift, alerts, audit.
#include "base/version.h"
#include "serve/alerting.h"
#include "serve/readiness.h"
#include "serve/request_statistics.h"
#include "serve/routes.h"
#include "serve/schemas.h"
#include "store/identifiers.h"

namespace meterhound::serve {
namespace {

constexpr std::int64_t kSeenLately = 60'000;

Result<http::Response> Health(const http::Request&) { return http::Response::OfJson({{"status", "ok"}}); }

Result<http::Response> Ready(const Desk& desk, const http::Request&) {
  Service& service = *desk.service;
  Json checks = Json::object();
  bool ready = true;
  for (const auto& [name, status] : CheckReadiness(service)) {
    checks[name] = status.ok() ? Json("ok") : Json(status.error().ToString());
    ready = ready && status.ok();
  }
  return http::Response::OfJson({{"status", ready ? "ready" : "not ready"}, {"checks", checks}}, ready ? 200 : 503);
}

Result<http::Response> Metrics(const Desk& desk, const http::Request&) {
  return http::Response::OfText(desk.service->metrics.Text(), http::Metrics::kContentType);
}

Json QueueJson(Service& service, const char* name, const store::JobCounts& counts) {
  const Result<store::QueueDepth> depth = service.queue->Depth(name);
  Json oldest;
  if (counts.oldest_queued) oldest = static_cast<double>(store::NowMilliseconds() - *counts.oldest_queued) / 1000;
  return {{"name", name},
          {"backend", service.queue->backend()},
          {"waiting", depth ? Json(counts.queued) : Json()},
          {"running", counts.running},
          {"dead", counts.dead},
          {"oldest_seconds", oldest}};
}

Result<http::Response> System(const Desk& desk, const http::Request&) {
  Service& service = *desk.service;
  Json queues = Json::array();
  for (const char* name : kQueues) {
    METERHOUND_ASSIGN_OR_RETURN(const store::JobCounts counts, service.jobs.Count(name));
    queues.push_back(QueueJson(service, name, counts));
  }
  METERHOUND_ASSIGN_OR_RETURN(const auto seen, service.workers.List(kSeenLately));
  Json workers = Json::array();
  for (const store::WorkerSeen& one : seen) {
    workers.push_back({{"id", one.id},
                       {"queues", one.queues},
                       {"running", one.running},
                       {"last_seen", store::FormatTime(one.last_seen)}});
  }
  METERHOUND_ASSIGN_OR_RETURN(const auto active, service.bundles.Active());
  const Result<std::int64_t> bytes = service.database->Bytes();
  const bool sqlite = service.database->backend() == store::Backend::kSqlite;
  return http::Response::OfJson(
      {{"version", kVersion},
       {"started", store::FormatTime(service.started)},
       {"uptime_seconds", static_cast<double>(store::NowMilliseconds() - service.started) / 1000},
       {"store",
        {{"backend", sqlite ? "sqlite" : "postgresql"}, {"reachable", true}, {"bytes", bytes ? Json(*bytes) : Json()}}},
       {"queues", queues},
       {"workers", workers},
       {"model", active ? Json(*active) : Json()},
       {"requests", RequestStatistics(service.metrics)}});
}

Result<http::Response> Drift(const Desk& desk, const http::Request&) {
  METERHOUND_ASSIGN_OR_RETURN(const auto latest, desk.service->drift.Latest());
  if (!latest) return http::Response::OfJson({{"report", nullptr}});
  return http::Response::OfJson(
      {{"report", latest->report}, {"at", store::FormatTime(latest->at)}, {"model", latest->model}});
}

Result<http::Response> DriftHistory(const Desk& desk, const http::Request&) {
  METERHOUND_ASSIGN_OR_RETURN(const auto records, desk.service->drift.List());
  Json items = Json::array();
  for (const store::DriftRecord& one : records) {
    Json report = one.report;
    report.erase("features");  // hundreds of rows each; a history is drawn from the sums
    items.push_back({{"id", one.id}, {"at", store::FormatTime(one.at)}, {"model", one.model}, {"report", report}});
  }
  return http::Response::OfJson({{"items", items}});
}

Result<http::Response> Alerts(const Desk& desk, const http::Request&) {
  METERHOUND_ASSIGN_OR_RETURN(const auto records, desk.service->alerts.List());
  Json items = Json::array();
  for (const store::AlertRecord& one : records) items.push_back(AlertJson(one));
  return http::Response::OfJson({{"items", items}});
}

Result<http::Response> Audit(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  METERHOUND_ASSIGN_OR_RETURN(const store::AuditPage page, service.audit.Page(request.Integer("limit").value_or(100),
                                                                              request.Text("cursor").value_or("")));
  METERHOUND_ASSIGN_OR_RETURN(const store::AuditVerdict verdict, service.audit.Verify());
  Json items = Json::array();
  for (const store::AuditEntry& one : page.entries) {
    items.push_back({{"seq", one.seq},
                     {"at", store::FormatTime(one.at)},
                     {"who", one.who},
                     {"action", one.action},
                     {"target", one.target},
                     {"detail", one.detail},
                     {"hash", one.hash}});
  }
  return http::Response::OfJson(
      {{"items", items}, {"next", page.next ? Json(*page.next) : Json()}, {"intact", verdict.intact}});
}

http::Route Probe(http::Route row) {
  row.rate_limited = false;
  row.always_admitted = true;
  return row;
}

}  // namespace

Routes SystemRoutes(const Desk& desk) {
  using enum http::Method;
  return {
      Probe(Row(kGet, "/healthz", "getHealth", "The process is alive", "operations", "", {},
                {Answers("alive", Component("Health"))}, [](const http::Request& request) { return Health(request); })),
      Probe(Row(kGet, "/readyz", "getReadiness", "Store, queue and model answer", "operations", "", {},
                {Answers("ready", Component("Health")), Answers("not ready", Component("Health"), 503)},
                [desk](const http::Request& request) { return Ready(desk, request); })),
      Probe(Row(kGet, "/metrics", "getMetrics", "Measurements for Prometheus", "operations", "admin", {},
                {Gives("text format 0.0.4", "text/plain")},
                [desk](const http::Request& request) { return Metrics(desk, request); })),
      Row(kGet, "/v1/system", "getSystem", "Queues, workers, store and requests", "operations", "admin", {},
          {Answers("how it stands", Component("System"))},
          [desk](const http::Request& request) { return System(desk, request); }),
      Row(kGet, "/v1/drift", "getDrift", "The latest comparison of what was scored with what the model learnt from",
          "operations", "review", {}, {Answers("the report, or null", Component("DriftReport"))},
          [desk](const http::Request& request) { return Drift(desk, request); }),
      Row(kGet, "/v1/drift/history", "getDriftHistory", "Earlier comparisons, latest first", "operations", "review", {},
          {Answers("the reports", Component("DriftHistory"))},
          [desk](const http::Request& request) { return DriftHistory(desk, request); }),
      Row(kGet, "/v1/alerts", "getAlerts", "What the service has found wrong, firing first", "operations", "review", {},
          {Answers("the alerts", Component("AlertList"))},
          [desk](const http::Request& request) { return Alerts(desk, request); }),
      Row(kGet, "/v1/audit", "getAudit", "Who saw and changed what; a chain of hashes", "operations", "admin",
          {Query("limit", "a page", {{"type", "integer"}, {"minimum", 1}, {"maximum", 1000}, {"default", 100}}),
           Query("cursor", "next of the page before")},
          {Answers("a page of entries, latest first", Component("AuditPage"))},
          [desk](const http::Request& request) { return Audit(desk, request); })};
}

}  // namespace meterhound::serve
