// Model: a saved detector with everything that scoring needs, in one file (model.mh).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/panel.h"
#include "base/run_context.h"
#include "detectors/bundle.h"
#include "detectors/evaluation.h"
#include "detectors/hybrid.h"
#include "monitor/baseline.h"
#include "pipeline/feature_pipeline.h"

namespace meterhound::pipeline {

struct Model {
  FeaturePipeline features;
  detectors::HybridDetector detector;
  Json manifest;            ///< what was said when it was made: program, settings, training data, metrics
  std::string fingerprint;  ///< sha256 of the bundle
  std::vector<std::uint64_t> training_rows;         ///< Panel::ContentHash of the rows it learnt from, ascending
  std::optional<detectors::Evaluation> evaluation;  ///< by cross-validation when it was made, if that was asked for
  std::optional<monitor::Baseline> baseline;        ///< of the training data; older models have none

  /// True when a consumer with exactly these readings was among the training data.
  bool HasSeen(std::uint64_t content_hash) const;

  /// Reads and verifies a bundle. Altered, truncated or newer files are refused by name.
  static Result<Model> Load(const std::filesystem::path& path);
};

/// The bundle of a fitted detector: the same bytes for the same training data, settings and seed.
/// @param rows Panel::ContentHash of the training rows, in any order. @param evaluation may be null; its timings
/// and leak check are left out. @param baseline may be null.
Result<detectors::Bundle> MakeBundle(const FeaturePipeline& features, const detectors::HybridDetector& detector,
                                     const Json& manifest, std::vector<std::uint64_t> rows,
                                     const detectors::Evaluation* evaluation,
                                     const monitor::Baseline* baseline = nullptr);

}  // namespace meterhound::pipeline
