// The life of a job's row. Every step is one conditional UPDATE, so that of two who try, one succeeds.
#include "store/job_store.h"

#include "store/identifiers.h"
#include "store/job_row.h"

namespace meterhound::store {
namespace {

/// A claim still holds while the row says so; the worker's name guards against a fence that a restore has set back.
constexpr std::string_view kHeld = " WHERE id=? AND state='running' AND worker=? AND fence=?";

std::string Select(std::string_view rest) {
  return "SELECT " + std::string(kJobColumns) + " FROM jobs" + std::string(rest);
}

Result<std::vector<Job>> ReadJobs(const Rows& rows) {
  std::vector<Job> jobs;
  jobs.reserve(rows.size());
  for (const Row& row : rows) {
    METERHOUND_ASSIGN_OR_RETURN(Job job, ReadJob(row));
    jobs.push_back(std::move(job));
  }
  return jobs;
}

Result<std::optional<Job>> FindIn(Transaction& transaction, const std::string& id, bool to_change) {
  METERHOUND_ASSIGN_OR_RETURN(
      const auto row, transaction.QueryOne(Select(to_change ? " WHERE id=? {FOR UPDATE}" : " WHERE id=?"), {id}));
  if (!row) return std::optional<Job>();
  METERHOUND_ASSIGN_OR_RETURN(Job job, ReadJob(*row));
  return std::optional<Job>(std::move(job));
}

Error NoSuchJob(const std::string& id) { return NotFound("there is no job '" + id + "'"); }

/// An attempt that never came back counts; after the last one the job is dead.
Status Bury(Transaction& transaction, const Job& job, std::int64_t now) {
  return Done(transaction.Execute(
      "UPDATE jobs SET state='dead', finished=?, error_code='unavailable', error_message=?, error_where='', "
      "attempts=?, fence=fence+1, version=version+1 WHERE id=?",
      {now, "the worker was lost in each of " + std::to_string(job.attempts) + " attempts", job.attempts, job.id}));
}

}  // namespace

Result<CreatedJob> JobStore::Create(Transaction& transaction, const NewJob& wanted, const IdempotencyKey& key) {
  METERHOUND_ASSIGN_OR_RETURN(const auto known, FindAnswer(transaction, key));
  if (known) {
    METERHOUND_ASSIGN_OR_RETURN(auto earlier, FindIn(transaction, *known, false));
    if (!earlier) return NotFound("the job of this key has expired and was deleted", "Idempotency-Key");
    return CreatedJob{std::move(*earlier), true};
  }
  Job job;
  job.id = NewId();
  job.kind = wanted.kind;
  job.queue = wanted.queue;
  job.priority = wanted.priority;
  job.title = wanted.title;
  job.owner = wanted.owner;
  job.request = wanted.request;
  job.input = wanted.input;
  job.max_attempts = wanted.max_attempts;
  job.created = job.not_before = NowMilliseconds();
  METERHOUND_RETURN_IF_ERROR(InsertJob(transaction, job));
  METERHOUND_RETURN_IF_ERROR(RememberAnswer(transaction, key, job.id));
  return CreatedJob{std::move(job), false};
}

Result<Job> JobStore::Find(const std::string& id) {
  METERHOUND_ASSIGN_OR_RETURN(const auto row, database_->QueryOne(Select(" WHERE id=?"), {id}));
  if (!row) return NoSuchJob(id);
  return ReadJob(*row);
}

Result<JobPage> JobStore::List(const JobFilter& filter) {
  std::string condition = " WHERE 1=1";
  Values values;
  const auto add = [&](const char* text, Value value) {
    condition += text;
    values.push_back(std::move(value));
  };
  if (filter.state) add(" AND state=?", JobStateName(*filter.state));
  if (!filter.kind.empty()) add(" AND kind=?", filter.kind);
  if (!filter.owner.empty()) add(" AND owner=?", filter.owner);
  if (!filter.queue.empty()) add(" AND queue=?", filter.queue);
  if (!filter.cursor.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string last, DecodeCursor(filter.cursor));
    add(" AND id<?", last);
  }
  add(" ORDER BY id DESC LIMIT ?", filter.limit + 1);
  METERHOUND_ASSIGN_OR_RETURN(const Rows rows, database_->Query(Select(condition), values));
  JobPage page;
  METERHOUND_ASSIGN_OR_RETURN(page.jobs, ReadJobs(rows));
  if (static_cast<std::int64_t>(page.jobs.size()) > filter.limit) {
    page.jobs.pop_back();
    page.next = EncodeCursor(page.jobs.back().id);
  }
  return page;
}

