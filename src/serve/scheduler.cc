// The store remembers when each kind of job was last ordered, and a key made of the due minute keeps two processes from
// ordering one twice.
#include "serve/scheduler.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/status_of.h"
#include "serve/alerting.h"
#include "serve/retraining_jobs.h"
#include "store/identifiers.h"

namespace meterhound::serve {
namespace {

constexpr std::chrono::seconds kTurn{15};

// When a job of this kind was last ordered, in seconds since 1970; this process' start when none was.
Result<std::int64_t> LastOf(Service& service, const std::string& kind) {
  store::JobFilter filter;
  filter.kind = kind;
  filter.limit = 1;
  METERHOUND_ASSIGN_OR_RETURN(const store::JobPage page, service.jobs.List(filter));
  return (page.jobs.empty() ? service.started : page.jobs.front().created) / 1000;
}

}  // namespace

Result<std::unique_ptr<Scheduler>> Scheduler::Create(std::shared_ptr<Service> service, Complain complain) {
  std::unique_ptr<Scheduler> scheduler(new Scheduler(std::move(service), std::move(complain)));
  const pipeline::Config& config = scheduler->service_->config;
  const auto add = [&](const char* kind, const std::string& schedule, const char* setting,
                       std::function<Status(std::int64_t)> order) -> Status {
    if (schedule.empty()) return {};
    METERHOUND_ASSIGN_OR_RETURN(const monitor::Schedule parsed, monitor::Schedule::Parse(schedule, setting));
    scheduler->appointments_.push_back({.kind = kind, .schedule = parsed, .order = std::move(order)});
    return {};
  };
  METERHOUND_RETURN_IF_ERROR(add(kDrift, config.check_frequency, "monitoring.check_frequency",
                                 [self = scheduler.get()](std::int64_t due) { return self->OrderCheck(due); }));
  METERHOUND_RETURN_IF_ERROR(add(kRetrain, config.retraining_schedule, "retraining.schedule",
                                 [self = scheduler.get()](std::int64_t) { return self->OrderTraining(kBySchedule); }));
  return scheduler;
}

void Scheduler::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any changed;
    while (!stop.stop_requested()) {
      Turn(store::NowMilliseconds() / 1000);
      std::unique_lock lock(mutex);
      changed.wait_for(lock, stop, kTurn, [] { return false; });
    }
  });
}

void Scheduler::Turn(std::int64_t now) {
  const auto say = [&](const Status& status) {
    if (!status.ok()) complain_(status.error().message);
  };
  say(service_->samples.Flush());
  for (Appointment& appointment : appointments_) say(Keep(appointment, now));
  say(WatchFeedback());
  say(WatchDeadJobs());
}

Status Scheduler::Keep(Appointment& appointment, std::int64_t now) {
  if (appointment.next == 0) {
    METERHOUND_ASSIGN_OR_RETURN(const std::int64_t last, LastOf(*service_, appointment.kind));
    appointment.next = appointment.schedule.Next(last);
  }
  if (appointment.next > now) return {};
  METERHOUND_RETURN_IF_ERROR(appointment.order(appointment.next));
  appointment.next = appointment.schedule.Next(now);
  return {};
}

Status Scheduler::OrderCheck(std::int64_t due) {
  store::NewJob check;
  check.kind = kDrift;
  check.queue = kMathQueue;
  check.priority = 1;
  check.title = "Drift of what was scored";
  check.request = Json::object();
  const store::IdempotencyKey once{.scope = "schedule", .key = std::string(kDrift) + "@" + std::to_string(due)};
  return StatusOf(store::Submit(*service_->database, *service_->queue, check, once));
}

// A retraining that is under way, or was not long ago, is all that was wanted.
Status Scheduler::OrderTraining(std::string_view cause) {
  return service_->database->Write(
      [&](store::Transaction& transaction) { return OrderIfDue(*service_, transaction, cause); });
}

Status Scheduler::WatchFeedback() {
  const std::int64_t wanted = service_->config.retraining_feedback_count;
  if (wanted == 0) return {};
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t told,
                              service_->database->ReadFor<std::int64_t>([](store::Transaction& transaction) {
                                return FeedbackSinceRetraining(transaction);
                              }));
  return told >= wanted ? OrderTraining(kByFeedback) : Status();
}

Status Scheduler::WatchDeadJobs() {
  Json dead = Json::object();
  for (const char* queue : kQueues) {
    METERHOUND_ASSIGN_OR_RETURN(const store::JobCounts counts, service_->jobs.Count(queue));
    if (counts.dead > 0) dead[queue] = counts.dead;
  }
  if (dead_ == dead) return {};
  METERHOUND_RETURN_IF_ERROR(service_->database->Write([&](store::Transaction& transaction) {
    if (dead.empty())
      return ResolveAlert(*service_, transaction, kDeadJobsAlert, "No job waits for a person any more.");
    store::Alert alert;
    alert.key = kDeadJobsAlert;
    alert.title = "jobs failed too often and wait for a person";
    alert.text = "What they were to do is not done. `meterhound jobs list` names them with their last errors.";
    alert.detail = dead;
    alert.link = "docs/operations.md#dead-jobs";
    return RaiseAlert(*service_, transaction, alert);
  }));
  dead_ = dead;
  return {};
}

}  // namespace meterhound::serve
