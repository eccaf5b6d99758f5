// JobRunner: the worker's loop: claims jobs, runs their handlers, writes each one's effects exactly once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_context.h"
#include "store/job_store.h"
#include "store/queue.h"

namespace meterhound::store {

/// What a handler wants written: all of it in the transaction that also sets the job done, or nothing.
struct Effects {
  Json result;           ///< becomes Job::result
  Database::Body write;  ///< may run again after a conflict; may be empty
};

/// What a handler is given besides its job.
struct JobContext {
  Progress& progress;    ///< shown to everyone, written at most each half second
  std::stop_token stop;  ///< the job was cancelled, the lease was lost, or the worker ends: return Cancelled() soon
};

/// Runs without touching the store's results; may be run again after a crash. Errors of the input (kInvalidInput,
/// kCorrupt, kUnsupported, kNotFound) fail the job for good, others are tried again. An exception is kInternal.
using Handler = std::function<Result<Effects>(const Job&, JobContext&)>;

struct RunnerOptions {
  std::string worker;               ///< unique name; empty: host, process and a random part
  std::vector<std::string> queues;  ///< "math_queue", "llm_queue"
  std::size_t threads = 1;
  std::size_t claim_at_once = 8;  ///< small jobs share transactions; what a slow one holds up goes back after a second
  std::int64_t lease_milliseconds = 30'000;
  std::int64_t renew_milliseconds = 10'000;
  std::int64_t backoff_milliseconds = 2'000;  ///< before the second attempt; doubles, with jitter of a half either way
  std::int64_t longest_backoff_milliseconds = 300'000;
  std::int64_t grace_milliseconds = 20'000;  ///< after a stop: what running jobs may still take before they are stopped
  std::int64_t keep_milliseconds = kKeptMilliseconds;  ///< ended jobs and their inputs
  std::int64_t sweep_milliseconds = 30'000;            ///< between sweeps for lost entries
  std::int64_t lost_milliseconds = 60'000;             ///< how long overdue before an entry counts as lost
  /// For the log: level ("info", "warning", "error"), what happened, the job's id or empty. Called from any thread.
  std::function<void(std::string_view level, std::string_view message, std::string_view job)> log;
};

/// What a runner has done so far.
struct RunnerStatistics {
  std::int64_t done = 0;
  std::int64_t failed = 0;  ///< for good
  std::int64_t retried = 0;
  std::int64_t dead = 0;
  std::int64_t lost = 0;      ///< cancelled or taken over while running; nothing written
  std::int64_t returned = 0;  ///< given back unharmed
  std::int64_t running = 0;   ///< now
};

class JobRunner {
 public:
  JobRunner(std::shared_ptr<Database> database, std::shared_ptr<Queue> queue, std::map<std::string, Handler> handlers,
            RunnerOptions options);
  ~JobRunner();

  /// Works until `stop` is requested and what runs has ended or was returned. A store or queue that is gone is waited
  /// for, with log lines, not an error.
  void Run(std::stop_token stop);
  RunnerStatistics statistics() const;
  const std::string& worker() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meterhound::store
