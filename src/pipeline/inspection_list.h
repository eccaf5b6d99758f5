// Ranking: the whole way from readings to a list of whom to visit first, with and without a saved model.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/cases.h"
#include "pipeline/model.h"
#include "pipeline/scored_list.h"
#include "pipeline/training.h"
#include "report/run_report.h"

namespace meterhound::pipeline {

inline constexpr const char* kModelFile = "model.mh";

/// evaluation.json of a run folder.
Status WriteEvaluation(const std::filesystem::path& folder, const detectors::Evaluation& evaluation);
/// Nothing when the folder has none.
Result<std::optional<detectors::Evaluation>> ReadEvaluation(const std::filesystem::path& folder);

/// Consumers ranked, and what ranked them.
struct Ranking {
  Panel panel;
  FeatureTable features;
  std::vector<detectors::RowScore> scores;   ///< in the panel's order
  std::vector<std::size_t> order;            ///< best first
  std::vector<report::QualityLine> quality;  ///< of the readings as they came
  std::size_t seen = 0;  ///< consumers that the model was trained on and that it yet had to judge itself
};

/// Scores all rows with a saved model.
Result<Ranking> RankWithModel(SourceData data, const Model& model, const RunContext& context);

/// The ranking with every consumer's missing energy and attributes, as scores.csv and plans take it.
Result<ScoredList> ListOf(const Ranking& ranking, const Config& config, const RunContext& context);

/// Metrics of a saved model on the labelled consumers it was not trained on. kInvalidInput when too few are left.
Result<detectors::Evaluation> EvaluateModel(SourceData data, const Model& model, const Config& config,
                                            const RunContext& context);

/// The report of a ranking; `rows` chooses whom to show, best first (empty: the first `config.report_cases`).
Result<report::RunReport> MakeReport(const Ranking& ranking, const Judges& judges, std::span<const std::size_t> rows,
                                     const std::string& fingerprint,
                                     const std::optional<detectors::Evaluation>& evaluation, const Config& config,
                                     const RunContext& context);
/// The same with one judge for all.
Result<report::RunReport> MakeReport(const Ranking& ranking, const Model& model, std::span<const std::size_t> rows,
                                     const Config& config, const RunContext& context);

/// What `run` made and where.
struct RunOutcome {
  std::size_t consumers = 0;
  std::size_t features = 0;
  std::size_t high = 0;
  std::size_t medium = 0;
  detectors::Evaluation evaluation;
  report::Writers writers;
  std::vector<std::string> first;  ///< ids of the first ten
};

/// Trains, evaluates, ranks and reports into `folder`: model.mh, model-card.md, evaluation.json, scores.csv, cases/, report.html.
/// Labelled consumers are ranked and explained by the detector of their own fold, which has not seen them; the others
/// by the saved model. @param read_seconds what reading took, for the evaluation's timings.
Result<RunOutcome> TrainAndRank(SourceData data, double read_seconds, const Config& config,
                                const std::filesystem::path& folder, const RunContext& context);

}  // namespace meterhound::pipeline
