// The order of things: gates, laying aside, training, comparing.
#include "pipeline/retraining.h"

#include <algorithm>

#include "base/numbers.h"
#include "pipeline/drift_check.h"
#include "pipeline/inspection_list.h"
#include "pipeline/scoring.h"
#include "pipeline/training.h"

namespace meterhound::pipeline {
namespace {

constexpr double kWorseCalibration = 0.02;  // of the expected calibration error, when it is surely larger

constexpr const char* kFavoursChampion =
    "The champion may have been trained on earlier days of the consumers laid aside, and on their labels; the "
    "comparison "
    "then favours it. Models that retrain made, or train --lay-aside with the same seed and share, have not.";

bool AllPassed(const std::vector<Gate>& gates) {
  return std::all_of(gates.begin(), gates.end(), [](const Gate& gate) { return gate.passed; });
}

RetrainOutcome Refused(RetrainOutcome outcome) {
  outcome.verdict = Verdict::kReject;
  for (const Gate& gate : outcome.gates) {
    if (!gate.passed) outcome.reasons.push_back(gate.finding);
  }
  return outcome;
}

}  // namespace

SourceData PartOf(const SourceData& data, const std::vector<std::size_t>& rows) {
  SourceData part{.panel = data.panel.Select(rows),
                  .features = data.features,
                  .neighbours = data.neighbours,
                  .as_of = data.as_of,
                  .remarks = {},
                  .stands_for = {}};
  if (!data.stands_for.empty()) {
    for (const std::size_t row : rows) part.stands_for.push_back(data.stands_for[row]);
  }
  return part;
}

SourceData LayAside(const SourceData& data, const Config& config) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < data.panel.rows(); ++row) {
    if (PlaceOf(data.panel.ids[row], config) >= config.holdout_share) rows.push_back(row);
  }
  return PartOf(data, rows);
}

namespace {

detectors::MetricOptions MetricOptionsOf(const Config& config) {
  return {.bootstraps = static_cast<std::size_t>(config.bootstraps), .seed = static_cast<std::uint64_t>(config.seed)};
}

/// The champion's view of the data: its scores on the rows laid aside, and what has moved since it was trained.
struct ChampionView {
  std::vector<double> probability;  // of the untouched rows
  std::optional<monitor::DriftReport> drift;
};

Result<ChampionView> LookBy(const Model& champion, const SourceData& data, const RowParts& parts, const Config& config,
                            const RunContext& context) {
  SourceData copy = data;
  METERHOUND_ASSIGN_OR_RETURN(const Ranking ranking, RankWithModel(std::move(copy), champion, context));
  ChampionView view;
  for (const std::size_t row : parts.untouched) view.probability.push_back(ranking.scores[row].probability);
  if (champion.baseline) {
    METERHOUND_ASSIGN_OR_RETURN(const monitor::Snapshot snapshot, SnapshotOf(ranking, champion));
    METERHOUND_ASSIGN_OR_RETURN(view.drift, CheckAgainstModel(snapshot, champion, config, context));
  }
  return view;
}

/// The challenger, fitted on the training part and measured on the rows laid aside.
struct Challenger {
  Prepared prepared;
  detectors::HybridDetector detector;
  std::vector<double> probability;  // of the untouched rows
  std::vector<detectors::FairnessTable> fairness;
};

Result<Challenger> FitChallenger(Prepared prepared, SourceData aside, const Config& config, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(detectors::HybridDetector detector, FitDetector(prepared, config, context));
  const std::vector<std::uint64_t> hashes = ContentHashes(aside.panel, context);
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < hashes.size(); ++row) rows.push_back(row);
  METERHOUND_RETURN_IF_ERROR(detectors::RequireUnseen(detector, rows, hashes));
  METERHOUND_ASSIGN_OR_RETURN(const FeatureTable features, prepared.plan.Apply(aside.panel, context));
  METERHOUND_ASSIGN_OR_RETURN(const auto scores, detector.Score(features, context));
  std::vector<double> probability = Probabilities(scores);
  std::vector<detectors::FairnessTable> fairness = FairnessOf(aside.panel, probability);
  return Challenger{std::move(prepared), std::move(detector), std::move(probability), std::move(fairness)};
}

std::string Shown(const detectors::Interval& interval) {
  const auto sign = [](double value) { return (value >= 0 ? "+" : "") + Decimal(value, 3); };
  return sign(interval.value) + " (" + sign(interval.low) + " to " + sign(interval.high) + ")";
}

