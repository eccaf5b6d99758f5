// JobEndings: how a claimed job ends: its effects written, its failure noted, or the job given back unharmed.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/held_job.h"

namespace meterhound::store {

struct RunnerCounters {
  std::atomic<std::int64_t> done = 0;
  std::atomic<std::int64_t> failed = 0;
  std::atomic<std::int64_t> retried = 0;
  std::atomic<std::int64_t> dead = 0;
  std::atomic<std::int64_t> lost = 0;
  std::atomic<std::int64_t> returned = 0;
};

class JobEndings {
 public:
  JobEndings(std::shared_ptr<Database> database, std::shared_ptr<Queue> queue, const RunnerOptions& options)
      : database_(database), jobs_(std::move(database)), queue_(std::move(queue)), options_(options) {}

  /// Writes the effects of several jobs in one transaction; should one of them fail, each in its own.
  void Finish(const std::vector<ReadyJob>& ready);
  /// Another attempt, or failed, or dead.
  void Fail(const HeldJob& held, const Error& error);
  /// Back to the queue, the attempt not counted.
  void GiveBack(const HeldJob& held);
  /// The job is somebody else's, or cancelled: only the entry is done with.
  void LetGo(const HeldJob& held);

  const RunnerCounters& counters() const { return counters_; }
  void Log(std::string_view level, const std::string& message, std::string_view job = {}) const;

 private:
  using Endings = std::vector<JobStore::Ending>;

  Result<Endings> WriteTogether(const std::vector<ReadyJob>& ready);
  void FinishAlone(const ReadyJob& ready);
  void AfterCommit(const std::vector<ReadyJob>& ready, const Endings& endings);
  void Acknowledge(const std::vector<Lease>& leases);
  std::int64_t Backoff(std::int64_t attempts) const;

  std::shared_ptr<Database> database_;
  JobStore jobs_;
  std::shared_ptr<Queue> queue_;
  const RunnerOptions& options_;
  RunnerCounters counters_;
};

}  // namespace meterhound::store
