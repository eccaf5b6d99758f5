// Threads that claim and run, and one that renews, reports, sweeps and tidies up.
#include "store/job_runner.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <thread>

#include "store/identifiers.h"
#include "store/input_store.h"
#include "store/job_endings.h"
#include "store/key_store.h"
#include "store/worker_registry.h"

namespace meterhound::store {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kTick{100};
constexpr milliseconds kProgressEvery{500};
constexpr milliseconds kReadyPatience{50};  // how long an effect may wait to share a transaction
constexpr milliseconds kSlowAfter{1000};    // then what waits behind a job goes back to the queue
constexpr milliseconds kTidyEvery{60'000};
constexpr milliseconds kLongestPause{2000};
constexpr std::int64_t kClaimWait = 500;
constexpr std::int64_t kNotYet = 1000;            // before an entry is looked at again whose job is not free
constexpr std::int64_t kUnusedAfter = 3'600'000;  // of an upload that no job names

std::string MakeWorkerName() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return std::string(host.data()) + ":" + std::to_string(getpid()) + ":" + RandomHex(4);
}

/// True once per interval.
class Every {
 public:
  explicit Every(milliseconds interval, bool at_once = false)
      : interval_(interval), next_(at_once ? Clock::now() : Clock::now() + interval) {}
  bool IsDue() {
    if (Clock::now() < next_) return false;
    next_ = Clock::now() + interval_;
    return true;
  }

 private:
  milliseconds interval_;
  Clock::time_point next_;
};

}  // namespace

struct JobRunner::State {
  /// What one thread has in hand; guarded by `mutex`.
  struct Slot {
    std::shared_ptr<HeldJob> running;
    Clock::time_point running_since;
    std::deque<std::shared_ptr<HeldJob>> waiting;
    std::vector<ReadyJob> ready;
  };

  State(std::shared_ptr<Database> of_jobs, std::shared_ptr<Queue> of_entries, std::map<std::string, Handler> by_kind,
        RunnerOptions how)
      : database(std::move(of_jobs)),
        queue(std::move(of_entries)),
        handlers(std::move(by_kind)),
        options(std::move(how)),
        slots(options.threads) {}

  std::shared_ptr<Database> database;
  std::shared_ptr<Queue> queue;
  std::map<std::string, Handler> handlers;
  RunnerOptions options;
  JobStore jobs{database};
  WorkerRegistry registry{database};
  JobEndings endings{database, queue, options};

  std::mutex mutex;
  std::condition_variable_any woken;
  std::vector<Slot> slots;
  bool draining = false;
  std::size_t busy_threads = 0;
  std::atomic<std::int64_t> usual_milliseconds = kSlowAfter.count();  ///< that a job takes; few are known at first

  // The thread that works.
  void Work(std::size_t index);
  void WorkOnce(std::size_t index, milliseconds& pause);
  std::vector<std::shared_ptr<HeldJob>> Hold(const std::vector<Lease>& leases);
  void Refuse(const Lease& lease);
  std::shared_ptr<HeldJob> Next(std::size_t index);
  void RunOne(std::size_t index, const std::shared_ptr<HeldJob>& held);
  Result<Effects> Handle(HeldJob& held);
  std::int64_t ToClaim() const;
  void Flush(std::size_t index, milliseconds older_than);
  void Pause(milliseconds time);
  bool Draining();

  // The thread that keeps house.
  void KeepHouse(std::stop_token stop);
  std::vector<std::shared_ptr<HeldJob>> AllHeld();
  void KeepFlushing(std::stop_token stop);
  void GiveBackBehindSlow();
  void ReportProgress();
  void Renew();
  void Sweep();
  void Tidy();
  void Drain();
};

JobRunner::JobRunner(std::shared_ptr<Database> database, std::shared_ptr<Queue> queue,
                     std::map<std::string, Handler> handlers, RunnerOptions options) {
  if (options.worker.empty()) options.worker = MakeWorkerName();
  options.threads = std::max<std::size_t>(1, options.threads);
  options.claim_at_once = std::max<std::size_t>(1, options.claim_at_once);
  state_ = std::make_unique<State>(std::move(database), std::move(queue), std::move(handlers), std::move(options));
}
JobRunner::~JobRunner() = default;

const std::string& JobRunner::worker() const { return state_->options.worker; }

