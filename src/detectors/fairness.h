// Fairness: whether visits fall on groups of consumers as thefts do.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "detectors/interval.h"

namespace meterhound::detectors {

/// Visits to the first share of a list that fall into one category.
struct CategoryVisits {
  double share = 0;  ///< of all consumers that is visited, e.g. 0.01
  Interval visits;   ///< share of the visits that fall here
  Interval found;    ///< share of the thefts found that were found here; NaN where none is found
  Interval hits;     ///< share of the visits here that find theft; NaN without visits
};

struct CategoryFairness {
  std::string category;
  std::size_t consumers = 0;
  std::size_t thefts = 0;
  std::vector<CategoryVisits> at_share;  ///< 1, 5, 10 %
};

/// One categorical attribute: its largest categories, then "all others" and "unknown" where there are any.
struct FairnessTable {
  std::string attribute;
  std::vector<CategoryFairness> categories;
};
inline constexpr std::size_t kFairnessCategories = 20;

/// Consumers whose truth is known. Equal probabilities at the border of a share count in part, so that the order of
/// rows changes nothing. Intervals are Wilson's, 95 %.
/// @param codes positions in `categories`, NaN unknown; one a probability.
FairnessTable ComputeFairness(std::string attribute, std::span<const double> codes,
                              std::span<const std::string> categories, std::span<const double> probability,
                              std::span<const std::int8_t> label);

Json ToJson(const std::vector<FairnessTable>& tables);
Result<std::vector<FairnessTable>> FairnessFromJson(const Json& json);

}  // namespace meterhound::detectors
