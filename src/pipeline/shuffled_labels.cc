// A cross-validation that must come out at .5.
#include "pipeline/shuffled_labels.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "numerics/random.h"

namespace meterhound::pipeline {
namespace {

constexpr std::size_t kMostConsumers = 4000;
constexpr std::size_t kLeastOfAClass = 80;
constexpr double kStandardErrors = 4;
constexpr std::uint64_t kShuffleStream = 0x73687566;

}  // namespace

Status CheckShuffledLabels(const Prepared& prepared, const Config& config, const RunContext& context,
                           detectors::LeakReport& report) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < prepared.panel.rows(); ++row) {
    if (prepared.panel.labels[row] != kUnlabelled) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(),
            [&](std::size_t a, std::size_t b) { return prepared.hashes[a] < prepared.hashes[b]; });
  rows.resize(std::min(rows.size(), kMostConsumers));
  std::vector<std::int8_t> labels;
  std::vector<std::uint64_t> hashes;
  for (const std::size_t row : rows) {
    labels.push_back(prepared.panel.labels[row]);
    hashes.push_back(prepared.hashes[row]);
  }
  const auto thefts = static_cast<std::size_t>(std::count(labels.begin(), labels.end(), std::int8_t{1}));
  const std::size_t honest = labels.size() - thefts;
  if (std::min(thefts, honest) < kLeastOfAClass) return {};
  numerics::Random(static_cast<std::uint64_t>(config.seed), kShuffleStream).Shuffle(labels);

  detectors::CrossValidationOptions options;
  METERHOUND_ASSIGN_OR_RETURN(options.detector, DetectorOptions(config, prepared.panel));
  options.detector.positive_unlabelled = false;  // nobody here is
  options.detector.trees.n_estimators = 60;
  options.detector.trees.max_depth = 4;
  options.folds = 2;
  options.views = {{"all", {}}};
  options.metrics.bootstraps = 0;
  METERHOUND_ASSIGN_OR_RETURN(
      const detectors::CrossValidation validation,
      detectors::CrossValidate(prepared.features.SelectRows(rows), labels, hashes, options, context));
  const double auc = validation.evaluation.views.front().pooled.roc_auc.value;
  const double product = static_cast<double>(thefts) * static_cast<double>(honest);
  const double error = std::sqrt(static_cast<double>(labels.size() + 1) / (12 * product));
  report.checks.push_back({"shuffled_labels", "labels dealt out at random cannot be foretold"});
  if (std::fabs(auc - 0.5) > kStandardErrors * error) {
    report.findings.push_back({.check = "shuffled_labels",
                               .severity = detectors::LeakSeverity::kFailure,
                               .subject = "",
                               .message = "labels dealt out at random were foretold with an area under ROC of " +
                                          Decimal(auc, 3) + ": something of the rows judged reaches fitting",
                               .number = auc});
  }
  return {};
}

}  // namespace meterhound::pipeline
