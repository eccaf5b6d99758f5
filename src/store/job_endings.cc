// Everything that a worker writes about a job, each time fenced by the claim under which it ran.
#include "store/job_endings.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

namespace meterhound::store {
namespace {

constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{2000};

}  // namespace

void JobEndings::Log(std::string_view level, const std::string& message, std::string_view job) const {
  if (options_.log) options_.log(level, message, job);
}

std::int64_t JobEndings::Backoff(std::int64_t attempts) const {
  thread_local std::mt19937 random{std::random_device{}()};
  std::int64_t delay = options_.backoff_milliseconds;
  for (std::int64_t i = 1; i < attempts && delay < options_.longest_backoff_milliseconds; ++i) delay *= 2;
  delay = std::min(delay, options_.longest_backoff_milliseconds);
  return std::uniform_int_distribution<std::int64_t>(delay / 2, delay + delay / 2)(random);
}

void JobEndings::Acknowledge(const std::vector<Lease>& leases) {
  // An entry that stays is handed out once more, its job is found to have ended, and it is acknowledged then.
  if (const Status status = queue_->Acknowledge(leases); !status.ok()) {
    Log("warning", "an entry could not be taken out of the queue: " + status.error().ToString());
  }
}

Result<JobEndings::Endings> JobEndings::WriteTogether(const std::vector<ReadyJob>& ready) {
  return database_->WriteFor<Endings>([&](Transaction& transaction) -> Result<Endings> {
    Endings endings;
    std::vector<Lease> ended;
    for (const ReadyJob& one : ready) {
      METERHOUND_ASSIGN_OR_RETURN(
          const JobStore::Ending ending,
          JobStore::Finish(transaction, one.held->claim, one.effects.result, options_.keep_milliseconds));
      if (ending == JobStore::Ending::kFinished && one.effects.write) {
        METERHOUND_RETURN_IF_ERROR(one.effects.write(transaction));
      }
      endings.push_back(ending);
      ended.push_back(one.held->lease);
    }
    if (queue_->in_database()) METERHOUND_RETURN_IF_ERROR(queue_->Acknowledge(ended, &transaction));
    return endings;
  });
}

void JobEndings::AfterCommit(const std::vector<ReadyJob>& ready, const Endings& endings) {
  std::vector<Lease> leases;
  for (std::size_t i = 0; i < ready.size(); ++i) {
    leases.push_back(ready[i].held->lease);
    if (endings[i] == JobStore::Ending::kLost) {
      ++counters_.lost;
      Log("info", "was cancelled or taken over before it could end; nothing was written", ready[i].held->job.id);
    } else {
      ++counters_.done;
    }
  }
  if (!queue_->in_database()) Acknowledge(leases);
}

void JobEndings::Finish(const std::vector<ReadyJob>& ready) {
  if (ready.size() > 1) {
    try {
      if (const auto endings = WriteTogether(ready)) return AfterCommit(ready, *endings);
    } catch (const std::exception&) {
      // One of them threw; alone, each answers for itself.
    }
  }
  for (const ReadyJob& one : ready) FinishAlone(one);
}

void JobEndings::FinishAlone(const ReadyJob& ready) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(2 * options_.lease_milliseconds);
  const std::string& id = ready.held->job.id;
  for (auto pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    try {
      const auto endings = WriteTogether({ready});
      if (endings) return AfterCommit({ready}, *endings);
      if (endings.error().code != ErrorCode::kUnavailable) return Fail(*ready.held, endings.error());
      Log("warning", "the store does not take the result: " + endings.error().ToString(), id);
    } catch (const std::exception& error) {
      return Fail(*ready.held, {ErrorCode::kInternal, error.what(), {}});
    }
    // The work is done and worth waiting for, but no longer than somebody else might begin it anew.
    if (std::chrono::steady_clock::now() >= deadline) break;
    std::this_thread::sleep_for(pause);
  }
  Log("error", "its result could not be written in time; it will be run again", id);
}

void JobEndings::Fail(const HeldJob& held, const Error& error) {
  const Failure failure{error, IsFinal(error.code), Backoff(held.job.attempts)};
  const auto state = jobs_.Fail(held.claim, failure, options_.keep_milliseconds);
  if (!state) {
    return Log("error", "failed (" + error.ToString() + "), which could not be noted: " + state.error().ToString(),
               held.job.id);
  }
  if (!*state) return LetGo(held);
  if (**state == JobState::kQueued) {
    ++counters_.retried;
    Log("warning", "attempt " + std::to_string(held.job.attempts) + " failed: " + error.ToString(), held.job.id);
    if (const Status status = queue_->Return(held.lease, failure.delay_milliseconds); !status.ok()) {
      Log("warning", "could not be put back into the queue: " + status.error().ToString(), held.job.id);
    }
    return;
  }
  ++(**state == JobState::kDead ? counters_.dead : counters_.failed);
  Log("error", std::string(JobStateName(**state)) + ": " + error.ToString(), held.job.id);
  Acknowledge({held.lease});
}

void JobEndings::GiveBack(const HeldJob& held) {
  const auto released = jobs_.Release(held.claim);
  if (!released) {
    return Log("warning", "could not be given back: " + released.error().ToString(), held.job.id);
  }
  if (!*released) return LetGo(held);
  ++counters_.returned;
  if (const Status status = queue_->Return(held.lease, 0); !status.ok()) {
    Log("warning", "could not be put back into the queue: " + status.error().ToString(), held.job.id);
  }
}

void JobEndings::LetGo(const HeldJob& held) {
  ++counters_.lost;
  Acknowledge({held.lease});
}

}  // namespace meterhound::store
