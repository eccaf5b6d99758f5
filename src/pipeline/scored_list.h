// ScoredList: consumers in the order of suspicion with what a plan needs of each; scores.csv, written and read back.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/panel.h"
#include "detectors/hybrid.h"
#include "explain/evidence.h"

namespace meterhound::pipeline {

inline constexpr const char* kScoresFile = "scores.csv";

struct ScoredConsumer {
  std::string id;
  explain::Estimate probability;  ///< with its 95 % interval
  std::string tier;
  double anomaly_score = 0;
  std::optional<explain::Estimate> missing_kwh;  ///< since a dated drop
  bool listed_for_sign = false;                  ///< its place is one of those for rare signs
  std::vector<std::string> further;              ///< in the order of ScoredList::further
};

struct ScoredList {
  std::vector<std::string> further;  ///< further columns: the consumers' attributes, or whatever a user has added
  std::vector<ScoredConsumer> consumers;
};

/// @param order positions in the panel, best first. @param missing_kwh in the panel's order.
ScoredList MakeScoredList(const Panel& panel, const std::vector<detectors::RowScore>& scores,
                          const std::vector<std::size_t>& order,
                          const std::vector<std::optional<explain::Estimate>>& missing_kwh);

/// CSV: consumer_id, probability, tier, anomaly_score, probability_low, probability_high, missing_kwh, missing_kwh_low,
/// missing_kwh_high (empty without a dated drop), listed_for (probability, sign), then the further columns.
Status WriteScoredList(const std::filesystem::path& path, const ScoredList& list);

/// The same numbers to the last bit. @param path such a file, or a run folder with one. Columns may come in any order;
/// errors name file:line:column.
Result<ScoredList> ReadScoredList(const std::filesystem::path& path);

}  // namespace meterhound::pipeline
