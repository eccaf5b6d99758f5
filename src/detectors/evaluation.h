// Evaluation: ranking and probability metrics at natural prevalence, each with a bootstrap interval.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/panel.h"
#include "base/thread_pool.h"
#include "detectors/fairness.h"
#include "detectors/interval.h"
#include "detectors/leaks.h"

namespace meterhound::detectors {

struct AtShare {
  double share = 0;  ///< of consumers inspected, e.g. 0.01
  Interval precision;
  Interval recall;
  Interval lift;  ///< precision / base rate
};

struct CurvePoint {
  double x = 0;
  double y = 0;
  double low = 0;  ///< pointwise 95 % band of y
  double high = 0;
};

struct ReliabilityBin {
  double predicted = 0;  ///< mean predicted probability
  double observed = 0;   ///< share of theft
  double low = 0;        ///< Wilson 95 %
  double high = 0;
  std::size_t consumers = 0;
};

/// Intervals are those of the stratified bootstrap (percentile). Consumers with equal probabilities count as if drawn
/// in random order: every number is the mean over their orders, so that none depends on the order of rows.
struct Metrics {
  Interval roc_auc;
  Interval pr_auc;      ///< average precision, as scikit-learn's
  Interval map_at_100;  ///< mean over the thefts among the first 100 of the precision at their rank (Zheng 2018)
  Interval map_at_200;
  std::vector<AtShare> at_share;  ///< 1, 5, 10 %
  Interval brier;
  Interval ece;                 ///< 10 equal-mass bins
  Interval calibration_slope;   ///< of the logistic regression of the label on logit(probability); 1 is ideal
  std::vector<CurvePoint> roc;  ///< x false positive rate, y true positive rate
  std::vector<CurvePoint> precision_recall;  ///< x recall, y precision
  std::vector<CurvePoint> hit_rate;          ///< x share inspected, y precision among them
  std::vector<ReliabilityBin> reliability;   ///< at most 10 equal-mass bins
};

inline constexpr const char* kProspectiveView = "prospective";

/// One way of looking at the data: all features, behaviour only, coverage only, prospective (without inspection).
struct EvaluatedView {
  std::string name;  ///< "all", "prospective", "behaviour", "coverage"
  std::size_t features = 0;
  Metrics pooled;                    ///< over all folds; with several seeds, the mean over seeds
  std::vector<double> fold_roc_auc;  ///< of every fold, seed by seed
  std::vector<double> fold_pr_auc;
};

struct Evaluation {
  std::vector<EvaluatedView> views;  ///< the first is what the saved model uses
  std::size_t consumers = 0;         ///< labelled ones
  std::size_t thefts = 0;
  double theft_share = 0;           ///< of consumers; of those they stand for when weighted
  bool inspected_only = false;      ///< labels come from inspections; the not-inspected are not judged
  std::optional<double> effective;  ///< weighted: as many unweighted consumers would say as much (Kish)
  std::size_t folds = 0;
  std::vector<std::uint64_t> seeds;
  std::size_t bootstraps = 0;
  std::vector<FeatureGroup> without;    ///< groups that the model and every view do without
  std::vector<FairnessTable> fairness;  ///< of the first view, a categorical attribute; empty where there are none
  std::optional<LeakReport> leaks;      ///< what was looked for before anything was fitted
  std::vector<std::pair<std::string, double>> seconds;  ///< per stage

  /// The view whose figures lead: "prospective" where some features may be the trace of an inspection, else the first.
  /// Only when there are views.
  const EvaluatedView& Headline() const;
};

struct MetricOptions {
  std::size_t bootstraps = 2000;  ///< 0: no intervals (low = high = value)
  std::uint64_t seed = 1;
};

/// Probabilities and labels (0/1) of the same consumers; both classes must be present, else every metric is NaN. The
/// order of consumers and the number of threads change nothing. @param stands_for empty, or one number a consumer: the
/// inverse of the probability with which it came to be inspected. Metrics are then those of all consumers as far as
/// the inspected ones tell (Horvitz & Thompson 1952), and map_at_100 and _200 are NaN.
Metrics ComputeMetrics(std::span<const double> probability, std::span<const std::int8_t> label,
                       const MetricOptions& options, ThreadPool& pool, std::span<const double> stands_for = {});

/// The mean of the metrics of several scorings of the same consumers (cross-validations with other seeds), each
/// bootstrap drawing the same consumers for all: the interval of one typical scoring, not of an ensemble.
Metrics ComputeMetrics(std::span<const std::vector<double>> scorings, std::span<const std::int8_t> label,
                       const MetricOptions& options, ThreadPool& pool, std::span<const double> stands_for = {});

/// Consumers, thefts, their share and the effective number into the evaluation.
void CountConsumers(std::span<const std::int8_t> label, std::span<const double> stands_for, Evaluation& to);

/// Second scoring less first, paired: every bootstrap draws the same consumers for both.
struct ScoringDifference {
  Interval roc_auc;
  Interval pr_auc;
  Interval precision_at_1;  ///< per cent of consumers inspected
  Interval brier;           ///< above 0: the second is the worse one, as with ece
  Interval ece;
  double roc_auc_better = 0;  ///< share of bootstraps in which the second is larger
  double pr_auc_better = 0;
};
/// @param stands_for as ComputeMetrics takes it.
ScoringDifference CompareScorings(std::span<const double> first, std::span<const double> second,
                                  std::span<const std::int8_t> label, const MetricOptions& options, ThreadPool& pool,
                                  std::span<const double> stands_for = {});

/// sklearn.metrics.roc_auc_score; ties count a half. NaN unless both classes are present.
double RocAuc(std::span<const double> score, std::span<const std::int8_t> label,
              std::span<const double> stands_for = {});
/// sklearn.metrics.average_precision_score. NaN without thefts.
double AveragePrecision(std::span<const double> score, std::span<const std::int8_t> label,
                        std::span<const double> stands_for = {});

/// The form of evaluation.json: roc_auc, pr_auc, precision_at, ... of the headline on top, `views` below.
Json ToJson(const Evaluation& evaluation);
/// Reads ToJson's form back; errors name the key.
Result<Evaluation> EvaluationFromJson(const Json& json);

}  // namespace meterhound::detectors
