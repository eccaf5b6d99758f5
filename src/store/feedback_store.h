// FeedbackStore: what visits found. It outlives the run whose case sent the crew.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/case_store.h"
#include "store/database.h"

namespace meterhound::store {

struct Feedback {
  std::string id{};  ///< empty in Add: one is made
  CaseName of{};
  std::string consumer_id{};
  std::string outcome{};     ///< "found", "not_found", "no_access"
  std::string visited_on{};  ///< "2014-11-02"
  std::optional<double> recovered_kwh{};
  std::string note{};
  std::optional<double> selection_probability{};
  std::int64_t at = 0;  ///< 0 in Add: now
  std::string who{};
};

class FeedbackStore {
 public:
  explicit FeedbackStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  /// Writes it and sets the case's status. kNotFound when there is no such case; `consumer_id` is taken from it.
  static Result<Feedback> Add(Transaction& transaction, const Feedback& feedback);

  /// Of one case, oldest first.
  Result<std::vector<Feedback>> OfCase(const CaseName& name);
  /// Of one run, or of all (`run` empty), oldest first; at most `limit` after the feedback with id `after`.
  Result<std::vector<Feedback>> List(const std::string& run, const std::string& after = {}, std::int64_t limit = 10000);

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