RunnerStatistics JobRunner::statistics() const {
  const RunnerCounters& counters = state_->endings.counters();
  RunnerStatistics now{
      counters.done, counters.failed, counters.retried, counters.dead, counters.lost, counters.returned, 0};
  const std::lock_guard lock(state_->mutex);
  for (const auto& slot : state_->slots) now.running += slot.running ? 1 : 0;
  return now;
}

void JobRunner::Run(std::stop_token stop) {
  State& state = *state_;
  {
    const std::lock_guard lock(state.mutex);
    state.draining = false;
    state.busy_threads = state.options.threads;
  }
  std::jthread house([&](std::stop_token ended) { state.KeepHouse(std::move(ended)); });
  std::jthread flusher([&](std::stop_token ended) { state.KeepFlushing(std::move(ended)); });
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < state.options.threads; ++i) workers.emplace_back([&state, i] { state.Work(i); });
  {
    std::unique_lock lock(state.mutex);
    state.woken.wait(lock, stop, [] { return false; });
  }
  state.Drain();
  workers.clear();  // joins
  flusher.request_stop();
  flusher.join();
  house.request_stop();
  house.join();
  if (const Status gone = state.registry.Gone(state.options.worker); !gone.ok()) {
    state.endings.Log("warning", "the worker could not sign off: " + gone.error().ToString());
  }
}

void JobRunner::State::Drain() {
  std::unique_lock lock(mutex);
  draining = true;
  woken.notify_all();
  const bool ended = woken.wait_for(lock, milliseconds(options.grace_milliseconds), [&] { return busy_threads == 0; });
  if (ended) return;
  endings.Log("info", "the grace time is over; what still runs is stopped and goes back to the queue");
  for (const Slot& slot : slots) {
    if (slot.running) slot.running->stop.request_stop();
  }
}

bool JobRunner::State::Draining() {
  const std::lock_guard lock(mutex);
  return draining;
}

void JobRunner::State::Pause(milliseconds time) {
  std::unique_lock lock(mutex);
  woken.wait_for(lock, time, [&] { return draining; });
}

void JobRunner::State::Work(std::size_t index) {
  milliseconds pause{0};
  while (!Draining()) {
    try {
      WorkOnce(index, pause);
    } catch (const std::exception& error) {
      endings.Log("error", std::string("a worker's thread met a broken promise: ") + error.what());
      Pause(kLongestPause);
    }
  }
  const std::lock_guard lock(mutex);
  --busy_threads;
  woken.notify_all();
}

void JobRunner::State::WorkOnce(std::size_t index, milliseconds& pause) {
  const auto leases = queue->Claim(options.queues, options.worker, ToClaim(), kClaimWait, options.lease_milliseconds);
  if (!leases) {
    if (pause.count() == 0) endings.Log("warning", "the queue does not answer: " + leases.error().ToString());
    pause = std::clamp(2 * pause, kTick, kLongestPause);
    return Pause(pause);
  }
  if (pause.count() > 0) endings.Log("info", "the queue answers again");
  pause = milliseconds(0);
  if (leases->empty()) return;
  auto held = Hold(*leases);
  {
    const std::lock_guard lock(mutex);
    slots[index].waiting.assign(held.begin(), held.end());
  }
  held.clear();
  while (const auto next = Next(index)) RunOne(index, next);
  Flush(index, milliseconds(0));
}

/// As many as will be done before they count as held up.
std::int64_t JobRunner::State::ToClaim() const {
  return std::clamp<std::int64_t>(kSlowAfter.count() / std::max<std::int64_t>(1, usual_milliseconds), 1,
                                  static_cast<std::int64_t>(options.claim_at_once));
}

/// Claims the jobs of entries in one transaction; entries whose jobs are not to be had are dealt with.
std::vector<std::shared_ptr<HeldJob>> JobRunner::State::Hold(const std::vector<Lease>& leases) {
  std::vector<std::string> ids;
  for (const Lease& lease : leases) ids.push_back(lease.entry.job);
  auto claimed = jobs.ClaimAll(ids, options.worker, options.lease_milliseconds);
  std::vector<std::shared_ptr<HeldJob>> held;
  if (!claimed) {
    endings.Log("warning", "jobs cannot be claimed: " + claimed.error().ToString());
    for (const Lease& lease : leases) (void)queue->Return(lease, kNotYet);  // else the lease ends by itself
    Pause(kLongestPause);
    return held;
  }
  for (const Lease& lease : leases) {
    const auto job =
        std::find_if(claimed->begin(), claimed->end(), [&](const Job& j) { return j.id == lease.entry.job; });
    if (job == claimed->end()) {
      Refuse(lease);
    } else {
      held.push_back(std::make_shared<HeldJob>(std::move(*job), lease));
    }
  }
  return held;
}

