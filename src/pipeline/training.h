// Training: from a labelled panel to a fitted detector and an honest measure of it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/run_context.h"
#include "detectors/cross_validation.h"
#include "detectors/leaks.h"
#include "pipeline/config.h"
#include "pipeline/feature_pipeline.h"
#include "pipeline/sources.h"

namespace meterhound::pipeline {

/// A panel made ready: cleaned, its features extracted, its rows fingerprinted.
struct Prepared {
  Panel panel;
  FeaturePipeline plan;
  FeatureTable features;
  std::vector<std::uint64_t> hashes;                    ///< Panel::ContentHash of each row
  std::optional<double> as_of;                          ///< as SourceData's
  detectors::LeakReport leaks;                          ///< empty without labels
  std::vector<std::pair<std::string, double>> seconds;  ///< per stage
};

/// Plans the features for this panel, cleans and extracts; where there are labels, looks for leaks.
Result<Prepared> Prepare(SourceData data, const Config& config, const RunContext& context);

/// kInvalidInput when the panel has no labels, or too few of a class to learn from.
Status RequireLabels(const Panel& panel);

/// The detector's part of the settings.
Result<detectors::HybridOptions> DetectorOptions(const Config& config);

/// kInvalidInput where the data leak; see leak_check.h. FitDetector and CrossValidate refuse such data themselves.
Status RequireNoLeaks(const Prepared& prepared, const Config& config);

/// Fits on all labelled rows.
Result<detectors::HybridDetector> FitDetector(const Prepared& prepared, const Config& config,
                                              const RunContext& context);

/// Nested cross-validation with the settings' folds, seeds and resamples.
Result<detectors::CrossValidation> CrossValidate(const Prepared& prepared, const Config& config,
                                                 const RunContext& context);

/// What a model says of itself: program, settings, training data (rows, labels, fingerprint), figures.
Json MakeManifest(const Prepared& prepared, const Config& config, const detectors::Evaluation* evaluation);

}  // namespace meterhound::pipeline
