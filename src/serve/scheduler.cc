// The store remembers when each kind of job was last ordered, and a key made of the due minute keeps two processes from
// ordering one twice.
#include "serve/scheduler.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "serve/uploads.h"
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
  METERHOUND_ASSIGN_OR_RETURN(
      monitor::Schedule checks,
      monitor::Schedule::Parse(scheduler->service_->config.check_frequency, "monitoring.check_frequency"));
  store::NewJob check;
  check.kind = kDrift;
  check.queue = kMathQueue;
  check.priority = 1;
  check.title = "Drift of what was scored";
  check.request = Json::object();
  scheduler->appointments_.push_back({.job = std::move(check), .schedule = std::move(checks)});
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
}

Status Scheduler::Keep(Appointment& appointment, std::int64_t now) {
  if (appointment.next == 0) {
    METERHOUND_ASSIGN_OR_RETURN(const std::int64_t last, LastOf(*service_, appointment.job.kind));
    appointment.next = appointment.schedule.Next(last);
  }
  if (appointment.next > now) return {};
  const store::IdempotencyKey once{.scope = "schedule",
                                   .key = appointment.job.kind + "@" + std::to_string(appointment.next)};
  METERHOUND_RETURN_IF_ERROR(StatusOf(store::Submit(*service_->database, *service_->queue, appointment.job, once)));
  appointment.next = appointment.schedule.Next(now);
  return {};
}

}  // namespace meterhound::serve
