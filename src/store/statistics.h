// Statistics: sums over what the store holds, as measurements need them: few statements, each along an index.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/database.h"

namespace meterhound::store {

struct EndedJob {
  std::string queue{};
  std::string kind{};
  std::string state{};              ///< "done", "failed", "cancelled", "dead"
  std::optional<double> seconds{};  ///< the last attempt took; nothing for one that never began
};

/// Consumers of runs by tier and probability.
struct ScoredCounts {
  std::map<std::string, std::int64_t> by_tier{};
  std::vector<std::int64_t>
      by_probability{};  ///< up to each bound and above the one before; the last: above all bounds
  double sum = 0;        ///< of probabilities
};

/// What visits found among cases of a tier, beside what their probabilities promised.
struct Promised {
  std::int64_t visits = 0;  ///< cases whose last visit got in
  std::int64_t found = 0;
  double expected = 0;  ///< thefts among them: the sum of their probabilities
  double variance = 0;  ///< of that number when the probabilities are right
};

/// Times are milliseconds since 1970; `from` is in, `to` is not.
class Statistics {
 public:
  explicit Statistics(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  Result<std::vector<EndedJob>> JobsEnded(std::int64_t from, std::int64_t to);
  /// @param bounds growing.
  Result<ScoredCounts> ConsumersScored(std::int64_t from, std::int64_t to, const std::vector<double>& bounds);
  /// Outcomes of visits, all that ever came in.
  Result<std::map<std::string, std::int64_t>> FeedbackByOutcome();
  /// By tier, of the cases that a model has scored.
  Result<std::map<std::string, Promised>> Calibration(const std::string& model);

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
