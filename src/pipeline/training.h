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
  std::vector<std::uint64_t> hashes;  ///< Panel::ContentHash of each row
  std::vector<double> stands_for;     ///< as SourceData's, like the next
  std::optional<double> as_of;
  detectors::LeakReport leaks;                          ///< empty without labels
  std::vector<std::pair<std::string, double>> seconds;  ///< per stage
};

/// Plans the features for this panel, cleans and extracts; where there are labels, looks for leaks.
Result<Prepared> Prepare(SourceData data, const Config& config, const RunContext& context);

/// Whether the settings say that labels come from inspections.
bool FromInspections(const Config& config);

/// kInvalidInput when the panel has no labels, or too few of a class to learn from. Where labels come from inspections,
/// consumers without one will do in place of honest ones.
Status RequireLabels(const Panel& panel, const Config& config);
/// The same for measuring: too few of a class whose truth is known.
Status RequireKnownTruth(const Panel& panel, const Config& config);

/// The detector's part of the settings, for this panel.
Result<detectors::HybridOptions> DetectorOptions(const Config& config, const Panel& panel);

/// kInvalidInput where the data leak; see leak_check.h. FitDetector and CrossValidate refuse such data themselves.
Status RequireNoLeaks(const Prepared& prepared, const Config& config);

/// Fits on all labelled rows.
Result<detectors::HybridDetector> FitDetector(const Prepared& prepared, const Config& config,
                                              const RunContext& context);

/// Nested cross-validation with the settings' folds, seeds and resamples.
Result<detectors::CrossValidation> CrossValidate(const Prepared& prepared, const Config& config,
                                                 const RunContext& context);

/// How a list by these probabilities treats each category of consumers whose truth is known. @param probability one a
/// row of the panel.
std::vector<detectors::FairnessTable> FairnessOf(const Panel& panel, const std::vector<double>& probability);

/// What a model says of itself: program, settings, training data (rows, labels, fingerprint), figures.
Json MakeManifest(const Prepared& prepared, const Config& config, const detectors::Evaluation* evaluation);

}  // namespace meterhound::pipeline
