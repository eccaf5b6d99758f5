// RedisQueue: the queue as Redis Streams, one a priority, for workers on several hosts.
#pragma once

#include "store/queue.h"
#include "store/redis_connection.h"

namespace meterhound::store {

/// Durable as far as the server is: with `appendfsync always` an entry that was pushed survives its kill.
/// Keys: `meterhound:{QUEUE}:0` and `:1` (streams), `:delayed` (sorted set by due time), `:known` (hash of the jobs
/// that have an entry, so that none has two). Each step is one script, so it happens whole or not at all.
class RedisQueue : public Queue {
 public:
  static Result<std::shared_ptr<Queue>> Open(const std::string& url);
  explicit RedisQueue(RedisAddress address) : pool_(std::move(address)) {}

  std::string backend() const override { return "redis"; }
  bool in_database() const override { return false; }
  Status Push(const std::vector<QueueEntry>& entries, Transaction* transaction) override;
  Result<std::vector<Lease>> Claim(const std::vector<std::string>& queues, const std::string& worker, std::int64_t max,
                                   std::int64_t wait_milliseconds, std::int64_t lease_milliseconds) override;
  Status Renew(const std::vector<Lease>& leases, std::int64_t lease_milliseconds) override;
  Status Acknowledge(const std::vector<Lease>& leases, Transaction* transaction) override;
  Status Return(const Lease& lease, std::int64_t delay_milliseconds) override;
  Result<QueueDepth> Depth(const std::string& queue) override;
  Status Ping() override;

 private:
  Result<RedisReply> Script(std::string_view text, const std::vector<std::string>& keys,
                            const std::vector<std::string>& arguments);
  Result<std::vector<Lease>> ClaimNow(const std::vector<std::string>& queues, const std::string& worker,
                                      std::int64_t max, std::int64_t lease_milliseconds);
  /// Runs a script about leases once for each stream (and worker) that they lie in.
  Status ForEachStream(std::string_view script, const std::vector<Lease>& leases);
  Status WaitForEntry(const std::vector<std::string>& queues, std::int64_t milliseconds);

  RedisPool pool_;
};

}  // namespace meterhound::store
