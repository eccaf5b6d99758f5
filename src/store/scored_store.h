// ScoredStore: a sample of what each model has scored since the last scheduled check of drift.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "store/database.h"

namespace meterhound::store {

/// A consumer as the check needs it. Of all that is offered for a model, those with the lowest numbers are kept:
/// whoever offers, in whatever order, the sample is the same; and what is offered twice counts once.
struct ScoredRow {
  std::int64_t number = 0;  ///< of a hash of what was read, without its sign
  std::string data;
};

class ScoredStore {
 public:
  static constexpr std::int64_t kMost = 2000;  ///< rows of a model

  explicit ScoredStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  /// The number that a row must be below to be kept: the highest there is until the sample is full.
  Result<std::int64_t> Bar(const std::string& model);
  static Status Offer(Transaction& transaction, const std::string& model, const std::vector<ScoredRow>& rows);

  struct Sample {
    std::vector<ScoredRow> rows;  ///< by number
    std::int64_t until = 0;       ///< when the latest of them was offered
  };
  Result<Sample> Of(const std::string& model);
  /// Forgets the sample, but for what was offered after `until`; and all of other models.
  static Status Forget(Transaction& transaction, const std::string& model, std::int64_t until);

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