void JobRunner::State::Refuse(const Lease& lease) {
  const auto job = jobs.Find(lease.entry.job);
  const bool gone = job ? HasEnded(job->state) : job.error().code == ErrorCode::kNotFound;
  Status status;
  if (gone) {
    status = queue->Acknowledge({lease});
  } else {
    const std::int64_t due = job ? job->not_before - NowMilliseconds() : 0;
    status = queue->Return(lease, std::max(kNotYet, due));
  }
  if (!status.ok()) endings.Log("warning", "an entry could not be put right: " + status.error().ToString());
}

std::shared_ptr<HeldJob> JobRunner::State::Next(std::size_t index) {
  std::deque<std::shared_ptr<HeldJob>> returned;
  std::shared_ptr<HeldJob> next;
  {
    const std::lock_guard lock(mutex);
    Slot& slot = slots[index];
    if (draining) {
      returned.swap(slot.waiting);
    } else if (!slot.waiting.empty()) {
      next = std::move(slot.waiting.front());
      slot.waiting.pop_front();
      slot.running = next;
      slot.running_since = Clock::now();
    }
  }
  for (const auto& held : returned) endings.GiveBack(*held);
  return next;
}

Result<Effects> JobRunner::State::Handle(HeldJob& held) {
  const auto handler = handlers.find(held.job.kind);
  if (handler == handlers.end()) return Unsupported("this worker knows no jobs of kind '" + held.job.kind + "'");
  if (held.lost) return Cancelled();
  JobContext context{held.progress, held.stop.get_token()};
  try {
    return handler->second(held.job, context);
  } catch (const std::exception& error) {
    return Error{ErrorCode::kInternal, error.what(), {}};
  } catch (...) {
    return Error{ErrorCode::kInternal, "the handler threw something that is no exception", {}};
  }
}

void JobRunner::State::RunOne(std::size_t index, const std::shared_ptr<HeldJob>& held) {
  const auto begun = Clock::now();
  auto effects = Handle(*held);
  const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - begun).count();
  usual_milliseconds = (3 * usual_milliseconds + took) / 4;
  {
    const std::lock_guard lock(mutex);
    slots[index].running.reset();
    if (effects) slots[index].ready.push_back({held, std::move(*effects), Clock::now()});
  }
  if (effects) return Flush(index, kReadyPatience);
  if (held->lost) return endings.LetGo(*held);
  if (effects.error().code == ErrorCode::kCancelled && held->stop.stop_requested()) return endings.GiveBack(*held);
  endings.Fail(*held, effects.error());
}

void JobRunner::State::Flush(std::size_t index, milliseconds older_than) {
  std::vector<ReadyJob> ready;
  {
    const std::lock_guard lock(mutex);
    Slot& slot = slots[index];
    const bool last = !slot.running && slot.waiting.empty();
    if (slot.ready.empty() || (!last && Clock::now() - slot.ready.front().since < older_than)) return;
    ready.swap(slot.ready);
  }
  endings.Finish(ready);  // catches what handlers' effects throw
}

void JobRunner::State::KeepHouse(std::stop_token stop) {
  Every progress(kProgressEvery);
  Every renewal(milliseconds(options.renew_milliseconds), true);
  Every sweep(milliseconds(options.sweep_milliseconds), true);
  Every tidying(kTidyEvery);
  while (!stop.stop_requested()) {
    try {
      GiveBackBehindSlow();
      if (progress.IsDue()) ReportProgress();
      if (renewal.IsDue()) Renew();
      if (sweep.IsDue()) Sweep();
      if (tidying.IsDue()) Tidy();
    } catch (const std::exception& error) {
      endings.Log("error", std::string("the worker's heartbeat met a broken promise: ") + error.what());
    }
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, kTick, [] { return false; });
  }
}

