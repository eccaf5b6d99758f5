// Joins training, scoring and reporting; the files of a run folder are named here and nowhere else.
#include "pipeline/inspection_list.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "base/file.h"
#include "base/version.h"
#include "pipeline/case_writing.h"
#include "pipeline/drift_check.h"
#include "pipeline/leak_check.h"
#include "pipeline/source_quality.h"
#include "report/model_card.h"
#include "report/run_report.h"
#include "simulate/simulate.h"

namespace meterhound::pipeline {
namespace {

constexpr const char* kEvaluationFile = "evaluation.json";

bool IsSimulated(const Panel& panel) {
  return std::all_of(panel.ids.begin(), panel.ids.end(),
                     [](const std::string& id) { return id.starts_with(simulate::kIdPrefix); });
}

std::size_t CountTier(const std::vector<detectors::RowScore>& scores, detectors::Tier tier) {
  return static_cast<std::size_t>(std::count_if(scores.begin(), scores.end(),
                                                [&](const detectors::RowScore& score) { return score.tier == tier; }));
}

std::string Now() {
  const auto seconds = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  return FormatDate(seconds) + " " + FormatDateTime(seconds).substr(11, 5) + " UTC";
}

// Labelled rows by the detector of their fold, the others by the model.
Judges FoldJudges(const detectors::CrossValidation& validation, const Panel& panel,
                  const detectors::HybridDetector& model) {
  Judges judges(panel.rows(), &model);
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    if (panel.labels[row] != kUnlabelled) judges[row] = &validation.fold_detectors[validation.fold_of[row]];
  }
  return judges;
}

// No labelled consumer may be ranked by a detector that was fitted on it.
Status CheckJudges(const Judges& judges, const Prepared& prepared) {
  for (std::size_t row = 0; row < prepared.panel.rows(); ++row) {
    const std::size_t one[] = {row};
    if (prepared.panel.labels[row] == kUnlabelled) continue;
    METERHOUND_RETURN_IF_ERROR(detectors::RequireUnseen(*judges[row], one, prepared.hashes));
  }
  return {};
}

// Consumers that were never read are all alike: that one of them was among the training data says nothing of another.
bool HasReadings(const Panel& panel, std::size_t row) {
  for (std::size_t kind = 0; kind < panel.kinds.size(); ++kind) {
    const SeriesView view = panel.View(kind, row);
    if (std::any_of(view.missing.begin(), view.missing.end(), [](std::uint8_t missing) { return missing == 0; }))
      return true;
  }
  return false;
}

class Timings {
 public:
  explicit Timings(std::vector<std::pair<std::string, double>> before) : seconds_(std::move(before)) {}
  void Lap(const char* stage) {
    const auto now = std::chrono::steady_clock::now();
    seconds_.emplace_back(stage, std::chrono::duration<double>(now - begun_).count());
    begun_ = now;
  }
  const std::vector<std::pair<std::string, double>>& seconds() const { return seconds_; }

