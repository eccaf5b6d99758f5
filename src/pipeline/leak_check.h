// Leak checks: what must not reach fitting, looked for in the data and in the program itself before anything is fitted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/panel.h"
#include "base/run_context.h"
#include "detectors/leaks.h"

namespace meterhound::pipeline {

inline constexpr const char* kFeaturesFile = "features.csv";

/// How features come from a panel, which it may change.
using Extract = std::function<Result<FeatureTable>(Panel&)>;

/// What is to be learnt from.
struct LeakInput {
  const Panel& panel;  ///< cleaned or not: what was missing does not count
  const FeatureTable& features;
  const std::vector<std::uint64_t>& hashes;  ///< Panel::ContentHash of each row
  std::optional<double> as_of;               ///< the day that nothing may be later than
  double today = 0;                          ///< seconds since 1970-01-01; nobody has read a meter later
  std::uint64_t seed = 1;
  std::vector<FeatureGroup> without = {};  ///< groups that nothing is learnt from: they may leak what they like
};

/// All checks on data with labels; each leaves its promise in `checks`, where it could be made, and what speaks against
/// it in `findings`:
/// - invariance: some consumers extracted again under other ids, in another order, without the others: the same bits
/// - fit: a small detector fitted on rows in two orders gives the same scores
/// - label_order: place in the file and ids say nothing of the label (a note: no model sees them here)
/// - order: no feature follows place or id; a column of the consumers' table that does, or any that counts along, fails
/// - identity: no category is nearly each consumer's own
/// - dates: nothing lies after `as_of` (failure), today, or the day a label was found out (warnings)
/// - twins: no two rows hold the same readings under other attributes, which folds would part
/// - single_features: none has an area under ROC beyond .95
Result<detectors::LeakReport> CheckLeaks(const LeakInput& input, const Extract& extract, const RunContext& context);

/// kInvalidInput with every failure, and with `strict` every warning, in its message.
/// @param source what was read, for the message.
Status RequireNoLeaks(const detectors::LeakReport& report, bool strict, const std::string& source);

/// features.csv: feature, group, auc, missing; what each feature tells of the label all by itself.
Status WriteFeatureAucs(const std::filesystem::path& path, const std::vector<detectors::FeatureAuc>& features);

}  // namespace meterhound::pipeline
