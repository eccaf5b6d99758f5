// Scoring: every consumer's probability, and the list of whom to visit first.
#pragma once

#include <filesystem>
#include <vector>

#include "base/panel.h"
#include "base/run_context.h"
#include "detectors/hybrid.h"
#include "pipeline/model.h"

namespace meterhound::pipeline {

/// Positions from the most to the least suspicious: by probability, then margin, then novelty, then id.
std::vector<std::size_t> RankConsumers(const Panel& panel, const std::vector<detectors::RowScore>& scores);

/// scores.csv: consumer_id, probability, tier, anomaly_score; best first.
Status WriteScores(const std::filesystem::path& path, const Panel& panel,
                   const std::vector<detectors::RowScore>& scores, const std::vector<std::size_t>& order);

}  // namespace meterhound::pipeline
