// Drift check: from readings, features or scores to what the monitor compares, and the baseline kept with a model.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "monitor/drift.h"
#include "pipeline/inspection_list.h"
#include "pipeline/model.h"

namespace meterhound::pipeline {

/// The thresholds of the settings.
monitor::DriftOptions DriftOptionsOf(const Config& config);

/// What was scored, as a check takes it. The ranking's panel is cleaned already; its mask tells what was missing.
/// @param by see monitor::DescribeUsage. @param scale Baseline::usage_scale.
Result<monitor::Snapshot> SnapshotOf(const Ranking& ranking, const std::string& by = {}, double scale = 0);
/// The same with the segments and the scale of the model's baseline, if it has one.
Result<monitor::Snapshot> SnapshotOf(const Ranking& ranking, const Model& model);
Result<monitor::Snapshot> SnapshotOf(const Panel& panel, const FeatureTable& features,
                                     const std::vector<detectors::RowScore>& scores, const Model& model);

/// What is kept of the training data: features, usage by segment, and the detector's own record of scores on rows that
/// it was not fitted on.
Result<monitor::Baseline> BaselineOf(const Prepared& prepared, const detectors::HybridDetector& detector,
                                     const RunContext& context);

/// Current consumers against what the model was trained on. kUnsupported for models made before baselines were kept:
/// train again, or compare with a file.
Result<monitor::DriftReport> CheckAgainstModel(const monitor::Snapshot& current, const Model& model,
                                               const Config& config, const RunContext& context);

/// Two sources of readings, the reference cut to the season of the current one. Features come from the model's
/// pipeline, and both are scored; without one they are the default features, planned from the reference.
/// @param model may be null.
Result<monitor::DriftReport> CompareReadings(SourceData reference, SourceData current, const Model* model,
                                             const Config& config, const std::string& by, const RunContext& context);

/// What a path holds, told by its content: a model (its baseline), a run folder or its scores.csv (scores), a table of
/// features (CSV), or readings.
enum class DriftSource : std::uint8_t { kReadings, kFeatures, kScores, kModel };
Result<DriftSource> DriftSourceOf(const std::filesystem::path& path, const RunContext& context);

/// A snapshot of a table of features, or of the scores of a run.
Result<monitor::Snapshot> SnapshotOfFile(const std::filesystem::path& path, DriftSource source,
                                         const RunContext& context);

/// Any two of these.
struct DriftPaths {
  std::filesystem::path reference;
  std::filesystem::path current;
  std::filesystem::path model;  ///< may be empty
  std::filesystem::path
      source;      ///< a source mapping: reference (unless a model) and current are folders with its files
  std::string by;  ///< may be empty
};
Result<monitor::DriftReport> CompareFiles(const DriftPaths& paths, const Config& config, const RunContext& context);

}  // namespace meterhound::pipeline
