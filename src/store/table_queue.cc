// An entry may be claimed once its time (`available`) has come; a lease moves that time ahead.
#include "store/table_queue.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::int64_t kFirstPause = 5;  // between looks while waiting; grows, so that idle workers cost little
constexpr std::int64_t kLongestPause = 100;

std::string Marks(std::size_t count) {
  std::string marks;
  for (std::size_t i = 0; i < count; ++i) marks += i == 0 ? "?" : ", ?";
  return marks;
}

Values ToValues(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

Result<std::vector<Lease>> ClaimOnce(Transaction& transaction, const std::vector<std::string>& queues,
                                     const std::string& worker, std::int64_t max, std::int64_t lease_milliseconds) {
  const std::int64_t now = NowMilliseconds();
  Values values = ToValues(queues);
  values.emplace_back(now);
  values.emplace_back(now + kBeyondAnyLease);
  values.emplace_back(max);
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows,
      transaction.Query("SELECT id, queue, job, priority FROM queue_entries WHERE queue IN (" + Marks(queues.size()) +
                            ") AND (available<=? OR available>?) ORDER BY priority, id LIMIT ? {SKIP LOCKED}",
                        values));
  std::vector<Lease> leases;
  for (const Row& row : rows) {
    Lease lease{{row.Text(1), row.Text(2), row.Int(3)}, RandomHex(8), worker};
    METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute("UPDATE queue_entries SET available=?, token=? WHERE id=?",
                                                        {now + lease_milliseconds, lease.token, row.Int(0)})));
    leases.push_back(std::move(lease));
  }
  return leases;
}

}  // namespace

std::string TableQueue::backend() const { return database_->backend() == Backend::kSqlite ? "sqlite" : "postgresql"; }

Status TableQueue::InTransaction(Transaction* transaction, const Database::Body& body) {
  return transaction != nullptr ? body(*transaction) : database_->Write(body);
}

Status TableQueue::Push(const std::vector<QueueEntry>& entries, Transaction* transaction) {
  std::vector<QueueEntry> missing = entries;
  // A sweep pushes what is mostly there: found out without the writer's turn.
  if (transaction == nullptr) METERHOUND_RETURN_IF_ERROR(DropKnown(missing));
  if (missing.empty()) return {};
  return InTransaction(transaction, [&](Transaction& inside) -> Status {
    const std::int64_t now = NowMilliseconds();
    for (const QueueEntry& entry : missing) {
      METERHOUND_RETURN_IF_ERROR(Done(
          inside.Execute("INSERT INTO queue_entries (queue, job, priority, pushed, available, token) VALUES (?, ?, "
                         "?, ?, ?, '') ON CONFLICT (queue, job) DO NOTHING",
                         {entry.queue, entry.job, entry.priority, now, now})));
    }
    return {};
  });
}

Status TableQueue::DropKnown(std::vector<QueueEntry>& entries) {
  std::vector<QueueEntry> missing;
  METERHOUND_RETURN_IF_ERROR(database_->Read([&](Transaction& inside) -> Status {
    missing.clear();
    for (const QueueEntry& entry : entries) {
      METERHOUND_ASSIGN_OR_RETURN(const auto row, inside.QueryOne("SELECT 1 FROM queue_entries WHERE queue=? AND job=?",
                                                                  {entry.queue, entry.job}));
      if (!row) missing.push_back(entry);
    }
    return {};
  }));
  entries = std::move(missing);
  return {};
}

Result<bool> TableQueue::AnyAvailable(const std::vector<std::string>& queues) {
  Values values = ToValues(queues);
  const std::int64_t now = NowMilliseconds();
  values.emplace_back(now);
  values.emplace_back(now + kBeyondAnyLease);
  METERHOUND_ASSIGN_OR_RETURN(
      const auto row, database_->QueryOne("SELECT 1 FROM queue_entries WHERE queue IN (" + Marks(queues.size()) +
                                              ") AND (available<=? OR available>?) LIMIT 1",
                                          values));
  return row.has_value();
}

Result<std::vector<Lease>> TableQueue::Claim(const std::vector<std::string>& queues, const std::string& worker,
                                             std::int64_t max, std::int64_t wait_milliseconds,
                                             std::int64_t lease_milliseconds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_milliseconds);
  for (std::int64_t pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
    // A look without a lock first: waiting workers must not take the writer's turn.
    METERHOUND_ASSIGN_OR_RETURN(const bool any, AnyAvailable(queues));
    if (any) {
      METERHOUND_ASSIGN_OR_RETURN(auto leases, database_->WriteFor<std::vector<Lease>>([&](Transaction& transaction) {
        return ClaimOnce(transaction, queues, worker, max, lease_milliseconds);
      }));
      if (!leases.empty()) return leases;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return std::vector<Lease>();
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min<std::int64_t>(pause, left)));
  }
}

Status TableQueue::Renew(const std::vector<Lease>& leases, std::int64_t lease_milliseconds) {
  if (leases.empty()) return {};
  return database_->Write([&](Transaction& transaction) -> Status {
    const std::int64_t until = NowMilliseconds() + lease_milliseconds;
    for (const Lease& lease : leases) {
      METERHOUND_RETURN_IF_ERROR(
          Done(transaction.Execute("UPDATE queue_entries SET available=? WHERE queue=? AND job=? AND token=?",
                                   {until, lease.entry.queue, lease.entry.job, lease.token})));
    }
    return {};
  });
}

Status TableQueue::Acknowledge(const std::vector<Lease>& leases, Transaction* transaction) {
  if (leases.empty()) return {};
  return InTransaction(transaction, [&](Transaction& inside) -> Status {
    for (const Lease& lease : leases) {
      METERHOUND_RETURN_IF_ERROR(Done(inside.Execute("DELETE FROM queue_entries WHERE queue=? AND job=? AND token=?",
                                                     {lease.entry.queue, lease.entry.job, lease.token})));
    }
    return {};
  });
}

Status TableQueue::Return(const Lease& lease, std::int64_t delay_milliseconds) {
  return Done(
      database_->Execute("UPDATE queue_entries SET available=?, token='' WHERE queue=? AND job=? AND token=?",
                         {NowMilliseconds() + delay_milliseconds, lease.entry.queue, lease.entry.job, lease.token}));
}

Result<QueueDepth> TableQueue::Depth(const std::string& queue) {
  METERHOUND_ASSIGN_OR_RETURN(
      const auto row,
      database_->QueryOne("SELECT COUNT(*), COUNT(CASE WHEN available<=? THEN 1 END), COUNT(CASE WHEN available>? AND "
                          "token<>'' THEN 1 END), MIN(pushed) FROM queue_entries WHERE queue=?",
                          {NowMilliseconds(), NowMilliseconds(), queue}));
  QueueDepth depth;
  if (!row) return depth;
  depth.waiting = row->Int(1);
  depth.leased = row->Int(2);
  depth.delayed = row->Int(0) - depth.waiting - depth.leased;
  depth.oldest = row->OptionalInt(3);
  return depth;
}

Status TableQueue::Ping() {
  const auto row = database_->QueryOne("SELECT 1");
  return row ? Status() : Status(row.error());
}

}  // namespace meterhound::store