/// Worse for sure, not worse for sure, or neither.
enum class Finding : std::uint8_t { kWorse, kUnknown, kNotWorse };

Finding Judge(const detectors::Interval& difference, double margin) {
  if (difference.low >= -margin) return Finding::kNotWorse;
  return difference.high < 0 || difference.value < -margin ? Finding::kWorse : Finding::kUnknown;
}

void Decide(const Config& config, RetrainOutcome& outcome) {
  const detectors::ScoringDifference& difference = outcome.comparison->difference;
  const std::string margin = FormatDouble(config.retraining_margin);
  bool worse = false;
  bool unknown = false;
  for (const auto& [name, interval] : {std::pair{"ROC-AUC", difference.roc_auc}, {"PR-AUC", difference.pr_auc}}) {
    const Finding finding = Judge(interval, config.retraining_margin);
    const std::string figure = std::string("The challenger's ") + name + " less the champion's is " + Shown(interval);
    worse = worse || finding == Finding::kWorse;
    unknown = unknown || finding == Finding::kUnknown;
    outcome.reasons.push_back(
        figure + (finding == Finding::kNotWorse ? ": not worse by more than the margin of " + margin + "."
                  : finding == Finding::kWorse  ? ": worse."
                                               : ": the untouched rows are too few to tell whether it is worse by more "
                                                 "than the margin of " +
                                                     margin + "."));
  }
  const detectors::Interval& ece = difference.ece;
  if (ece.low > 0 && ece.value > kWorseCalibration) {
    worse = true;
    outcome.reasons.push_back("Its probabilities are further from what was found: calibration error " + Shown(ece) +
                              ", refused where it is surely larger, by more than " + FormatDouble(kWorseCalibration) +
                              ".");
  }
  if (worse) {
    outcome.verdict = Verdict::kReject;
  } else if (unknown || config.retraining_promote == "ask") {
    outcome.verdict = Verdict::kAsk;
    if (!unknown) outcome.reasons.emplace_back("A person decides (retraining.promote is ask).");
  } else {
    outcome.verdict = Verdict::kPromote;
  }
}

Json IntervalJson(const detectors::Interval& interval) {
  return {{"value", interval.value}, {"low", interval.low}, {"high", interval.high}};
}

Json FiguresJson(const detectors::Metrics& metrics) {
  return {{"roc_auc", IntervalJson(metrics.roc_auc)},
          {"pr_auc", IntervalJson(metrics.pr_auc)},
          {"precision_at_1%", IntervalJson(metrics.at_share.front().precision)},
          {"brier", IntervalJson(metrics.brier)},
          {"ece", IntervalJson(metrics.ece)}};
}

Json ComparisonJson(const Comparison& comparison) {
  const detectors::ScoringDifference& difference = comparison.difference;
  return {{"consumers", comparison.consumers},
          {"thefts", comparison.thefts},
          {"margin", comparison.margin},
          {"champion", FiguresJson(comparison.champion)},
          {"challenger", FiguresJson(comparison.challenger)},
          {"difference",
           {{"roc_auc", IntervalJson(difference.roc_auc)},
            {"pr_auc", IntervalJson(difference.pr_auc)},
            {"precision_at_1%", IntervalJson(difference.precision_at_1)},
            {"brier", IntervalJson(difference.brier)},
            {"ece", IntervalJson(difference.ece)}}}};
}

Json GatesJson(const std::vector<Gate>& gates) {
  Json json = Json::array();
  for (const Gate& gate : gates) {
    json.push_back({{"name", gate.name}, {"passed", gate.passed}, {"finding", gate.finding}});
  }
  return json;
}

/// The challenger's figures in the form of every evaluation.
detectors::Evaluation EvaluationOf(const Comparison& comparison, const Challenger& challenger, const SourceData& aside,
                                   const Config& config) {
  detectors::Evaluation evaluation;
  evaluation.views.push_back({.name = "all",
                              .features = challenger.detector.InputColumns().size(),
                              .pooled = comparison.challenger,
                              .fold_roc_auc = {},
                              .fold_pr_auc = {}});
  detectors::CountConsumers(aside.panel.labels, aside.stands_for, evaluation);
  evaluation.inspected_only = FromInspections(config);
  evaluation.bootstraps = static_cast<std::size_t>(config.bootstraps);
  evaluation.without = ExcludedGroups(config);
  evaluation.fairness = challenger.fairness;
  return evaluation;
}

