// The store is asked when somebody collects: gauges are set to what it says, counters grow by what has ended since.
#include "serve/measurements.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <set>

#include "monitor/drift.h"
#include "serve/readiness.h"
#include "store/identifiers.h"
#include "store/statistics.h"

namespace meterhound::serve {
namespace {

using Labels = http::Metrics::Labels;

constexpr std::chrono::seconds kFresh{5};
// A row bears the time at which its transaction was under way; when it is this old, it has been committed.
constexpr std::int64_t kSettled = 15'000;
constexpr std::int64_t kSeenLately = 60'000;
constexpr const char* kFromLists = "list";
constexpr const char* kAtOnce = "request";

const std::vector<double>& ProbabilityBounds() {
  static const std::vector<double> bounds = {0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
  return bounds;
}

prometheus::Counter& JobsEnded(http::Metrics& metrics, const std::string& queue, const std::string& kind,
                               const std::string& state) {
  return metrics.Counter("meterhound_jobs_total", "Jobs that ended",
                         {{"queue", queue}, {"kind", kind}, {"state", state}});
}

prometheus::Histogram& JobDuration(http::Metrics& metrics, const std::string& queue, const std::string& kind) {
  return metrics.Histogram("meterhound_job_duration_seconds", "What the last attempt of an ended job took",
                           {{"queue", queue}, {"kind", kind}},
                           {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600});
}

prometheus::Counter& Scored(http::Metrics& metrics, const std::string& tier, const std::string& way) {
  return metrics.Counter("meterhound_consumers_scored_total", "Consumers scored, in lists or in single requests",
                         {{"tier", tier}, {"way", way}});
}

prometheus::Histogram& Probabilities(http::Metrics& metrics, const std::string& way) {
  return metrics.Histogram("meterhound_scored_probability", "Probabilities of theft given to consumers", {{"way", way}},
                           ProbabilityBounds());
}

// A total that the store knows; smaller than before only after a restore.
void SetFeedback(http::Metrics& metrics, const std::string& outcome, double total) {
  constexpr const char* kName = "meterhound_feedback_total";
  constexpr const char* kHelp = "Outcomes of visits that came in";
  const Labels labels = {{"outcome", outcome}};
  if (metrics.Counter(kName, kHelp, labels).Value() > total) metrics.Forget(kName, labels);
  prometheus::Counter& counter = metrics.Counter(kName, kHelp, labels);
  counter.Increment(total - counter.Value());
}

// Series exist before anything happens: a rate needs the zero that it grew from.
void BeginAtZero(http::Metrics& metrics) {
  for (const auto& [kind, queue] : kKinds) {
    for (const char* state : {"done", "failed", "cancelled", "dead"}) JobsEnded(metrics, queue, kind, state);
    JobDuration(metrics, queue, kind);
  }
  for (const char* way : {kFromLists, kAtOnce}) {
    for (const char* tier : {"high", "medium", "low"}) Scored(metrics, tier, way);
    Probabilities(metrics, way);
  }
  for (const char* outcome : {"found", "not_found", "no_access"}) SetFeedback(metrics, outcome, 0);
}

// Reads the store on behalf of one process.
class StoreMeter {
 public:
  explicit StoreMeter(const std::shared_ptr<Service>& service)
      : service_(service), statistics_(service->database), counted_until_(store::NowMilliseconds()) {
    BeginAtZero(service->metrics);
  }

  void Update() {
    const std::lock_guard lock(mutex_);
    const auto service = service_.lock();
    if (!service || std::chrono::steady_clock::now() < next_) return;
    if (MeasureReadiness(*service)) {  // nor would anything else be told by a store that is away
      MeasureQueues(*service);
      MeasureWorkers(*service);
      MeasureStore(*service);
      CountEnded(*service);
      MeasureModel(*service);
      MeasureCalibration(*service);
      MeasureDrift(*service);
      MeasureAlerts(*service);
    }
    next_ = std::chrono::steady_clock::now() + kFresh;
  }

 private:
  // Whether the store answers.
  static bool MeasureReadiness(Service& service) {
    const auto checks = CheckReadiness(service);
    for (const auto& [check, status] : checks) {
      service.metrics.Gauge("meterhound_ready", "1 when a request could use it, else 0", {{"check", check}})
          .Set(status.ok() ? 1 : 0);
    }
    return checks.at("store").ok();
  }

  static void MeasureQueues(Service& service) {
    for (const char* queue : kQueues) {
      const Result<store::JobCounts> counts = service.jobs.Count(queue);
      if (!counts) continue;  // meterhound_ready tells
      const auto set = [&](const char* state, std::int64_t value) {
        service.metrics.Gauge("meterhound_queue_jobs", "Jobs of a queue by state", {{"queue", queue}, {"state", state}})
            .Set(static_cast<double>(value));
      };
      set("queued", counts->queued);
      set("running", counts->running);
      set("dead", counts->dead);
      const double oldest =
          counts->oldest_queued ? static_cast<double>(store::NowMilliseconds() - *counts->oldest_queued) / 1000 : 0;
      service.metrics.Gauge("meterhound_queue_oldest_seconds", "Age of the oldest job that waits", {{"queue", queue}})
          .Set(oldest);
    }
  }

  static void MeasureWorkers(Service& service) {
    const auto seen = service.workers.List(kSeenLately);
    if (!seen) return;
    for (const char* queue : kQueues) {
      const auto listens = [&](const store::WorkerSeen& one) {
        return std::find(one.queues.begin(), one.queues.end(), queue) != one.queues.end();
      };
      service.metrics.Gauge("meterhound_workers", "Workers of a queue seen in the last minute", {{"queue", queue}})
          .Set(static_cast<double>(std::count_if(seen->begin(), seen->end(), listens)));
    }
  }

  void MeasureStore(Service& service) {
    if (const auto bytes = service.database->Bytes()) {
      service.metrics.Gauge("meterhound_store_bytes", "What the store takes on disk").Set(static_cast<double>(*bytes));
    }
    if (const auto feedback = statistics_.FeedbackByOutcome()) {
      for (const auto& [outcome, count] : *feedback) {
        SetFeedback(service.metrics, outcome, static_cast<double>(count));
      }
    }
  }

  // Either all of a stretch of time is counted or nothing, and then it is tried again with the next.
  void CountEnded(Service& service) {
    const std::int64_t until = store::NowMilliseconds() - kSettled;
    if (until <= counted_until_) return;
    const auto jobs = statistics_.JobsEnded(counted_until_, until);
    const auto scored = statistics_.ConsumersScored(counted_until_, until, ProbabilityBounds());
    if (!jobs || !scored) return;
    counted_until_ = until;
    for (const store::EndedJob& job : *jobs) {
      JobsEnded(service.metrics, job.queue, job.kind, job.state).Increment();
      if (job.seconds) JobDuration(service.metrics, job.queue, job.kind).Observe(*job.seconds);
    }
    for (const auto& [tier, count] : scored->by_tier) {
      Scored(service.metrics, tier, kFromLists).Increment(static_cast<double>(count));
    }
    Probabilities(service.metrics, kFromLists)
        .ObserveMultiple({scored->by_probability.begin(), scored->by_probability.end()}, scored->sum);
  }

  void MeasureModel(Service& service) {
    constexpr const char* kName = "meterhound_model_info";
    const auto active = service.bundles.Active();
    if (!active || *active == model_) return;
    const auto info = *active ? service.bundles.Find(**active) : Result<store::BundleInfo>(store::BundleInfo{});
    if (!info) return;
    if (model_) service.metrics.Forget(kName, model_labels_);
    model_ = *active;
    if (!model_) return;
    model_labels_ = {{"fingerprint", info->fingerprint}, {"name", info->name}};
    service.metrics.Gauge(kName, "Always 1; the labels tell which model scores", model_labels_).Set(1);
  }

  void MeasureCalibration(Service& service) {
    if (!model_) return;
    const auto tiers = statistics_.Calibration(*model_);
    if (!tiers) return;
    for (const char* tier : {"high", "medium", "low"}) {
      const auto found = tiers->find(tier);
      const store::Promised promised = found == tiers->end() ? store::Promised() : found->second;
      const auto set = [&](const char* name, const char* help, double value) {
        service.metrics.Gauge(name, help, {{"tier", tier}}).Set(value);
      };
      set("meterhound_calibration_visits", "Cases of the active model whose last visit got in",
          static_cast<double>(promised.visits));
      set("meterhound_calibration_found", "Thefts that these visits found", static_cast<double>(promised.found));
      set("meterhound_calibration_expected", "Thefts that their probabilities promised", promised.expected);
      set("meterhound_calibration_variance", "Variance of that number when the probabilities are right",
          promised.variance);
    }
  }

  void MeasureDrift(Service& service) {
    const auto latest = service.drift.Latest();
    if (!latest || !*latest || (*latest)->id == drift_) return;
    drift_ = (*latest)->id;
    const Json& report = (*latest)->report;
    http::Metrics& metrics = service.metrics;
    metrics.Gauge("meterhound_drift_verdict", "1 when the last check found drift, 0 when all was stable")
        .Set(report.at("verdict") == "drift" ? 1 : 0);
    metrics.Gauge("meterhound_drift_check_timestamp_seconds", "When the last check was made, since 1970")
        .Set(static_cast<double>((*latest)->at) / 1000);
    metrics.Gauge("meterhound_drift_psi_threshold", "What PSI must reach to count as drift (monitoring.psi_threshold)")
        .Set(report.at("psi_threshold"));
    using enum monitor::DriftKind;
    for (const monitor::DriftKind kind : {kCovariate, kMissingness, kScore, kLabel}) {
      const std::string name = monitor::DriftKindName(kind);
      const Json& kinds = report.at("kinds");
      metrics.Gauge("meterhound_drift_kind", "1 for what the last check found to have moved", {{"kind", name}})
          .Set(std::find(kinds.begin(), kinds.end(), Json(name)) != kinds.end() ? 1 : 0);
    }
    MeasurePsi(metrics, report);
  }

  static void MeasureAlerts(Service& service) {
    const auto alerts = service.alerts.List();
    if (!alerts) return;
    for (const store::AlertRecord& record : *alerts) {
      service.metrics
          .Gauge("meterhound_alerts_firing", "1 while the service's own alert fires, else 0",
                 {{"alert", record.alert.key}})
          .Set(record.firing ? 1 : 0);
    }
  }

  void MeasurePsi(http::Metrics& metrics, const Json& report) {
    constexpr const char* kName = "meterhound_drift_psi";
    const auto number = [](const Json& from) {
      return from.is_number() ? from.get<double>() : std::numeric_limits<double>::quiet_NaN();
    };
    std::set<std::string> groups;
    for (const Json& group : report.at("groups")) {
      const std::string name = group.at("group");
      groups.insert(name);
      metrics.Gauge(kName, "Median PSI of a group's features in the last check", {{"group", name}})
          .Set(number(group.at("psi_median")));
    }
    for (const std::string& old : groups_) {
      if (!groups.contains(old)) metrics.Forget(kName, {{"group", old}});
    }
    groups_ = std::move(groups);
    const Json& score = report.at("score");
    metrics.Gauge("meterhound_drift_score_psi", "PSI of the probabilities in the last check")
        .Set(number(score.is_null() ? score : score.at("psi")));
  }

  std::mutex mutex_;
  std::weak_ptr<Service> service_;  // whose metrics hold this
  store::Statistics statistics_;
  std::int64_t counted_until_;
  std::chrono::steady_clock::time_point next_{};  // until when what was read is fresh enough
  std::optional<std::string> model_;
  Labels model_labels_;
  std::string drift_;
  std::set<std::string> groups_;
};

}  // namespace

void Measure(const std::shared_ptr<Service>& service) {
  service->metrics.OnCollect([meter = std::make_shared<StoreMeter>(service)] { meter->Update(); });
}

void CountScored(http::Metrics& metrics, const std::string& tier, double probability) {
  Scored(metrics, tier, kAtOnce).Increment();
  Probabilities(metrics, kAtOnce).Observe(probability);
}

}  // namespace meterhound::serve
