// Glue between the rooms that make a detector; every decision is theirs or the settings'.
#include "pipeline/training.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/hashing.h"
#include "base/numbers.h"
#include "base/stop_watch.h"
#include "base/version.h"
#include "monitor/baseline.h"
#include "pipeline/leak_check.h"

namespace meterhound::pipeline {
namespace {

std::size_t Count(const Panel& panel, std::int8_t label) {
  return static_cast<std::size_t>(std::count(panel.labels.begin(), panel.labels.end(), label));
}

constexpr std::size_t kLeast = detectors::HybridDetector::kMinimumPerClass;

// Of the consumers without label, when `prior` of all are thefts.
Result<double> UnlabelledShare(const Panel& panel, double prior) {
  const double expected = prior * static_cast<double>(panel.rows());
  const auto thefts = static_cast<double>(Count(panel, 1));
  const auto unlabelled = static_cast<double>(Count(panel, kUnlabelled));
  if (expected < thefts || expected - thefts > unlabelled) {
    return InvalidInput("found " + FormatDouble(prior) + ", expected between " +
                            FormatDouble(thefts / static_cast<double>(panel.rows())) + " and " +
                            FormatDouble((thefts + unlabelled) / static_cast<double>(panel.rows())) + ": " +
                            WithThousands(Count(panel, 1)) + " of " + WithThousands(panel.rows()) +
                            " consumers are known as theft, " + WithThousands(Count(panel, kUnlabelled)) +
                            " are unknown",
                        "detection.class_prior");
  }
  return unlabelled > 0 ? (expected - thefts) / unlabelled : 0;
}

// One hash for all rows, whatever their order.
std::string DataFingerprint(const Prepared& prepared) {
  std::vector<std::pair<std::uint64_t, std::int8_t>> rows;
  for (std::size_t row = 0; row < prepared.hashes.size(); ++row) {
    rows.emplace_back(prepared.hashes[row], prepared.panel.labels[row]);
  }
  std::sort(rows.begin(), rows.end());
  std::string bytes;
  for (const auto& [hash, label] : rows) bytes += std::to_string(hash) + ":" + std::to_string(label) + "\n";
  return Sha256Hex(bytes);
}

Json DayOrNull(double time) { return std::isfinite(time) ? Json(FormatDate(time)) : Json(); }

Result<detectors::LeakReport> FindLeaks(const Prepared& prepared, const Config& config, const RunContext& context) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const LeakInput input{.panel = prepared.panel,
                        .features = prepared.features,
                        .hashes = prepared.hashes,
                        .as_of = prepared.as_of,
                        .today = std::chrono::duration<double>(now).count(),
                        .seed = static_cast<std::uint64_t>(config.seed),
                        .without = ExcludedGroups(config)};
  context.progress.Begin("looking for leaks", 0, "");
  Progress quiet;
  const RunContext inner{context.pool, quiet, context.stop};
  auto leaks = CheckLeaks(
      input, [&](Panel& some) { return prepared.plan.Apply(some, inner); }, inner);
  context.progress.End();
  return leaks;
}

}  // namespace

Result<Prepared> Prepare(SourceData data, const Config& config, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(FeaturePipeline plan, FeaturePipeline::Plan(data.panel, config, data.features));
  std::vector<std::uint64_t> hashes = ContentHashes(data.panel, context);
  const StopWatch watch;
  if (data.neighbours) {
    METERHOUND_RETURN_IF_ERROR(plan.RememberNeighbours(*data.neighbours, data.panel, hashes, context));
  }
  METERHOUND_ASSIGN_OR_RETURN(FeatureTable features, plan.Apply(data.panel, context));
  Prepared prepared{.panel = std::move(data.panel),
                    .plan = std::move(plan),
                    .features = std::move(features),
                    .hashes = std::move(hashes),
                    .stands_for = std::move(data.stands_for),
                    .as_of = data.as_of,
                    .leaks = {},
                    .seconds = {{"features", watch.Seconds()}}};
  if (prepared.panel.HasLabels()) {
    const StopWatch search;
    METERHOUND_ASSIGN_OR_RETURN(prepared.leaks, FindLeaks(prepared, config, context));
    prepared.seconds.emplace_back("leak check", search.Seconds());
  }
  return prepared;
}

