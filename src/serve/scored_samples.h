// ScoredSamples: which of the consumers that were scored are kept until the next scheduled check of drift.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "monitor/baseline.h"
#include "store/scored_store.h"

namespace meterhound::serve {

/// The rows of a snapshot that belong into the sample as it stands.
/// @param hashes Panel::ContentHash, one a row. @param bar see ScoredStore::Bar.
std::vector<store::ScoredRow> RowsBelow(std::int64_t bar, std::span<const std::uint64_t> hashes,
                                        const monitor::Snapshot& snapshot);

/// What this process scores at once. It lies in memory until Flush, so that no request waits for the store; a process
/// that is killed loses at most what came since.
class ScoredSamples {
 public:
  explicit ScoredSamples(std::shared_ptr<store::Database> database)
      : database_(std::move(database)), store_(database_) {}

  /// @param describe called when one of the rows belongs into the sample.
  Status Offer(const std::string& model, std::span<const std::uint64_t> hashes,
               const std::function<Result<monitor::Snapshot>()>& describe);
  /// Writes what has come to the store.
  Status Flush();

 private:
  std::shared_ptr<store::Database> database_;
  store::ScoredStore store_;
  std::mutex mutex_;
  std::string model_;                         // whose rows these are
  std::int64_t bar_ = 0;                      // as the store said last, or lower when memory is full
  std::map<std::int64_t, std::string> rows_;  // by number, at most ScoredStore::kMost
};

}  // namespace meterhound::serve
