// Joins readings, features and scores with the monitor.
#include "pipeline/drift_check.h"

#include <algorithm>

#include "monitor/same_season.h"
#include "pipeline/scoring.h"

namespace meterhound::pipeline {
namespace {

/// What a panel's consumers are compared by, once its features are there.
Result<monitor::Snapshot> Describe(const Panel& panel, FeatureTable features, std::vector<double> scores,
                                   const std::string& by, double scale) {
  monitor::Snapshot snapshot{.features = std::move(features), .scores = std::move(scores), .labels = panel.labels};
  snapshot.window = monitor::WindowOf(panel);
  METERHOUND_ASSIGN_OR_RETURN(snapshot.usage, monitor::DescribeUsage(panel, by, scale));
  return snapshot;
}

/// The detector's record of its scores on rows that it was not fitted on.
monitor::ColumnBaseline ScoreBaseline(const detectors::ReferenceDistribution& scores) {
  monitor::ColumnBaseline to{.column = {.name = "score"}, .rows = scores.rows, .missing = scores.missing};
  for (const double edge : scores.edges) to.bins.edges.push_back({edge, false});
  to.counts = scores.counts;
  to.counts.push_back(scores.missing);
  return to;
}

bool HasAttribute(const Panel& panel, const Attribute& wanted) {
  return std::any_of(panel.attributes.begin(), panel.attributes.end(), [&](const Attribute& attribute) {
    return attribute.name == wanted.name && attribute.type == wanted.type;
  });
}

// Features of attributes need both sides.
void KeepCommonAttributes(Panel& a, Panel& b, std::vector<std::string>& notes) {
  for (auto [panel, other] : {std::pair{&a, &b}, std::pair{&b, &a}}) {
    std::erase_if(panel->attributes, [&, other = other](const Attribute& attribute) {
      if (HasAttribute(*other, attribute)) return false;
      notes.push_back("Attribute " + attribute.name + " is on one side alone and was left out.");
      return true;
    });
  }
}

Status CheckKinds(const Panel& reference, const Panel& current) {
  for (std::size_t i = 0; i < std::max(reference.kinds.size(), current.kinds.size()); ++i) {
    const std::string expected = i < reference.kinds.size() ? "'" + reference.kinds[i].name + "'" : "nothing more";
    const std::string found = i < current.kinds.size() ? "'" + current.kinds[i].name + "'" : "nothing";
    if (found == expected) continue;
    return InvalidInput("kind of readings " + std::to_string(i + 1) + ": found " + found + ", expected " + expected +
                            " as in the reference",
                        current.source);
  }
  return {};
}

/// Features, and scores if there is a model.
Result<monitor::Snapshot> Extracted(Panel panel, const FeaturePipeline& features, const Model* model,
                                    const std::string& by, double scale, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(FeatureTable table, features.Apply(panel, context));
  std::vector<double> scores;
  if (model != nullptr) {
    METERHOUND_ASSIGN_OR_RETURN(const auto rows, model->detector.Score(table, context));
    scores = Probabilities(rows);
  }
  return Describe(panel, std::move(table), std::move(scores), by, scale);
}

Result<SourceData> Read(const std::filesystem::path& path, const DriftPaths& paths, const Config& config,
                        const RunContext& context) {
  readings::ReadOptions options;
  (paths.source.empty() ? options.file : options.data) = path;
  options.source = paths.source;
  METERHOUND_ASSIGN_OR_RETURN(options.date_order, readings::ParseDateOrder(config.date_order));
  return ReadSource(options, context);
}

Result<monitor::Snapshot> CurrentOf(const DriftPaths& paths, DriftSource source, const Model& model,
                                    const Config& config, const RunContext& context) {
  if (source != DriftSource::kReadings) return SnapshotOfFile(paths.current, source, context);
  METERHOUND_ASSIGN_OR_RETURN(SourceData data, Read(paths.current, paths, config, context));
  METERHOUND_ASSIGN_OR_RETURN(const Ranking ranking, RankWithModel(std::move(data), model, context));
  if (paths.by.empty()) return SnapshotOf(ranking, model);
  return SnapshotOf(ranking, paths.by, model.baseline ? model.baseline->usage_scale : 0);
}

Error NoBaseline(const std::filesystem::path& path) {
  return Unsupported(
      "the model keeps no record of its training data; train it again with this version, or give the "
      "training readings as the reference",
      path.string());
}

Result<monitor::DriftReport> AgainstModelFile(const DriftPaths& paths, DriftSource source, const Config& config,
                                              const RunContext& context) {
  if (!paths.model.empty()) return InvalidInput("the reference is a model itself; expected no other", "--model");
  METERHOUND_ASSIGN_OR_RETURN(const Model model, Model::Load(paths.reference));
  if (!model.baseline) return NoBaseline(paths.reference);
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Snapshot current, CurrentOf(paths, source, model, config, context));
  return CheckAgainstModel(current, model, config, context);
}

Result<monitor::DriftReport> BetweenReadings(const DriftPaths& paths, const Config& config, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(SourceData reference, Read(paths.reference, paths, config, context));
  METERHOUND_ASSIGN_OR_RETURN(SourceData current, Read(paths.current, paths, config, context));
  std::optional<Model> model;
  if (!paths.model.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(model, Model::Load(paths.model));
  }
  return CompareReadings(std::move(reference), std::move(current), model ? &*model : nullptr, config, paths.by,
                         context);
}

Result<DriftSource> SourceOf(const std::filesystem::path& path, const DriftPaths& paths, const RunContext& context) {
  std::error_code error;
  const bool mapped = !paths.source.empty() && std::filesystem::is_directory(path, error);
  return mapped ? DriftSource::kReadings : DriftSourceOf(path, context);
}

const char* SourceName(DriftSource source) {
  constexpr const char* kNames[] = {"readings", "features", "scores", "a model"};
  return kNames[static_cast<std::size_t>(source)];
}

}  // namespace

