// Model: a saved detector with everything that scoring needs, in one file (model.mh).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/panel.h"
#include "base/run_context.h"
#include "detectors/bundle.h"
#include "detectors/hybrid.h"
#include "pipeline/feature_pipeline.h"

namespace meterhound::pipeline {

class Model {
 public:
  Model(FeaturePipeline features, detectors::HybridDetector detector, Json manifest);

  /// Reads and verifies a bundle. Altered, truncated or newer files are refused by name.
  static Result<Model> Load(const std::filesystem::path& path);
  /// The bundle's bytes; the same for the same training data, settings and seed.
  Result<detectors::Bundle> ToBundle() const;

  const FeaturePipeline& features() const { return features_; }
  const detectors::HybridDetector& detector() const { return detector_; }
  const Json& manifest() const { return manifest_; }
  /// sha256 of the bundle.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  FeaturePipeline features_;
  detectors::HybridDetector detector_;
  Json manifest_;
  std::string fingerprint_;
};

}  // namespace meterhound::pipeline
