// TableQueue: the queue as a table of the store itself; entries join the transactions of what they speak of.
#pragma once

#include "store/queue.h"

namespace meterhound::store {

class TableQueue : public Queue {
 public:
  explicit TableQueue(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  std::string backend() const override;
  bool in_database() const override { return true; }
  Status Push(const std::vector<QueueEntry>& entries, Transaction* transaction) override;
  Result<std::vector<Lease>> Claim(const std::vector<std::string>& queues, const std::string& worker, std::int64_t max,
                                   std::int64_t wait_milliseconds, std::int64_t lease_milliseconds) override;
  Status Renew(const std::vector<Lease>& leases, std::int64_t lease_milliseconds) override;
  Status Acknowledge(const std::vector<Lease>& leases, Transaction* transaction) override;
  Status Return(const Lease& lease, std::int64_t delay_milliseconds) override;
  Result<QueueDepth> Depth(const std::string& queue) override;
  Status Ping() override;

 private:
  Status InTransaction(Transaction* transaction, const Database::Body& body);
  Status DropKnown(std::vector<QueueEntry>& entries);
  Result<bool> AnyAvailable(const std::vector<std::string>& queues);

  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