Result<JobCounts> JobStore::Count(const std::string& queue) {
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows, database_->Query("SELECT state, COUNT(*), MIN(created) FROM jobs WHERE queue=? AND state IN "
                                        "('queued', 'running', 'dead') GROUP BY state",
                                        {queue}));
  JobCounts counts;
  for (const Row& row : rows) {
    if (row.Text(0) == "running") counts.running = row.Int(1);
    if (row.Text(0) == "dead") counts.dead = row.Int(1);
    if (row.Text(0) == "queued") {
      counts.queued = row.Int(1);
      counts.oldest_queued = row.OptionalInt(2);
    }
  }
  return counts;
}

Result<std::vector<Job>> JobStore::ClaimAll(const std::vector<std::string>& ids, const std::string& worker,
                                            std::int64_t lease_milliseconds) {
  return database_->WriteFor<std::vector<Job>>([&](Transaction& transaction) -> Result<std::vector<Job>> {
    std::vector<Job> claimed;
    const std::int64_t now = NowMilliseconds();
    for (const std::string& id : ids) {
      METERHOUND_ASSIGN_OR_RETURN(
          const Rows rows,
          transaction.Query(
              "UPDATE jobs SET state='running', worker=?, lease_until=?, attempts=attempts+1, started=?, "
              "fence=fence+1, version=version+1, stage='', progress_done=0, progress_total=0, unit='' "
              "WHERE id=? AND ((state='queued' AND (not_before<=? OR not_before>?)) OR "
              "(state='running' AND (lease_until<? OR lease_until>?))) "
              "RETURNING " +
                  std::string(kJobColumns),
              {worker, now + lease_milliseconds, now, id, now, now + kBeyondAnyLease, now, now + kBeyondAnyLease}));
      METERHOUND_ASSIGN_OR_RETURN(std::vector<Job> jobs, ReadJobs(rows));
      for (Job& job : jobs) {
        if (job.attempts > job.max_attempts) {
          --job.attempts;
          METERHOUND_RETURN_IF_ERROR(Bury(transaction, job, now));
        } else {
          claimed.push_back(std::move(job));
        }
      }
    }
    return claimed;
  });
}

Result<std::vector<Claim>> JobStore::Heartbeat(const std::vector<Claim>& claims, std::int64_t lease_milliseconds) {
  return database_->WriteFor<std::vector<Claim>>([&](Transaction& transaction) -> Result<std::vector<Claim>> {
    std::vector<Claim> lost;
    const std::int64_t until = NowMilliseconds() + lease_milliseconds;
    for (const Claim& claim : claims) {
      METERHOUND_ASSIGN_OR_RETURN(const std::int64_t held,
                                  transaction.Execute("UPDATE jobs SET lease_until=?" + std::string(kHeld),
                                                      {until, claim.job, claim.worker, claim.fence}));
      if (held == 0) lost.push_back(claim);
    }
    return lost;
  });
}

Result<bool> JobStore::Report(const Claim& claim, const JobProgress& progress) {
  METERHOUND_ASSIGN_OR_RETURN(
      const std::int64_t held,
      database_->Execute(
          "UPDATE jobs SET stage=?, progress_done=?, progress_total=?, unit=?, version=version+1" + std::string(kHeld),
          {progress.stage, progress.done, progress.total, progress.unit, claim.job, claim.worker, claim.fence}));
  return held > 0;
}

Result<JobStore::Ending> JobStore::Finish(Transaction& transaction, const Claim& claim, const Json& result,
                                          std::int64_t keep_milliseconds) {
  const std::int64_t now = NowMilliseconds();
  METERHOUND_ASSIGN_OR_RETURN(
      const std::int64_t held,
      transaction.Execute("UPDATE jobs SET state='done', finished=?, expires=?, result=?, error_code=NULL, "
                          "error_message=NULL, error_where=NULL, version=version+1" +
                              std::string(kHeld),
                          {now, now + keep_milliseconds, result.dump(), claim.job, claim.worker, claim.fence}));
  if (held > 0) return Ending::kFinished;
  METERHOUND_ASSIGN_OR_RETURN(
      const auto before, transaction.QueryOne("SELECT 1 FROM jobs WHERE id=? AND state='done' AND worker=? AND fence=?",
                                              {claim.job, claim.worker, claim.fence}));
  return before ? Ending::kFinishedBefore : Ending::kLost;
}