Status RequireNoLeaks(const Prepared& prepared, const Config& config) {
  return RequireNoLeaks(prepared.leaks, config.leak_warnings == "fail", prepared.panel.source);
}

Status RequireLabels(const Panel& panel, const Config& config) {
  if (!panel.HasLabels()) {
    return InvalidInput("has no labels to learn from; expected a FLAG column (or score it with --model)", panel.source);
  }
  if (!FromInspections(config)) return RequireKnownTruth(panel, config);
  const std::size_t thefts = Count(panel, 1);
  if (thefts < kLeast || panel.rows() - thefts < kLeast) {
    return InvalidInput("found " + std::to_string(thefts) + " known thefts and " +
                            std::to_string(panel.rows() - thefts) + " other consumers, expected at least " +
                            std::to_string(kLeast) + " of each to learn from",
                        panel.source);
  }
  return {};
}

Status RequireKnownTruth(const Panel& panel, const Config& config) {
  const std::size_t thefts = Count(panel, 1);
  const std::size_t honest = Count(panel, 0);
  if (thefts >= kLeast && honest >= kLeast) return {};
  return InvalidInput(
      "found " + std::to_string(thefts) + " thefts and " + std::to_string(honest) +
          " honest consumers, expected at least " + std::to_string(kLeast) + " of each" +
          (FromInspections(config) ? "; --feedback says whom visits found honest, and train does without measuring"
                                   : " to learn from"),
      panel.source);
}

bool FromInspections(const Config& config) { return config.labels_from == "inspections"; }

Result<detectors::HybridOptions> DetectorOptions(const Config& config, const Panel& panel) {
  detectors::HybridOptions options;
  options.seed = static_cast<std::uint64_t>(config.seed);
  options.use_forest = config.forest_estimators > 0;
  options.forest.n_estimators = static_cast<std::size_t>(config.forest_estimators);
  options.forest.max_samples = static_cast<std::size_t>(config.forest_samples);
  options.forest.contamination = config.contamination;
  options.novelty_share = config.novelty_share;
  options.trees.max_depth = static_cast<int>(config.max_depth);
  options.trees.learning_rate = config.learning_rate;
  options.trees.n_estimators = static_cast<int>(config.boosting_rounds);
  options.trees.early_stopping_rounds = static_cast<int>(config.early_stopping_rounds);
  options.trees.scale_pos_weight = config.scale_pos_weight;
  options.trees.subsample = config.subsample;
  options.trees.colsample_bytree = config.colsample_bytree;
  options.trees.min_child_weight = config.min_child_weight;
  options.trees.reg_lambda = config.reg_lambda;
  options.trees.max_bin = static_cast<std::size_t>(config.max_bin);
  options.bags = static_cast<std::size_t>(config.bags);
  options.calibration_share = config.calibration_share;
  options.validation_share = config.validation_share;
  METERHOUND_ASSIGN_OR_RETURN(options.resampling, detectors::ParseResampling(config.resampling));
  METERHOUND_ASSIGN_OR_RETURN(options.calibration, detectors::ParseCalibrationMethod(config.calibration));
  options.excluded_groups = ExcludedGroups(config);
  options.positive_unlabelled = FromInspections(config);
  if (options.positive_unlabelled && config.class_prior > 0) {
    METERHOUND_ASSIGN_OR_RETURN(options.unlabelled_theft_share, UnlabelledShare(panel, config.class_prior));
  }
  return options;
}

Result<detectors::HybridDetector> FitDetector(const Prepared& prepared, const Config& config,
                                              const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(RequireLabels(prepared.panel, config));
  METERHOUND_RETURN_IF_ERROR(RequireNoLeaks(prepared, config));
  METERHOUND_ASSIGN_OR_RETURN(const detectors::HybridOptions options, DetectorOptions(config, prepared.panel));
  return detectors::HybridDetector::Fit(prepared.features, prepared.panel.labels, prepared.hashes, options, context,
                                        prepared.stands_for);
}

