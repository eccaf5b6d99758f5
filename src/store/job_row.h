// How a job lies in its row: the columns in order, and back.
#pragma once

#include <string>
#include <string_view>

#include "store/job_store.h"

namespace meterhound::store {

/// For `SELECT <these> FROM jobs`.
inline constexpr std::string_view kJobColumns =
    "id, kind, queue, priority, title, owner, request, input, state, stage, progress_done, progress_total, unit, "
    "attempts, max_attempts, created, started, finished, expires, not_before, error_code, error_message, error_where, "
    "result, worker, fence, version";

Result<Job> ReadJob(const Row& row);
Status InsertJob(Transaction& transaction, const Job& job);

}  // namespace meterhound::store
