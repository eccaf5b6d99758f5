// ScoredLists: whole lists as plans need them, kept for the runs asked about last; what a run scored never changes.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "pipeline/scored_list.h"
#include "store/case_store.h"

namespace meterhound::serve {

/// Name of the one further column of the lists.
inline constexpr const char* kDistrictColumn = "district";

struct RunList {
  std::string run;
  pipeline::ScoredList list;                              ///< best first, with kDistrictColumn
  std::unordered_map<std::string, std::int64_t> rank_of;  ///< by consumer
};

class ScoredLists {
 public:
  explicit ScoredLists(std::shared_ptr<store::Database> database) : cases_(std::move(database)) {}

  Result<std::shared_ptr<const RunList>> Of(const std::string& run);

 private:
  static constexpr std::size_t kKept = 2;

  store::CaseStore cases_;
  std::mutex mutex_;
  std::list<std::shared_ptr<const RunList>> kept_;  ///< latest asked for first
};

/// Every case of a run in the order of its list.
Status EachCase(store::CaseStore& cases, const std::string& run,
                const std::function<void(const store::CaseSummary&)>& take);

}  // namespace meterhound::serve