Result<detectors::CrossValidation> CrossValidate(const Prepared& prepared, const Config& config,
                                                 const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(RequireKnownTruth(prepared.panel, config));
  METERHOUND_RETURN_IF_ERROR(RequireNoLeaks(prepared, config));
  detectors::CrossValidationOptions options;
  METERHOUND_ASSIGN_OR_RETURN(options.detector, DetectorOptions(config, prepared.panel));
  options.folds = static_cast<std::size_t>(config.folds);
  options.seeds.clear();
  for (std::int64_t i = 0; i < config.seeds; ++i) options.seeds.push_back(static_cast<std::uint64_t>(config.seed + i));
  options.metrics.bootstraps = static_cast<std::size_t>(config.bootstraps);
  options.metrics.seed = static_cast<std::uint64_t>(config.seed);
  METERHOUND_ASSIGN_OR_RETURN(detectors::CrossValidation validation,
                              detectors::CrossValidate(prepared.features, prepared.panel.labels, prepared.hashes,
                                                       options, context, prepared.stands_for));
  validation.evaluation.fairness = FairnessOf(prepared.panel, validation.predictions.front().probability);
  validation.evaluation.leaks = prepared.leaks;
  validation.evaluation.leaks->checks.push_back(
      {"folds", "no detector judged a consumer whose readings it was fitted on"});  // else there were an error
  return validation;
}

std::vector<detectors::FairnessTable> FairnessOf(const Panel& panel, const std::vector<double>& probability) {
  std::vector<std::size_t> judged;
  std::vector<double> judged_probability;
  std::vector<std::int8_t> labels;
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    if (panel.labels[row] == kUnlabelled) continue;
    judged.push_back(row);
    judged_probability.push_back(probability[row]);
    labels.push_back(panel.labels[row]);
  }
  std::vector<detectors::FairnessTable> tables;
  for (const Attribute& attribute : panel.attributes) {
    if (attribute.type != Attribute::Type::kCategorical || attribute.categories.empty()) continue;
    std::vector<double> codes;
    for (const std::size_t row : judged) codes.push_back(attribute.values[row]);
    tables.push_back(
        detectors::ComputeFairness(attribute.name, codes, attribute.categories, judged_probability, labels));
  }
  return tables;
}

Json MakeManifest(const Prepared& prepared, const Config& config, const detectors::Evaluation* evaluation) {
  Json settings = ToJson(config);
  settings["feature_extraction"].erase("n_jobs");  // the model does not depend on it
  settings.erase("service");                       // nor on this, which may hold a password
  settings.erase("alerts");                        // nor on whom to tell
  settings.erase("retraining");                    // of the next model
  const monitor::Window window = monitor::WindowOf(prepared.panel);
  Json manifest = {{"program", "meterhound"},
                   {"version", kVersion},
                   {"config", settings},
                   {"training_data",
                    {{"consumers", prepared.panel.rows()},
                     {"thefts", Count(prepared.panel, 1)},
                     {"honest", Count(prepared.panel, 0)},
                     {"first_day", DayOrNull(window.first)},
                     {"last_day", DayOrNull(window.last)},
                     {"longest_series", window.longest},
                     {"as_of", prepared.as_of ? Json(FormatDate(*prepared.as_of)) : Json()},
                     {"fingerprint", DataFingerprint(prepared)}}}};
  if (evaluation != nullptr && !evaluation->views.empty()) {
    const detectors::EvaluatedView& headline = evaluation->Headline();
    const auto write = [](const detectors::Interval& interval) {
      return Json{{"value", interval.value}, {"low", interval.low}, {"high", interval.high}};
    };
    manifest["metrics"] = {{"view", headline.name},
                           {"roc_auc", write(headline.pooled.roc_auc)},
                           {"pr_auc", write(headline.pooled.pr_auc)}};
  }
  return manifest;
}

}  // namespace meterhound::pipeline
