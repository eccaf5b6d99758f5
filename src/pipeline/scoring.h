// Scoring: every consumer's probability, and the list of whom to visit first.
#pragma once

#include <span>
#include <vector>

#include "base/panel.h"
#include "base/run_context.h"
#include "detectors/hybrid.h"
#include "explain/contributions.h"

namespace meterhound::pipeline {

/// Which detector judges each row. A consumer of the training data is judged by one that has not seen it.
using Judges = std::vector<const detectors::HybridDetector*>;

/// Scores every row of the table by its judge; tiers are `model`'s for all, so that equal probabilities share a tier.
Result<std::vector<detectors::RowScore>> ScoreRows(const FeatureTable& table, const Judges& judges,
                                                   const detectors::HybridDetector& model, const RunContext& context);

/// Each row's probability of theft.
std::vector<double> Probabilities(const std::vector<detectors::RowScore>& scores);

/// SHAP explanations of some rows, each by its judge, in the order given.
Result<std::vector<explain::Explanation>> ExplainRows(const FeatureTable& table, std::span<const std::size_t> rows,
                                                      const Judges& judges, std::size_t contributions,
                                                      const RunContext& context);

/// Positions from the most to the least suspicious: by probability, then margin, then novelty, then id. Of any number
/// of first places, a share goes to the strangest consumers not yet listed (every twentieth place at 0.05), as long as
/// there are any to whom something is strange; their scores are marked listed_for_sign.
std::vector<std::size_t> RankConsumers(const Panel& panel, std::vector<detectors::RowScore>& scores,
                                       double novelty_share);

}  // namespace meterhound::pipeline
