// Names of states and codes, and the jobs table's columns.
#include "store/job_row.h"

#include <array>

namespace meterhound::store {
namespace {

constexpr std::array<std::string_view, 6> kStates = {"queued", "running", "done", "failed", "cancelled", "dead"};

ErrorCode ParseErrorCode(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    if (ErrorName(static_cast<ErrorCode>(i)) == name) return static_cast<ErrorCode>(i);
  }
  return ErrorCode::kInternal;
}

}  // namespace

std::string_view JobStateName(JobState state) { return kStates.at(static_cast<std::size_t>(state)); }

std::optional<JobState> ParseJobState(std::string_view name) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == name) return static_cast<JobState>(i);
  }
  return std::nullopt;
}

Result<Job> ReadJob(const Row& row) {
  Job job;
  job.id = row.Text(0);
  const std::string where = "job " + job.id;
  job.kind = row.Text(1);
  job.queue = row.Text(2);
  job.priority = row.Int(3);
  job.title = row.Text(4);
  job.owner = row.Text(5);
  METERHOUND_ASSIGN_OR_RETURN(job.request, ParseJson(row.Text(6), where));
  job.input = row.OptionalText(7);
  const auto state = ParseJobState(row.Text(8));
  if (!state) return Corrupt("has the unknown state '" + row.Text(8) + "'", where);
  job.state = *state;
  job.progress = {row.Text(9), row.Int(10), row.Int(11), row.Text(12)};
  job.attempts = row.Int(13);
  job.max_attempts = row.Int(14);
  job.created = row.Int(15);
  job.started = row.OptionalInt(16);
  job.finished = row.OptionalInt(17);
  job.expires = row.OptionalInt(18);
  job.not_before = row.Int(19);
  if (!row.IsNull(20)) job.error = Error{ParseErrorCode(row.Text(20)), row.Text(21), row.Text(22)};
  METERHOUND_ASSIGN_OR_RETURN(job.result, ParseJson(row.Text(23), where));
  job.worker = row.Text(24);
  job.fence = row.Int(25);
  job.version = row.Int(26);
  return job;
}

Status InsertJob(Transaction& transaction, const Job& job) {
  return Done(transaction.Execute(
      "INSERT INTO jobs (id, kind, queue, priority, title, owner, request, input, state, stage, progress_done, "
      "progress_total, unit, attempts, max_attempts, created, not_before, result, worker, lease_until, fence, version) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, '', 0, ?, ?, ?, 'null', '', 0, 0, 0)",
      {job.id, job.kind, job.queue, job.priority, job.title, job.owner, job.request.dump(), job.input,
       JobStateName(job.state), job.max_attempts, job.created, job.not_before}));
}

}  // namespace meterhound::store