Result<detectors::Bundle> BundleOf(const Challenger& challenger, const Model& champion, const SourceData& aside,
                                   double share, const Config& config, const RetrainOutcome& outcome,
                                   const RunContext& context) {
  const detectors::Evaluation evaluation = EvaluationOf(*outcome.comparison, challenger, aside, config);
  Json manifest = MakeManifest(challenger.prepared, config, &evaluation);
  manifest["laid_aside"] = LaidAsideJson(share, config);
  manifest["retraining"] = {{"champion", champion.fingerprint}, {"verdict", VerdictName(outcome.verdict)},
                            {"reasons", outcome.reasons},       {"gates", GatesJson(outcome.gates)},
                            {"notes", outcome.notes},           {"comparison", ComparisonJson(*outcome.comparison)}};
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Baseline baseline,
                              BaselineOf(challenger.prepared, challenger.detector, context));
  return MakeBundle(challenger.prepared.plan, challenger.detector, manifest, challenger.prepared.hashes, &evaluation,
                    &baseline);
}

}  // namespace

const char* VerdictName(Verdict verdict) {
  constexpr const char* kNames[] = {"promote", "ask", "reject"};
  return kNames[static_cast<std::size_t>(verdict)];
}

Result<RetrainOutcome> Retrain(SourceData data, const Model& champion, const Config& config,
                               const RunContext& context) {
  RetrainOutcome outcome;
  const RowParts parts = DrawUntouched(data.panel, ContentHashes(data.panel, context), champion, config);
  METERHOUND_ASSIGN_OR_RETURN(Gate readings, ReadingsGate(data.panel, champion, context));
  outcome.gates = {LabelsGate(data.panel, config), LabelRateGate(data.panel, champion), std::move(readings),
                   UntouchedRowsGate(data.panel, parts)};
  if (!AllPassed(outcome.gates)) return Refused(std::move(outcome));

  METERHOUND_ASSIGN_OR_RETURN(const ChampionView view, LookBy(champion, data, parts, config, context));
  SourceData aside = PartOf(data, parts.untouched);
  const std::vector<std::int8_t> labels = aside.panel.labels;
  const detectors::MetricOptions options = MetricOptionsOf(config);
  Comparison comparison{
      .consumers = labels.size(),
      .thefts = static_cast<std::size_t>(std::count(labels.begin(), labels.end(), std::int8_t{1})),
      .champion = detectors::ComputeMetrics(view.probability, labels, options, context.pool, aside.stands_for),
      .challenger = {},
      .difference = {},
      .margin = config.retraining_margin};
  if (view.drift) outcome.notes = view.drift->reasons;
  if (!NeverSaw(champion, parts.share, config)) outcome.notes.emplace_back(kFavoursChampion);
  outcome.gates.push_back(MissingReadingsGate(view.drift));
  outcome.gates.push_back(ChampionGate(comparison.champion, champion));
  if (!AllPassed(outcome.gates)) return Refused(std::move(outcome));

  METERHOUND_ASSIGN_OR_RETURN(Prepared prepared, Prepare(PartOf(data, parts.training), config, context));
  const Status leaks = RequireNoLeaks(prepared, config);
  outcome.gates.push_back(
      {.name = "leaks",
       .passed = leaks.ok(),
       .finding = leaks.ok() ? "Nothing in the data gives the labels away." : leaks.error().message});
  if (!leaks.ok()) return Refused(std::move(outcome));

  METERHOUND_ASSIGN_OR_RETURN(const Challenger challenger, FitChallenger(std::move(prepared), aside, config, context));
  context.progress.Begin("comparing", 0, "");
  comparison.challenger =
      detectors::ComputeMetrics(challenger.probability, labels, options, context.pool, aside.stands_for);
  comparison.difference = detectors::CompareScorings(view.probability, challenger.probability, labels, options,
                                                     context.pool, aside.stands_for);
  context.progress.End();
  outcome.comparison = std::move(comparison);
  Decide(config, outcome);
  METERHOUND_ASSIGN_OR_RETURN(outcome.challenger,
                              BundleOf(challenger, champion, aside, parts.share, config, outcome, context));
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return outcome;
}

Json ToJson(const RetrainOutcome& outcome) {
  return {{"verdict", VerdictName(outcome.verdict)},
          {"reasons", outcome.reasons},
          {"gates", GatesJson(outcome.gates)},
          {"notes", outcome.notes},
          {"comparison", outcome.comparison ? ComparisonJson(*outcome.comparison) : Json()},
          {"challenger", outcome.challenger ? Json(outcome.challenger->Fingerprint()) : Json()}};
}

}  // namespace meterhound::pipeline
