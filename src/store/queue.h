// Queue: hands out job ids under leases, at least once each. The jobs table is the truth; a queue only says what is
// next.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/database.h"
#include "store/job_store.h"

namespace meterhound::store {

struct QueueEntry {
  std::string queue{};
  std::string job{};
  std::int64_t priority = 0;  ///< 0 interactive, 1 batch; lower goes first
};

/// An entry that is this worker's for a time. When the time passes without Renew it is handed out again.
struct Lease {
  QueueEntry entry;
  std::string token{};  ///< the queue's own
  std::string worker{};
};

struct QueueDepth {
  std::int64_t waiting = 0;  ///< ready to be claimed
  std::int64_t leased = 0;
  std::int64_t delayed = 0;
  std::optional<std::int64_t> oldest{};  ///< when the oldest entry was pushed, milliseconds since 1970
};

/// Any number of threads and processes may use it. Errors are kUnavailable while the server is gone; it is connected
/// to anew by the next call.
class Queue {
 public:
  virtual ~Queue() = default;

  /// "sqlite", "postgresql", "redis".
  virtual std::string backend() const = 0;
  /// True when entries lie in the store's own database, so that they join its transactions.
  virtual bool in_database() const = 0;

  /// Durable when it returns. An entry that is there (waiting, delayed or leased) is not added twice.
  /// @param transaction joined when in_database(), else ignored: then push after the row is committed.
  virtual Status Push(const std::vector<QueueEntry>& entries, Transaction* transaction = nullptr) = 0;
  /// Up to `max` entries of the queues, by priority, then age; waits up to `wait_milliseconds` for the first.
  virtual Result<std::vector<Lease>> Claim(const std::vector<std::string>& queues, const std::string& worker,
                                           std::int64_t max, std::int64_t wait_milliseconds,
                                           std::int64_t lease_milliseconds) = 0;
  virtual Status Renew(const std::vector<Lease>& leases, std::int64_t lease_milliseconds) = 0;
  /// The entries are done with and vanish. @param transaction as with Push.
  virtual Status Acknowledge(const std::vector<Lease>& leases, Transaction* transaction = nullptr) = 0;
  /// Hands an entry back, to be claimed again after the delay.
  virtual Status Return(const Lease& lease, std::int64_t delay_milliseconds) = 0;
  virtual Result<QueueDepth> Depth(const std::string& queue) = 0;
  /// Nothing when the queue answers.
  virtual Status Ping() = 0;
};

/// @param url empty or "store": in `database` itself; "redis://[:password@]host[:port][/number]" or
///   "redis+unix:/path/to/socket": Redis Streams. A server that does not answer yet is no error.
Result<std::shared_ptr<Queue>> OpenQueue(const std::string& url, std::shared_ptr<Database> database);

/// Accepts a job in the caller's transaction: its row, and its entry. Where the queue lies elsewhere the entry is
/// pushed once the transaction is committed; should the queue not answer then, a worker's sweep enqueues it.
/// @param pushed told whether the queue took the entry; may be empty.
Result<CreatedJob> Accept(Transaction& transaction, Queue& queue, const NewJob& job, const IdempotencyKey& key = {},
                          const std::function<void(bool)>& pushed = {});

struct SubmittedJob {
  Job job;
  bool replayed = false;
  bool queued = true;  ///< false: the row is durable but the queue did not answer; a worker's sweep will enqueue it
};

/// Accepts a job in a transaction of its own. When it returns a job, that job will be done. `extra` is written in the
/// same transaction (audit); may be empty.
Result<SubmittedJob> Submit(Database& database, Queue& queue, const NewJob& job, const IdempotencyKey& key = {},
                            const Database::Body& extra = {});
/// New attempts for a dead or failed job.
Result<Job> Resubmit(Database& database, Queue& queue, const std::string& id);

}  // namespace meterhound::store
