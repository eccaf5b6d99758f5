// Which queue a URL means, and how a job is accepted.
#include "store/queue.h"

#include "store/redis_queue.h"
#include "store/table_queue.h"

namespace meterhound::store {

Result<std::shared_ptr<Queue>> OpenQueue(const std::string& url, std::shared_ptr<Database> database) {
  if (url.empty() || url == "store") return std::shared_ptr<Queue>(std::make_shared<TableQueue>(std::move(database)));
  return RedisQueue::Open(url);
}

Result<SubmittedJob> Submit(Database& database, Queue& queue, const NewJob& job, const IdempotencyKey& key,
                            const Database::Body& extra) {
  METERHOUND_ASSIGN_OR_RETURN(
      CreatedJob created, database.WriteFor<CreatedJob>([&](Transaction& transaction) -> Result<CreatedJob> {
        METERHOUND_ASSIGN_OR_RETURN(CreatedJob made, JobStore::Create(transaction, job, key));
        if (made.replayed) return made;
        if (extra) METERHOUND_RETURN_IF_ERROR(extra(transaction));
        if (queue.in_database()) {
          METERHOUND_RETURN_IF_ERROR(queue.Push({{job.queue, made.job.id, job.priority}}, &transaction));
        }
        return made;
      }));
  SubmittedJob submitted{std::move(created.job), created.replayed, true};
  if (!submitted.replayed && !queue.in_database()) {
    // The row is what was promised; an entry that cannot be written now is written by the next sweep.
    submitted.queued = queue.Push({{job.queue, submitted.job.id, job.priority}}).ok();
  }
  return submitted;
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