Result<std::optional<JobState>> JobStore::Fail(const Claim& claim, const Failure& failure,
                                               std::int64_t keep_milliseconds) {
  using Ended = std::optional<JobState>;
  return database_->WriteFor<Ended>([&](Transaction& transaction) -> Result<Ended> {
    METERHOUND_ASSIGN_OR_RETURN(const auto job, FindIn(transaction, claim.job, true));
    if (!job || job->state != JobState::kRunning || job->worker != claim.worker || job->fence != claim.fence)
      return Ended();
    const std::int64_t now = NowMilliseconds();
    const JobState next = failure.final                        ? JobState::kFailed
                          : job->attempts >= job->max_attempts ? JobState::kDead
                                                               : JobState::kQueued;
    Value finished;
    Value expires;
    if (next != JobState::kQueued) finished = now;
    if (next == JobState::kFailed) expires = now + keep_milliseconds;  // the dead wait for a person
    METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute(
        "UPDATE jobs SET state=?, finished=?, expires=?, not_before=?, error_code=?, error_message=?, error_where=?, "
        "version=version+1 WHERE id=?",
        {JobStateName(next), finished, expires, now + failure.delay_milliseconds, ErrorName(failure.error.code),
         failure.error.message, failure.error.where, claim.job})));
    return Ended(next);
  });
}

Result<bool> JobStore::Release(const Claim& claim) {
  METERHOUND_ASSIGN_OR_RETURN(
      const std::int64_t held,
      database_->Execute("UPDATE jobs SET state='queued', attempts=attempts-1, started=NULL, not_before=?, "
                         "version=version+1" +
                             std::string(kHeld),
                         {NowMilliseconds(), claim.job, claim.worker, claim.fence}));
  return held > 0;
}

Result<Job> JobStore::Cancel(const std::string& id, std::int64_t keep_milliseconds) {
  return database_->WriteFor<Job>([&](Transaction& transaction) -> Result<Job> {
    METERHOUND_ASSIGN_OR_RETURN(const auto job, FindIn(transaction, id, true));
    if (!job) return NoSuchJob(id);
    if (HasEnded(job->state)) {
      return InvalidInput("job " + id + " has ended: it is " + std::string(JobStateName(job->state)));
    }
    const std::int64_t now = NowMilliseconds();
    METERHOUND_RETURN_IF_ERROR(Done(
        transaction.Execute("UPDATE jobs SET state='cancelled', finished=?, expires=?, version=version+1 WHERE id=?",
                            {now, now + keep_milliseconds, id})));
    METERHOUND_ASSIGN_OR_RETURN(auto cancelled, FindIn(transaction, id, false));
    return std::move(*cancelled);
  });
}

Result<Job> JobStore::Revive(Transaction& transaction, const std::string& id) {
  METERHOUND_ASSIGN_OR_RETURN(const auto job, FindIn(transaction, id, true));
  if (!job) return NoSuchJob(id);
  if (job->state != JobState::kDead && job->state != JobState::kFailed) {
    return InvalidInput("job " + id + " is " + std::string(JobStateName(job->state)) + ", expected dead or failed");
  }
  METERHOUND_RETURN_IF_ERROR(
      Done(transaction.Execute("UPDATE jobs SET state='queued', attempts=0, started=NULL, finished=NULL, expires=NULL, "
                               "not_before=?, worker='', version=version+1 WHERE id=?",
                               {NowMilliseconds(), id})));
  METERHOUND_ASSIGN_OR_RETURN(auto revived, FindIn(transaction, id, false));
  return std::move(*revived);
}

Status JobStore::Drop(const std::string& id) {
  return database_->Write([&](Transaction& transaction) -> Status {
    METERHOUND_ASSIGN_OR_RETURN(const auto job, FindIn(transaction, id, true));
    if (!job) return NoSuchJob(id);
    if (!HasEnded(job->state)) {
      return InvalidInput("job " + id + " is " + std::string(JobStateName(job->state)) + "; cancel it first");
    }
    return Done(transaction.Execute("DELETE FROM jobs WHERE id=?", {id}));  // its input: InputStore::DeleteUnused
  });
}

Result<std::vector<JobStore::Waiting>> JobStore::Overdue(const std::string& queue, std::int64_t before) {
  const std::int64_t now = NowMilliseconds();
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows,
      database_->Query("SELECT id, priority FROM jobs WHERE queue=? AND ((state='queued' AND (not_before<? OR "
                       "not_before>?)) OR (state='running' AND (lease_until<? OR lease_until>?)))",
                       {queue, before, now + kBeyondAnyLease, now, now + kBeyondAnyLease}));
  std::vector<Waiting> waiting;
  waiting.reserve(rows.size());
  for (const Row& row : rows) waiting.push_back({row.Text(0), row.Int(1)});
  return waiting;
}

Result<std::int64_t> JobStore::DeleteExpired(std::int64_t limit) {
  return database_->Execute(
      "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE expires<? AND state NOT IN ('queued', 'running') "
      "ORDER BY expires LIMIT ?)",
      {NowMilliseconds(), limit});
}

}  // namespace meterhound::store