 private:
  std::vector<std::pair<std::string, double>> seconds_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace

Status WriteEvaluation(const std::filesystem::path& folder, const detectors::Evaluation& evaluation) {
  return WriteFile(folder / kEvaluationFile, DumpJson(detectors::ToJson(evaluation)));
}

Result<std::optional<detectors::Evaluation>> ReadEvaluation(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kEvaluationFile;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::optional<detectors::Evaluation>();
  METERHOUND_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  METERHOUND_ASSIGN_OR_RETURN(const Json json, ParseJson(text, path.string()));
  METERHOUND_ASSIGN_OR_RETURN(detectors::Evaluation evaluation, detectors::EvaluationFromJson(json));
  return std::optional(std::move(evaluation));
}

Result<ScoredList> ListOf(const Ranking& ranking, const Config& config, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const auto missing_kwh, FindMissingEnergy(ranking.panel, config, context));
  return MakeScoredList(ranking.panel, ranking.scores, ranking.order, missing_kwh);
}

Result<Ranking> RankWithModel(SourceData data, const Model& model, const RunContext& context) {
  Ranking ranking;
  METERHOUND_ASSIGN_OR_RETURN(SourceQuality quality, CheckSource(data, {}, context));
  ranking.quality = std::move(quality.lines);
  for (std::size_t row = 0; row < data.panel.rows(); ++row) {
    if (HasReadings(data.panel, row) && model.HasSeen(data.panel.ContentHash(row))) ++ranking.seen;
  }
  METERHOUND_ASSIGN_OR_RETURN(ranking.features, model.features.Apply(data.panel, context));
  ranking.panel = std::move(data.panel);
  METERHOUND_ASSIGN_OR_RETURN(ranking.scores, model.detector.Score(ranking.features, context));
  ranking.order = RankConsumers(ranking.panel, ranking.scores, model.detector.Options().novelty_share);
  return ranking;
}

Result<detectors::Evaluation> EvaluateModel(SourceData data, const Model& model, const Config& config,
                                            const RunContext& context) {
  std::vector<std::size_t> unseen;
  for (std::size_t row = 0; row < data.panel.rows(); ++row) {
    if (data.panel.labels[row] != kUnlabelled && !model.HasSeen(data.panel.ContentHash(row))) unseen.push_back(row);
  }
  const std::string source = data.panel.source;
  std::vector<double> stands_for;
  if (!data.stands_for.empty()) {
    for (const std::size_t row : unseen) stands_for.push_back(data.stands_for[row]);
  }
  data.panel = data.panel.Select(unseen);
  const auto thefts = static_cast<std::size_t>(std::count(data.panel.labels.begin(), data.panel.labels.end(), 1));
  if (thefts == 0 || thefts == unseen.size()) {
    return InvalidInput("found " + std::to_string(thefts) + " thefts among " + std::to_string(unseen.size()) +
                            " labelled consumers that the model was not trained on, expected thefts and honest ones",
                        source);
  }
  METERHOUND_ASSIGN_OR_RETURN(const Ranking ranking, RankWithModel(std::move(data), model, context));
  std::vector<double> probability;
  for (const detectors::RowScore& score : ranking.scores) probability.push_back(score.probability);
  const detectors::MetricOptions options{.bootstraps = static_cast<std::size_t>(config.bootstraps),
                                         .seed = static_cast<std::uint64_t>(config.seed)};
  detectors::Evaluation evaluation;
  evaluation.views.push_back(
      {.name = "all",
       .features = model.detector.InputColumns().size(),
       .pooled = detectors::ComputeMetrics(probability, ranking.panel.labels, options, context.pool, stands_for),
       .fold_roc_auc = {},
       .fold_pr_auc = {}});
  detectors::CountConsumers(ranking.panel.labels, stands_for, evaluation);
  evaluation.inspected_only = FromInspections(config);
  evaluation.bootstraps = options.bootstraps;
  evaluation.without = model.detector.Options().excluded_groups;
  return evaluation;
}

Result<report::RunReport> MakeReport(const Ranking& ranking, const Judges& judges, std::span<const std::size_t> rows,
                                     const std::string& fingerprint,
                                     const std::optional<detectors::Evaluation>& evaluation, const Config& config,
                                     const RunContext& context) {
  if (rows.empty()) {
    rows =
        std::span(ranking.order).first(std::min(ranking.order.size(), static_cast<std::size_t>(config.report_cases)));
  }
  std::vector<std::size_t> rank_of(ranking.order.size());
  for (std::size_t i = 0; i < ranking.order.size(); ++i) rank_of[ranking.order[i]] = i + 1;
  std::vector<std::size_t> ranks;
  for (const std::size_t row : rows) ranks.push_back(rank_of[row]);
  report::RunReport run{.language = config.report_language,
                        .title = std::filesystem::path(ranking.panel.source).filename().string(),
                        .generated = Now(),
                        .version = kVersion,
                        .model_fingerprint = fingerprint,
                        .consumers = ranking.panel.rows(),
                        .high = CountTier(ranking.scores, detectors::Tier::kHigh),
                        .medium = CountTier(ranking.scores, detectors::Tier::kMedium),
                        .currency = config.currency,
                        .tariff = config.tariff,
                        .cases = {},
                        .evaluation = evaluation,
                        .quality = ranking.quality,
                        .seen = ranking.seen,
                        .simulated = IsSimulated(ranking.panel)};
  METERHOUND_ASSIGN_OR_RETURN(
      run.cases, BuildCases(ranking.panel, ranking.features, ranking.scores, judges, rows, ranks, config, context));
  return run;
}

Result<report::RunReport> MakeReport(const Ranking& ranking, const Model& model, std::span<const std::size_t> rows,
                                     const Config& config, const RunContext& context) {
  return MakeReport(ranking, Judges(ranking.panel.rows(), &model.detector), rows, model.fingerprint, model.evaluation,
                    config, context);
}

Result<RunOutcome> TrainAndRank(SourceData data, double read_seconds, const Config& config,
                                const std::filesystem::path& folder, const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(RequireLabels(data.panel, config));
  METERHOUND_RETURN_IF_ERROR(RequireKnownTruth(data.panel, config));
  METERHOUND_ASSIGN_OR_RETURN(SourceQuality quality, CheckSource(data, data.panel.source, context));
  METERHOUND_ASSIGN_OR_RETURN(Prepared prepared, Prepare(std::move(data), config, context));
  prepared.seconds.insert(prepared.seconds.begin(), {"reading", read_seconds});
  Timings timings(prepared.seconds);
  METERHOUND_ASSIGN_OR_RETURN(detectors::CrossValidation validation, CrossValidate(prepared, config, context));
  timings.Lap("cross-validation");
  METERHOUND_ASSIGN_OR_RETURN(const detectors::HybridDetector detector, FitDetector(prepared, config, context));
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Baseline baseline, BaselineOf(prepared, detector, context));
  METERHOUND_ASSIGN_OR_RETURN(
      const detectors::Bundle bundle,
      MakeBundle(prepared.plan, detector, MakeManifest(prepared, config, &validation.evaluation), prepared.hashes,
                 &validation.evaluation, &baseline));
  timings.Lap("training");
  const Judges judges = FoldJudges(validation, prepared.panel, detector);
  METERHOUND_RETURN_IF_ERROR(CheckJudges(judges, prepared));
  Ranking ranking{.panel = std::move(prepared.panel),
                  .features = std::move(prepared.features),
                  .scores = {},
                  .order = {},
                  .quality = std::move(quality.lines)};
  METERHOUND_ASSIGN_OR_RETURN(ranking.scores, ScoreRows(ranking.features, judges, detector, context));
  ranking.order = RankConsumers(ranking.panel, ranking.scores, config.novelty_share);
  METERHOUND_ASSIGN_OR_RETURN(const report::RunReport run, MakeReport(ranking, judges, {}, bundle.Fingerprint(),
                                                                      validation.evaluation, config, context));
  METERHOUND_ASSIGN_OR_RETURN(const ScoredList list, ListOf(ranking, config, context));
  timings.Lap("ranking and cases");
  validation.evaluation.seconds = timings.seconds();

  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  METERHOUND_RETURN_IF_ERROR(bundle.Write(folder / kModelFile));
  METERHOUND_RETURN_IF_ERROR(report::WriteModelCard(
      folder,
      {.fingerprint = bundle.Fingerprint(), .manifest = bundle.manifest(), .evaluation = validation.evaluation}));
  METERHOUND_RETURN_IF_ERROR(WriteEvaluation(folder, validation.evaluation));
  METERHOUND_RETURN_IF_ERROR(WriteFeatureAucs(folder / kFeaturesFile, validation.evaluation.leaks->features));
  METERHOUND_RETURN_IF_ERROR(WriteScoredList(folder / kScoresFile, list));
  METERHOUND_ASSIGN_OR_RETURN(const auto writer, MakeCaseWriter(config, context));
  METERHOUND_ASSIGN_OR_RETURN(report::Writers writers, report::WriteRunReport(folder, run, *writer, context));
  RunOutcome outcome{.consumers = run.consumers,
                     .features = ranking.features.width(),
                     .high = run.high,
                     .medium = run.medium,
                     .evaluation = std::move(validation.evaluation),
                     .writers = std::move(writers),
                     .first = {}};
  for (std::size_t i = 0; i < std::min<std::size_t>(10, run.cases.size()); ++i) {
    outcome.first.push_back(run.cases[i].consumer_id);
  }
  return outcome;
}

}  // namespace meterhound::pipeline