/// Effects of quick jobs must not wait for the slow one behind them; in a thread of its own, since a full disk holds it
/// up.
void JobRunner::State::KeepFlushing(std::stop_token stop) {
  while (!stop.stop_requested()) {
    for (std::size_t i = 0; i < slots.size(); ++i) Flush(i, kReadyPatience);
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, kReadyPatience, [] { return false; });
  }
}

/// Running, waiting, and done but not written yet: all need their leases.
std::vector<std::shared_ptr<HeldJob>> JobRunner::State::AllHeld() {
  const std::lock_guard lock(mutex);
  std::vector<std::shared_ptr<HeldJob>> all;
  for (const Slot& slot : slots) {
    if (slot.running) all.push_back(slot.running);
    all.insert(all.end(), slot.waiting.begin(), slot.waiting.end());
    for (const ReadyJob& ready : slot.ready) all.push_back(ready.held);
  }
  return all;
}

void JobRunner::State::GiveBackBehindSlow() {
  std::vector<std::shared_ptr<HeldJob>> returned;
  {
    const std::lock_guard lock(mutex);
    for (Slot& slot : slots) {
      if (!slot.running || Clock::now() - slot.running_since < kSlowAfter) continue;
      returned.insert(returned.end(), slot.waiting.begin(), slot.waiting.end());
      slot.waiting.clear();
    }
  }
  for (const auto& held : returned) endings.GiveBack(*held);
}

void JobRunner::State::ReportProgress() {
  for (const auto& held : AllHeld()) {
    const auto news = held->progress.TakeNews();
    if (!news) continue;
    const auto written = jobs.Report(held->claim, *news);
    if (!written) {
      endings.Log("warning", "progress could not be written: " + written.error().ToString(), held->job.id);
    } else if (!*written && !Draining()) {
      Renew();  // finds out whether the claim is lost, or the job has just ended
    }
  }
}

void JobRunner::State::Renew() {
  const auto all = AllHeld();
  std::vector<Claim> claims;
  std::vector<Lease> leases;
  for (const auto& held : all) {
    claims.push_back(held->claim);
    leases.push_back(held->lease);
  }
  if (!claims.empty()) {
    const auto lost = jobs.Heartbeat(claims, options.lease_milliseconds);
    if (!lost) endings.Log("warning", "leases could not be renewed: " + lost.error().ToString());
    for (const auto& held : all) {
      if (!lost || std::none_of(lost->begin(), lost->end(), [&](const Claim& c) { return c.job == held->claim.job; })) {
        continue;
      }
      held->lost = true;
      held->stop.request_stop();
    }
    if (const Status status = queue->Renew(leases, options.lease_milliseconds); !status.ok()) {
      endings.Log("warning", "the queue's leases could not be renewed: " + status.error().ToString());
    }
  }
  const Status seen = registry.Seen(options.worker, options.queues, static_cast<std::int64_t>(claims.size()));
  if (!seen.ok()) endings.Log("warning", "the worker could not sign in: " + seen.error().ToString());
}

void JobRunner::State::Sweep() {
  for (const std::string& name : options.queues) {
    const auto overdue = jobs.Overdue(name, NowMilliseconds() - options.lost_milliseconds);
    Status status = overdue ? Status() : Status(overdue.error());
    std::vector<QueueEntry> entries;
    if (overdue) {
      for (const auto& waiting : *overdue) entries.push_back({name, waiting.id, waiting.priority});
    }
    if (!entries.empty()) status = queue->Push(entries);
    if (!status.ok())
      endings.Log("warning", "jobs that the queue lost are not looked for: " + status.error().ToString());
  }
}

void JobRunner::State::Tidy() {
  const auto check = [&](const Result<std::int64_t>& deleted, const char* what) {
    if (!deleted) {
      endings.Log("warning", std::string(what) + " could not be deleted: " + deleted.error().ToString());
    } else if (*deleted > 0) {
      endings.Log("info", std::to_string(*deleted) + " " + what + " deleted");
    }
  };
  check(jobs.DeleteExpired(), "expired jobs");
  check(InputStore(database).DeleteUnused(NowMilliseconds() - kUnusedAfter), "unused inputs");
  check(ForgetAnswers(*database), "old idempotency keys");
  check(KeyStore(database).DeleteExpiredSessions(), "expired sessions");
}

}  // namespace meterhound::store
