// Every fit of every view, seed and fold as one list of jobs that run side by side.
#include "detectors/cross_validation.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

#include "detectors/folds.h"
#include "detectors/hybrid_state.h"
#include "numerics/random.h"

namespace meterhound::detectors {
namespace {

// Folds are drawn from a stream of their own, away from what fits draw.
constexpr std::uint64_t kFoldStream = 7919;

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

struct Job {
  std::size_t view;
  std::size_t seed;
  std::size_t fold;
};

std::vector<std::size_t> Excluding(std::span<const FeatureColumn> columns, const ViewSpec& view) {
  return IncludedColumns(columns, view.excluded_groups);
}

class CrossValidator {
 public:
  CrossValidator(const FeatureTable& table, std::span<const std::int8_t> labels, std::span<const std::uint64_t> hashes,
                 const CrossValidationOptions& options, const RunContext& context)
      : table_(table), labels_(labels), hashes_(hashes), options_(options), context_(context) {}

  Result<CrossValidation> Run() {
    views_ = options_.views.empty() ? DefaultViews(table_.columns) : options_.views;
    METERHOUND_RETURN_IF_ERROR(CheckOptions());
    for (const std::uint64_t seed : options_.seeds) {
      folds_.push_back(AssignFolds(hashes_, labels_, options_.folds, numerics::MixSeed(seed, kFoldStream)));
    }
    ListJobs();
    METERHOUND_RETURN_IF_ERROR(RunJobs());
    return Evaluate();
  }

 private:
  Status CheckOptions() const {
    if (options_.folds < 2)
      return InvalidInput("found " + std::to_string(options_.folds) + " folds, expected at least 2");
    if (options_.seeds.empty()) return InvalidInput("found no seeds, expected at least one");
    if (views_.empty()) return InvalidInput("found no features to evaluate");
    return {};
  }

  std::size_t SeedsOf(std::size_t view) const {
    return view == 0 ? options_.seeds.size()
                     : std::min(options_.seeds.size(), std::max<std::size_t>(1, options_.secondary_seeds));
  }

  void ListJobs() {
    for (std::size_t view = 0; view < views_.size(); ++view) {
      predictions_.push_back({.view = views_[view].name, .probability = {}, .by_seed = {}});
      predictions_.back().by_seed.assign(SeedsOf(view),
                                         std::vector<double>(table_.rows(), std::numeric_limits<double>::quiet_NaN()));
      for (std::size_t seed = 0; seed < SeedsOf(view); ++seed) {
        for (std::size_t fold = 0; fold < options_.folds; ++fold) jobs_.push_back({view, seed, fold});
      }
    }
    kept_.resize(options_.folds);
  }

  Status RunJobs() {
    std::vector<std::optional<Error>> errors(jobs_.size());
    const auto begun = Clock::now();
    context_.progress.Begin("cross-validating", jobs_.size(), "fits");
    context_.pool.ParallelFor(
        jobs_.size(), 1,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t i = begin; i < end; ++i) {
            if (const Status status = RunJob(jobs_[i]); !status.ok()) errors[i] = status.error();
            context_.progress.Advance(1);
          }
        },
        context_.stop);
    context_.progress.End();
    seconds_.emplace_back("cross_validation", SecondsSince(begun));
    METERHOUND_RETURN_IF_ERROR(context_.CheckStopped());
    for (const auto& error : errors) {
      if (error) return *error;
    }
    return {};
  }

