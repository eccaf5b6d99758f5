// Model: a saved detector with everything that scoring needs, in one file (model.mh).
#pragma once

#include <filesystem>
#include <string>

#include "base/json.h"
#include "base/panel.h"
#include "base/run_context.h"
#include "detectors/bundle.h"
#include "detectors/hybrid.h"
#include "pipeline/feature_pipeline.h"

namespace meterhound::pipeline {

struct Model {
  FeaturePipeline features;
  detectors::HybridDetector detector;
  Json manifest;            ///< what was said when it was made: program, settings, training data, metrics
  std::string fingerprint;  ///< sha256 of the bundle

  /// Reads and verifies a bundle. Altered, truncated or newer files are refused by name.
  static Result<Model> Load(const std::filesystem::path& path);
};

/// The bundle of a fitted detector: the same bytes for the same training data, settings and seed.
Result<detectors::Bundle> MakeBundle(const FeaturePipeline& features, const detectors::HybridDetector& detector,
                                     const Json& manifest);

}  // namespace meterhound::pipeline