monitor::DriftOptions DriftOptionsOf(const Config& config) {
  return {.psi_threshold = config.psi_threshold,
          .calendar_bound = {"__fft_coefficient__attr_\"real\"", "__fft_coefficient__attr_\"imag\"",
                             "__fft_coefficient__attr_\"angle\"", "_location_of_maximum", "_location_of_minimum",
                             "__index_mass_quantile", "__energy_ratio_by_chunks", "__monthly_profile", "__seasonality",
                             "__missing_profile", "__cwt_coefficients", "__first_last_observation",
                             "__recovery_after_drop__stat_\"lowest_place\"", "__sudden_drop__stat_\"since_share\"",
                             "__missing_runs__stat_\"at_end\"", "__missing_runs__stat_\"at_start\""}};
}

Result<monitor::Snapshot> SnapshotOf(const Ranking& ranking, const std::string& by, double scale) {
  return Describe(ranking.panel, ranking.features, Probabilities(ranking.scores), by, scale);
}

Result<monitor::Snapshot> SnapshotOf(const Ranking& ranking, const Model& model) {
  return SnapshotOf(ranking.panel, ranking.features, ranking.scores, model);
}

Result<monitor::Snapshot> SnapshotOf(const Panel& panel, const FeatureTable& features,
                                     const std::vector<detectors::RowScore>& scores, const Model& model) {
  const std::string by = model.baseline ? model.baseline->segmented_by : std::string();
  return Describe(panel, features, Probabilities(scores), by, model.baseline ? model.baseline->usage_scale : 0);
}

Result<monitor::Baseline> BaselineOf(const Prepared& prepared, const detectors::HybridDetector& detector,
                                     const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Snapshot snapshot, Describe(prepared.panel, prepared.features, {}, {}, 0));
  METERHOUND_ASSIGN_OR_RETURN(monitor::Baseline baseline,
                              monitor::MakeBaseline(snapshot, context, monitor::Baseline::kKeptValues));
  if (detector.ScoreReference().rows > 0) baseline.score = ScoreBaseline(detector.ScoreReference());
  return baseline;
}

Result<monitor::DriftReport> CheckAgainstModel(const monitor::Snapshot& current, const Model& model,
                                               const Config& config, const RunContext& context) {
  if (!model.baseline) return NoBaseline({});
  return monitor::CompareWithBaseline(*model.baseline, current, DriftOptionsOf(config), context);
}

Result<monitor::DriftReport> CompareReadings(SourceData reference, SourceData current, const Model* model,
                                             const Config& config, const std::string& by, const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(CheckKinds(reference.panel, current.panel));
  std::vector<std::string> notes;
  if (model == nullptr) KeepCommonAttributes(reference.panel, current.panel, notes);
  monitor::SeasonalCut cut = monitor::CutToSeason(reference.panel, current.panel);
  if (!cut.note.empty()) notes.push_back(cut.note);
  std::optional<FeaturePipeline> planned;
  if (model == nullptr) {
    const std::size_t longest = std::min(LongestSeries(cut.reference), LongestSeries(current.panel));
    METERHOUND_ASSIGN_OR_RETURN(planned, FeaturePipeline::Plan(cut.reference, config, reference.features, longest));
  }
  const FeaturePipeline& features = model != nullptr ? model->features : *planned;
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Snapshot before,
                              Extracted(std::move(cut.reference), features, model, by, 0, context));
  METERHOUND_ASSIGN_OR_RETURN(
      const monitor::Snapshot after,
      Extracted(std::move(current.panel), features, model, before.usage->segmented_by, before.usage->scale, context));
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Baseline baseline, monitor::MakeBaseline(before, context));
  METERHOUND_ASSIGN_OR_RETURN(monitor::DriftReport report,
                              monitor::CompareWithBaseline(baseline, after, DriftOptionsOf(config), context));
  report.same_season = cut.same_season;
  report.notes.insert(report.notes.begin(), notes.begin(), notes.end());
  return report;
}

Result<monitor::DriftReport> CompareFiles(const DriftPaths& paths, const Config& config, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const DriftSource before, SourceOf(paths.reference, paths, context));
  METERHOUND_ASSIGN_OR_RETURN(const DriftSource after, SourceOf(paths.current, paths, context));
  if (after == DriftSource::kModel) {
    return InvalidInput("is a model, expected what is to be compared with it", paths.current.string());
  }
  if (after != DriftSource::kReadings && !paths.by.empty()) {
    return InvalidInput("needs readings with attributes, found " + std::string(SourceName(after)), "--by");
  }
  if (!paths.source.empty() &&
      (after != DriftSource::kReadings || before == DriftSource::kFeatures || before == DriftSource::kScores)) {
    return InvalidInput("needs folders with the mapping's files", "--source");
  }
  if (before == DriftSource::kModel) return AgainstModelFile(paths, after, config, context);
  if (before != after) {
    return InvalidInput(
        "holds " + std::string(SourceName(after)) + ", expected " + SourceName(before) + " as in the reference",
        paths.current.string());
  }
  if (before == DriftSource::kReadings) return BetweenReadings(paths, config, context);
  if (!paths.model.empty()) {
    return InvalidInput("needs readings on both sides, found " + std::string(SourceName(before)), "--model");
  }
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Snapshot reference, SnapshotOfFile(paths.reference, before, context));
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Snapshot current, SnapshotOfFile(paths.current, after, context));
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Baseline baseline, monitor::MakeBaseline(reference, context));
  return monitor::CompareWithBaseline(baseline, current, DriftOptionsOf(config), context);
}

}  // namespace meterhound::pipeline