  Status RunJob(const Job& job) {
    std::vector<std::size_t> fitted;
    std::vector<std::size_t> judged;
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      const bool in_fold = folds_[job.seed][row] == job.fold;
      if (!in_fold || labels_[row] == kUnlabelled) fitted.push_back(row);
      if (in_fold && labels_[row] != kUnlabelled) judged.push_back(row);
    }
    HybridOptions options = options_.detector;
    options.seed = numerics::MixSeed(options_.seeds[job.seed], job.fold);
    options.keep_reference = false;
    options.excluded_groups = views_[job.view].excluded_groups;
    if (job.view > 0 && options_.secondary_rounds > 0) {
      options.trees.n_estimators = std::min(options.trees.n_estimators, options_.secondary_rounds);
    }
    METERHOUND_ASSIGN_OR_RETURN(HybridDetector detector,
                                HybridDetector::Fit(table_, fitted, labels_, hashes_, options, context_));
    METERHOUND_ASSIGN_OR_RETURN(const std::vector<RowScore> scores, detector.Score(table_, judged, context_));
    for (std::size_t i = 0; i < judged.size(); ++i) {
      predictions_[job.view].by_seed[job.seed][judged[i]] = scores[i].probability;
    }
    if (job.view == 0 && job.seed == 0) kept_[job.fold] = std::move(detector);
    return {};
  }

  Result<CrossValidation> Evaluate() {
    CrossValidation result;
    Evaluation& evaluation = result.evaluation;
    std::vector<std::size_t> labelled;
    std::vector<std::int8_t> labels;
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      if (labels_[row] == kUnlabelled) continue;
      labelled.push_back(row);
      labels.push_back(labels_[row]);
    }
    evaluation.consumers = labelled.size();
    evaluation.thefts = static_cast<std::size_t>(std::count(labels.begin(), labels.end(), 1));
    evaluation.folds = options_.folds;
    evaluation.seeds = options_.seeds;
    evaluation.bootstraps = options_.metrics.bootstraps;
    const auto begun = Clock::now();
    context_.progress.Begin("bootstrapping intervals", views_.size(), "views");
    for (std::size_t view = 0; view < views_.size(); ++view) {
      METERHOUND_RETURN_IF_ERROR(context_.CheckStopped());
      evaluation.views.push_back(EvaluateView(view, labelled, labels));
      context_.progress.Advance(1);
    }
    context_.progress.End();
    seconds_.emplace_back("bootstrap", SecondsSince(begun));
    evaluation.seconds = seconds_;
    result.predictions = std::move(predictions_);
    for (auto& detector : kept_) result.fold_detectors.push_back(std::move(*detector));
    result.fold_of = folds_.front();
    return result;
  }

  EvaluatedView EvaluateView(std::size_t view, std::span<const std::size_t> labelled,
                             std::span<const std::int8_t> labels) {
    OutOfFold& prediction = predictions_[view];
    EvaluatedView evaluated{.name = views_[view].name,
                            .features = Excluding(table_.columns, views_[view]).size(),
                            .pooled = {},
                            .fold_roc_auc = {},
                            .fold_pr_auc = {}};
    std::vector<std::vector<double>> scorings;
    for (std::size_t seed = 0; seed < prediction.by_seed.size(); ++seed) {
      std::vector<double> probability;
      for (const std::size_t row : labelled) probability.push_back(prediction.by_seed[seed][row]);
      scorings.push_back(std::move(probability));
      EvaluateFolds(seed, labelled, labels, scorings.back(), evaluated);
    }
    evaluated.pooled = ComputeMetrics(scorings, labels, options_.metrics, context_.pool);
    prediction.probability.assign(table_.rows(), 0);
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      for (const auto& by_seed : prediction.by_seed) prediction.probability[row] += by_seed[row];
      prediction.probability[row] /= static_cast<double>(prediction.by_seed.size());
    }
    return evaluated;
  }

  void EvaluateFolds(std::size_t seed, std::span<const std::size_t> labelled, std::span<const std::int8_t> labels,
                     std::span<const double> probability, EvaluatedView& to) const {
    for (std::size_t fold = 0; fold < options_.folds; ++fold) {
      std::vector<double> scores;
      std::vector<std::int8_t> truths;
      for (std::size_t i = 0; i < labelled.size(); ++i) {
        if (folds_[seed][labelled[i]] != fold) continue;
        scores.push_back(probability[i]);
        truths.push_back(labels[i]);
      }
      to.fold_roc_auc.push_back(RocAuc(scores, truths));
      to.fold_pr_auc.push_back(AveragePrecision(scores, truths));
    }
  }

  const FeatureTable& table_;
  std::span<const std::int8_t> labels_;
  std::span<const std::uint64_t> hashes_;
  const CrossValidationOptions& options_;
  const RunContext& context_;
  std::vector<ViewSpec> views_;
  std::vector<std::vector<std::uint32_t>> folds_;  // a seed
  std::vector<Job> jobs_;
  std::vector<OutOfFold> predictions_;
  std::vector<std::optional<HybridDetector>> kept_;
  std::vector<std::pair<std::string, double>> seconds_;
};

}  // namespace

std::vector<ViewSpec> DefaultViews(std::span<const FeatureColumn> columns, std::string_view primary) {
  using enum FeatureGroup;
  const std::vector<ViewSpec> candidates = {{"all", {}},
                                            {"prospective", {kInspection}},
                                            {"behaviour", {kCoverage, kAttribute, kInspection}},
                                            {"coverage", {kBehaviour, kAttribute, kInspection}}};
  std::vector<ViewSpec> views;
  std::vector<std::vector<std::size_t>> seen;
  for (const ViewSpec& candidate : candidates) {
    std::vector<std::size_t> included = Excluding(columns, candidate);
    if (included.empty() || std::find(seen.begin(), seen.end(), included) != seen.end()) continue;
    seen.push_back(std::move(included));
    views.push_back(candidate);
  }
  const auto first =
      std::find_if(views.begin(), views.end(), [&](const ViewSpec& view) { return view.name == primary; });
  if (first != views.end()) std::rotate(views.begin(), first, first + 1);
  return views;
}

Result<CrossValidation> CrossValidate(const FeatureTable& table, std::span<const std::int8_t> labels,
                                      std::span<const std::uint64_t> hashes, const CrossValidationOptions& options,
                                      const RunContext& context) {
  return CrossValidator(table, labels, hashes, options, context).Run();
}

}  // namespace meterhound::detectors
