// One row a worker, written at each of its heartbeats.
#include "store/worker_registry.h"

#include "base/json.h"
#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::int64_t kForgottenAfter = 86'400'000;

}  // namespace

Status WorkerRegistry::Seen(const std::string& id, const std::vector<std::string>& queues, std::int64_t running) {
  return Done(database_->Execute(
      "INSERT INTO workers (id, queues, running, last_seen) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
      "queues=excluded.queues, running=excluded.running, last_seen=excluded.last_seen",
      {id, Json(queues).dump(), running, NowMilliseconds()}));
}

Status WorkerRegistry::Gone(const std::string& id) {
  return Done(
      database_->Execute("DELETE FROM workers WHERE id=? OR last_seen<?", {id, NowMilliseconds() - kForgottenAfter}));
}

Result<std::vector<WorkerSeen>> WorkerRegistry::List(std::int64_t milliseconds) {
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows,
      database_->Query("SELECT id, queues, running, last_seen FROM workers WHERE last_seen>=? ORDER BY id",
                       {NowMilliseconds() - milliseconds}));
  std::vector<WorkerSeen> workers;
  for (const Row& row : rows) {
    METERHOUND_ASSIGN_OR_RETURN(const Json queues, ParseJson(row.Text(1), "workers.queues"));
    workers.push_back({row.Text(0), queues.get<std::vector<std::string>>(), row.Int(2), row.Int(3)});
  }
  return workers;
}

}  // namespace meterhound::store
