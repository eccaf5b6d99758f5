// Which queue a URL means, and how a job is accepted.
#include "store/queue.h"

#include "store/redis_queue.h"
#include "store/table_queue.h"

namespace meterhound::store {

Result<std::shared_ptr<Queue>> OpenQueue(const std::string& url, std::shared_ptr<Database> database) {
  if (url.empty() || url == "store") return std::shared_ptr<Queue>(std::make_shared<TableQueue>(std::move(database)));
  return RedisQueue::Open(url);
}

Result<CreatedJob> Accept(Transaction& transaction, Queue& queue, const NewJob& job, const IdempotencyKey& key,
                          const std::function<void(bool)>& pushed) {
  METERHOUND_ASSIGN_OR_RETURN(CreatedJob made, JobStore::Create(transaction, job, key));
  if (made.replayed) return made;
  const QueueEntry entry{job.queue, made.job.id, job.priority};
  if (queue.in_database()) {
    METERHOUND_RETURN_IF_ERROR(queue.Push({entry}, &transaction));
  } else {
    transaction.AfterCommit([&queue, entry, pushed] {
      const bool taken = queue.Push({entry}).ok();
      if (pushed) pushed(taken);
    });
  }
  return made;
}

Result<SubmittedJob> Submit(Database& database, Queue& queue, const NewJob& job, const IdempotencyKey& key,
                            const Database::Body& extra) {
  bool queued = true;
  METERHOUND_ASSIGN_OR_RETURN(
      CreatedJob created, database.WriteFor<CreatedJob>([&](Transaction& transaction) -> Result<CreatedJob> {
        METERHOUND_ASSIGN_OR_RETURN(CreatedJob made,
                                    Accept(transaction, queue, job, key, [&](bool taken) { queued = taken; }));
        if (extra && !made.replayed) METERHOUND_RETURN_IF_ERROR(extra(transaction));
        return made;
      }));
  return SubmittedJob{std::move(created.job), created.replayed, queued};
}

Result<Job> Resubmit(Database& database, Queue& queue, const std::string& id) {
  METERHOUND_ASSIGN_OR_RETURN(Job job, database.WriteFor<Job>([&](Transaction& transaction) -> Result<Job> {
    METERHOUND_ASSIGN_OR_RETURN(Job revived, JobStore::Revive(transaction, id));
    if (queue.in_database()) {
      METERHOUND_RETURN_IF_ERROR(queue.Push({{revived.queue, revived.id, revived.priority}}, &transaction));
    }
    return revived;
  }));
  if (!queue.in_database()) METERHOUND_RETURN_IF_ERROR(queue.Push({{job.queue, job.id, job.priority}}));
  return job;
}

}  // namespace meterhound::store
