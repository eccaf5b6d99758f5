// Drift checking: what was scored against what the model learnt from, list by list and by the schedule.
#pragma once

#include <string>

#include "pipeline/inspection_list.h"
#include "serve/service.h"
#include "store/job_runner.h"

namespace meterhound::serve {

/// Fewer consumers than this say nothing of a town.
inline constexpr std::size_t kFewestToCompare = 100;

/// What a scored list leaves for drift.
struct ListDrift {
  Json report;                         ///< null for a short list, and for a model that keeps no record of its training
  std::vector<store::ScoredRow> rows;  ///< for the scheduled check
};
Result<ListDrift> CheckList(Service& service, const pipeline::Ranking& ranking, const pipeline::Model& model,
                            const RunContext& context);

/// Keeps it in the transaction that keeps the list, and raises or resolves the alert. @param what begins a sentence:
/// "The list May".
Status KeepDrift(Service& service, store::Transaction& transaction, const std::string& model, const std::string& what,
                 const ListDrift& drift);

/// The job of the schedule (monitoring.check_frequency): all that the active model has scored since the last such
/// check, in lists and at once, or ScoredStore::kMost consumers of it drawn by their hashes. With too few it waits for
/// the next.
Result<store::Effects> CheckDrift(Service& service, const store::Job& job, store::JobContext& context);

}  // namespace meterhound::serve
