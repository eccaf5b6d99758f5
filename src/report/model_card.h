// Model card: what a model is, what it was made from and how well it does, as its own file tells it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "detectors/evaluation.h"

namespace meterhound::report {

/// What a bundle says of itself.
struct ModelFacts {
  std::string fingerprint;
  Json manifest;                                    ///< Bundle::manifest()
  std::optional<detectors::Evaluation> evaluation;  ///< when the model was measured
};

/// Markdown: purpose and limits, data, figures with their intervals, comparison with the predecessor, categories of
/// consumers, calibration, settings, the way back. What the model's file does not hold is said to be unknown.
std::string ModelCard(const ModelFacts& facts);
/// The same facts for machines.
Json ModelCardJson(const ModelFacts& facts);
/// model-card.md and model-card.json beside a model.
Status WriteModelCard(const std::filesystem::path& folder, const ModelFacts& facts);

}  // namespace meterhound::report
