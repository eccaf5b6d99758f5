// JobStore: the jobs table, which is the truth about every job that was accepted.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "store/database.h"
#include "store/idempotency.h"

namespace meterhound::store {

enum class JobState {
  kQueued,     ///< waits, perhaps for its next attempt
  kRunning,    ///< a worker holds the lease
  kDone,       ///< its effects are in the store
  kFailed,     ///< the input cannot be worked on; never tried again
  kCancelled,  ///< somebody took it back
  kDead,       ///< failed too often; `meterhound jobs retry` gives it new attempts
};
/// "queued", "running", ...
std::string_view JobStateName(JobState state);
std::optional<JobState> ParseJobState(std::string_view name);
inline bool HasEnded(JobState state) { return state != JobState::kQueued && state != JobState::kRunning; }

struct JobProgress {
  std::string stage{};
  std::int64_t done = 0;
  std::int64_t total = 0;  ///< 0: unknown
  std::string unit{};
  bool operator==(const JobProgress&) const = default;
};

/// Times are milliseconds since 1970 UTC.
struct Job {
  std::string id{};
  std::string kind{};         ///< "detect", "report"
  std::string queue{};        ///< "math_queue", "llm_queue"
  std::int64_t priority = 0;  ///< 0 interactive, 1 batch
  std::string title{};
  std::string owner{};                 ///< id of the API key that asked, or empty
  Json request{};                      ///< what is asked, small
  std::optional<std::string> input{};  ///< of InputStore, for what is large
  JobState state = JobState::kQueued;
  JobProgress progress{};
  std::int64_t attempts = 0;      ///< begun so far
  std::int64_t max_attempts = 5;  ///< then it is dead
  std::int64_t created = 0;
  std::optional<std::int64_t> started{};  ///< the last attempt
  std::optional<std::int64_t> finished{};
  std::optional<std::int64_t> expires{};  ///< of an ended job: when it and its result are deleted
  std::int64_t not_before = 0;            ///< when the next attempt is due
  std::optional<Error> error{};           ///< of the last attempt
  Json result{};                          ///< of Effects, e.g. {"run": "..."}; null before
  std::string worker{};
  std::int64_t fence = 0;    ///< counts claims: who holds an older number may write nothing
  std::int64_t version = 0;  ///< grows with every change of the row, progress too
};

struct NewJob {
  std::string kind{};
  std::string queue{};
  std::int64_t priority = 0;
  std::string title{};
  std::string owner{};
  Json request{};
  std::optional<std::string> input{};
  std::int64_t max_attempts = 5;
};

struct CreatedJob {
  Job job;
  bool replayed = false;  ///< the idempotency key was known: the job of then, nothing was made
};

struct JobFilter {
  std::optional<JobState> state{};
  std::string kind{};   ///< empty: all
  std::string owner{};  ///< empty: everybody's
  std::string queue{};  ///< empty: all
  std::int64_t limit = 50;
  std::string cursor{};
};
struct JobPage {
  std::vector<Job> jobs{};  ///< latest first
  std::optional<std::string> next{};
};

/// Jobs of a queue by state, and the age of the oldest that waits.
struct JobCounts {
  std::int64_t queued = 0;
  std::int64_t running = 0;
  std::int64_t dead = 0;
  std::optional<std::int64_t> oldest_queued{};  ///< when it was created
};

/// Right to write the end of a job: whoever claimed later holds a higher fence and this one is refused.
struct Claim {
  std::string job{};
  std::string worker{};
  std::int64_t fence = 0;
};

/// How an attempt ended that did not succeed.
struct Failure {
  Error error;
  bool final = false;                   ///< the input's fault: not tried again
  std::int64_t delay_milliseconds = 0;  ///< before the next attempt
};

/// How long ended jobs and their inputs are kept unless a runner is told otherwise.
inline constexpr std::int64_t kKeptMilliseconds = 30LL * 86'400'000;

/// No lease and no delay is this long. A time further ahead was written by a clock that was ahead, and is not waited
/// for: the fence keeps effects single when that worker still lives.
inline constexpr std::int64_t kBeyondAnyLease = 15LL * 60'000;

class JobStore {
 public:
  explicit JobStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  /// Writes the job's row. Its entry in the queue is Submit's (queue.h).
  static Result<CreatedJob> Create(Transaction& transaction, const NewJob& job, const IdempotencyKey& key = {});

  /// kNotFound when there is no such job.
  Result<Job> Find(const std::string& id);
  Result<JobPage> List(const JobFilter& filter);
  Result<JobCounts> Count(const std::string& queue);

  /// Takes those of `ids` that may be begun (queued and due, or running with a lease that has ended) in one
  /// transaction. One whose attempts are used up becomes dead instead. @return the jobs as claimed.
  Result<std::vector<Job>> ClaimAll(const std::vector<std::string>& ids, const std::string& worker,
                                    std::int64_t lease_milliseconds);
  /// Lengthens leases in one transaction. @return the claims that are lost: cancelled, or taken by another worker.
  Result<std::vector<Claim>> Heartbeat(const std::vector<Claim>& claims, std::int64_t lease_milliseconds);
  /// Progress for all to see; false when the claim is lost.
  Result<bool> Report(const Claim& claim, const JobProgress& progress);

  /// Sets the job done in `transaction`, to which its effects are written as well. False when the claim is lost: roll
  /// back. True also when this very claim had finished it before (a commit whose answer was lost).
  enum class Ending { kFinished, kFinishedBefore, kLost };
  static Result<Ending> Finish(Transaction& transaction, const Claim& claim, const Json& result,
                               std::int64_t keep_milliseconds);
  /// Ends an attempt: queued again, failed or dead. Nothing (empty) when the claim is lost.
  Result<std::optional<JobState>> Fail(const Claim& claim, const Failure& failure, std::int64_t keep_milliseconds);
  /// Gives a claimed job back unharmed, the attempt not counted. False when the claim is lost.
  Result<bool> Release(const Claim& claim);

  /// kNotFound, or kInvalidInput when the job has ended.
  Result<Job> Cancel(const std::string& id, std::int64_t keep_milliseconds);
  /// New attempts for a dead or failed job; its entry in the queue is the caller's (Resubmit in queue.h).
  static Result<Job> Revive(Transaction& transaction, const std::string& id);
  /// Deletes a job that has ended (its input is then unused). kInvalidInput when it has not.
  Status Drop(const std::string& id);

  /// What a queue should know: ids and priorities of queued jobs that have been due since `before`, and of running ones
  /// whose lease has ended.
  struct Waiting {
    std::string id;
    std::int64_t priority = 0;
  };
  Result<std::vector<Waiting>> Overdue(const std::string& queue, std::int64_t before);
  /// Deletes ended jobs whose time is over. @return how many.
  Result<std::int64_t> DeleteExpired(std::int64_t limit = 100);

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
