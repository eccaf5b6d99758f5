// Nested cross-validation: all fits of all views, seeds and folds side by side.
#include "detectors/cross_validation.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <numeric>
#include <optional>
#include <unordered_set>

#include "detectors/folds.h"
#include "detectors/hybrid_state.h"
#include "numerics/random.h"

namespace meterhound::detectors {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t kFoldStream = 0x666f6c64;  // apart from the streams inside a fit

/// Fits and judges; every (view, seed, fold) writes its own places, so their order does not matter.
class Runner {
 public:
  Runner(const FeatureTable& table, std::span<const std::int8_t> labels, std::span<const std::uint64_t> hashes,
         std::span<const double> stands_for, const CrossValidationOptions& options, const RunContext& context)
      : table_(table),
        labels_(labels),
        hashes_(hashes),
        stands_for_(stands_for),
        options_(options),
        views_(options.views),
        context_(context),
        theft_share_(static_cast<double>(std::count(labels.begin(), labels.end(), std::int8_t{1})) /
                     static_cast<double>(labels.size() - std::count(labels.begin(), labels.end(), kUnlabelled))) {}

  Result<CrossValidation> Run() {
    const auto started = std::chrono::steady_clock::now();
    for (const std::uint64_t seed : options_.seeds) {
      folds_.push_back(options_.fold_of.empty()
                           ? AssignFolds(hashes_, labels_, options_.folds, numerics::MixSeed(seed, kFoldStream))
                           : options_.fold_of);
    }
    PlanFits();
    METERHOUND_RETURN_IF_ERROR(RunFits());
    const auto fitted = std::chrono::steady_clock::now();
    CrossValidation to = Assess();
    METERHOUND_RETURN_IF_ERROR(context_.CheckStopped());
    const auto seconds = [](auto from, auto until) { return std::chrono::duration<double>(until - from).count(); };
    to.evaluation.seconds = {{"cross_validation", seconds(started, fitted)},
                             {"metrics", seconds(fitted, std::chrono::steady_clock::now())}};
    return to;
  }

 private:
  struct PlannedFit {
    std::size_t view;
    std::size_t seed;
    std::size_t fold;
  };

  /// The first view and the one whose figures lead are measured with all rounds and seeds.
  bool IsPrimary(std::size_t view) const { return view == 0 || views_[view].name == kProspectiveView; }

  std::size_t SeedsOf(std::size_t view) const {
    return IsPrimary(view) ? options_.seeds.size()
                           : std::clamp<std::size_t>(options_.secondary_seeds, 1, options_.seeds.size());
  }

  std::vector<FeatureGroup> ExcludedFrom(std::size_t view) const {
    std::vector<FeatureGroup> groups = options_.detector.excluded_groups;
    const std::vector<FeatureGroup>& more = views_[view].excluded_groups;
    groups.insert(groups.end(), more.begin(), more.end());
    return groups;
  }

  void PlanFits() {
    std::vector<std::vector<std::size_t>> selections;
    for (std::size_t view = 0; view < views_.size(); ++view) {
      std::vector<std::vector<double>> by_seed(SeedsOf(view), std::vector<double>(table_.rows(), kNaN));
      predictions_.push_back({views_[view].name, {}, std::move(by_seed)});
      const std::vector<FeatureGroup> excluded = ExcludedFrom(view);
      selections.push_back(IncludedColumns(table_.columns, excluded));
      features_.push_back(selections.back().size() + (UsesNeighbours(table_, excluded) ? NeighbourRates::kWidth : 0));
      twin_of_.push_back(static_cast<std::size_t>(std::find(selections.begin(), selections.end(), selections.back()) -
                                                  selections.begin()));
      if (twin_of_[view] != view) continue;
      for (std::size_t seed = 0; seed < SeedsOf(view); ++seed) {
        for (std::size_t fold = 0; fold < options_.folds; ++fold) fits_.push_back({view, seed, fold});
      }
    }
    kept_.resize(options_.folds);
    // The longest first, so that no thread is left alone with one at the end.
    std::stable_sort(fits_.begin(), fits_.end(),
                     [&](const PlannedFit& a, const PlannedFit& b) { return features_[a.view] > features_[b.view]; });
  }

  Status RunFits() {
    std::vector<std::optional<Error>> errors(fits_.size());
    context_.progress.Begin("cross-validate", fits_.size(), "fits");
    context_.pool.ParallelFor(
        fits_.size(), 1,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t i = begin; i < end; ++i) {
            if (const Status status = RunFit(fits_[i]); !status.ok()) errors[i] = status.error();
            context_.progress.Advance(1);
          }
        },
        context_.stop);
    context_.progress.End();
    METERHOUND_RETURN_IF_ERROR(context_.CheckStopped());
    for (std::size_t i = 0; i < fits_.size(); ++i) {
      if (!errors[i]) continue;
      errors[i]->message = "cross-validation, view " + views_[fits_[i].view].name + ", fold " +
                           std::to_string(fits_[i].fold + 1) + ": " + errors[i]->message;
      return *errors[i];
    }
    return {};
  }

  Status RunFit(const PlannedFit& fit) {
    std::vector<std::size_t> train;
    std::vector<std::size_t> test;
    std::unordered_set<std::uint64_t> tested;  // an unlabelled twin of a judged row must not be learnt from either
    const std::vector<std::uint32_t>& folds = folds_[fit.seed];
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      if (labels_[row] == kUnlabelled || folds[row] != fit.fold) continue;
      test.push_back(row);
      tested.insert(hashes_[row]);
    }
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      const bool judged = labels_[row] == kUnlabelled ? tested.contains(hashes_[row]) : folds[row] == fit.fold;
      if (!judged) train.push_back(row);
    }
    HybridOptions options = options_.detector;
    options.seed = numerics::MixSeed(options_.seeds[fit.seed], fit.fold);
    options.excluded_groups = ExcludedFrom(fit.view);
    options.keep_reference = false;
    if (!IsPrimary(fit.view) && options_.secondary_rounds > 0) {
      options.trees.n_estimators = std::min(options.trees.n_estimators, options_.secondary_rounds);
    }
    Progress quiet;  // one step a fit is what the caller hears
    RunContext inner{context_.pool, quiet, context_.stop};
    std::vector<double>& to = predictions_[fit.view].by_seed[fit.seed];
    Result<HybridDetector> detector = HybridDetector::Fit(table_, train, labels_, hashes_, options, inner, stands_for_);
    if (!detector.ok() && detector.error().code == ErrorCode::kNotFound && fit.view > 0) {
      // Such as coverage where no reading is missing: what knows nothing of anybody gives everybody the same chance.
      // The same in every fold: shares a fold would rank the folds, and by less than nothing.
      for (const std::size_t row : test) to[row] = theft_share_;
      return {};
    }
    if (!detector.ok()) return detector.error();
    METERHOUND_RETURN_IF_ERROR(RequireUnseen(*detector, test, hashes_));
    METERHOUND_ASSIGN_OR_RETURN(const std::vector<RowScore> scores, detector->Score(table_, test, inner));
    for (std::size_t i = 0; i < test.size(); ++i) to[test[i]] = scores[i].probability;
    if (fit.view == 0 && fit.seed == 0) kept_[fit.fold] = *std::move(detector);
    return {};
  }

  CrossValidation Assess() {
    CrossValidation to;
    std::vector<std::size_t> judged;
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      if (labels_[row] != kUnlabelled) judged.push_back(row);
    }
    std::vector<std::int8_t> labels;
    std::vector<double> weights;
    labels.reserve(judged.size());
    for (const std::size_t row : judged) {
      labels.push_back(labels_[row]);
      if (!stands_for_.empty()) weights.push_back(stands_for_[row]);
    }
    context_.progress.Begin("measure", views_.size(), "views");
    for (std::size_t view = 0; view < views_.size() && !context_.stop.stop_requested(); ++view) {
      const std::size_t twin = twin_of_[view];
      if (twin == view) {
        to.evaluation.views.push_back(AssessView(view, judged, labels, weights));
      } else {
        predictions_[view] = predictions_[twin];
        predictions_[view].view = views_[view].name;
        to.evaluation.views.push_back(EvaluatedView(to.evaluation.views[twin]));
        to.evaluation.views.back().name = views_[view].name;
      }
      context_.progress.Advance(1);
    }
    context_.progress.End();
    CountConsumers(labels, weights, to.evaluation);
    to.evaluation.inspected_only = options_.detector.positive_unlabelled;
    to.evaluation.folds = options_.folds;
    to.evaluation.seeds = options_.seeds;
    to.evaluation.bootstraps = options_.metrics.bootstraps;
    to.evaluation.without = options_.detector.excluded_groups;
    to.predictions = std::move(predictions_);
    for (auto& detector : kept_) to.fold_detectors.push_back(std::move(*detector));
    to.fold_of = folds_.front();
    return to;
  }

  EvaluatedView AssessView(std::size_t view, const std::vector<std::size_t>& judged,
                           const std::vector<std::int8_t>& labels, const std::vector<double>& weights) {
    OutOfFold& predictions = predictions_[view];
    EvaluatedView to;
    to.name = views_[view].name;
    to.features = features_[view];
    std::vector<std::vector<double>> scorings;
    for (std::size_t seed = 0; seed < predictions.by_seed.size(); ++seed) {
      std::vector<double> scoring;
      std::vector<std::vector<double>> fold_scores(options_.folds);
      std::vector<std::vector<std::int8_t>> fold_labels(options_.folds);
      std::vector<std::vector<double>> fold_weights(options_.folds);
      for (std::size_t i = 0; i < judged.size(); ++i) {
        scoring.push_back(predictions.by_seed[seed][judged[i]]);
        fold_scores[folds_[seed][judged[i]]].push_back(scoring.back());
        fold_labels[folds_[seed][judged[i]]].push_back(labels[i]);
        if (!weights.empty()) fold_weights[folds_[seed][judged[i]]].push_back(weights[i]);
      }
      for (std::size_t fold = 0; fold < options_.folds; ++fold) {
        to.fold_roc_auc.push_back(RocAuc(fold_scores[fold], fold_labels[fold], fold_weights[fold]));
        to.fold_pr_auc.push_back(AveragePrecision(fold_scores[fold], fold_labels[fold], fold_weights[fold]));
      }
      scorings.push_back(std::move(scoring));
    }
    predictions.probability.assign(table_.rows(), kNaN);
    for (const std::size_t row : judged) {
      double sum = 0;
      for (const std::vector<double>& scoring : predictions.by_seed) sum += scoring[row];
      predictions.probability[row] = sum / static_cast<double>(predictions.by_seed.size());
    }
    to.pooled = ComputeMetrics(scorings, labels, options_.metrics, context_.pool, weights);
    return to;
  }

  const FeatureTable& table_;
  const std::span<const std::int8_t> labels_;
  const std::span<const std::uint64_t> hashes_;
  const std::span<const double> stands_for_;
  const CrossValidationOptions& options_;
  const std::vector<ViewSpec>& views_;
  const RunContext& context_;
  const double theft_share_;
  std::vector<std::vector<std::uint32_t>> folds_;  ///< a seed
  std::vector<PlannedFit> fits_;
  std::vector<std::size_t> features_;  ///< a view
  std::vector<std::size_t> twin_of_;   ///< a view: the first with the same columns, such as itself
  std::vector<OutOfFold> predictions_;
  std::vector<std::optional<HybridDetector>> kept_;  ///< first view, first seed: one a fold
};

}  // namespace

std::vector<ViewSpec> DefaultViews() {
  using enum FeatureGroup;
  return {{"all", {}},
          {kProspectiveView, {kInspection}},
          {"behaviour", {kCoverage, kAttribute, kInspection}},
          {"coverage", {kBehaviour, kAttribute, kInspection, kNovelty}}};
}

Status RequireUnseen(const HybridDetector& detector, std::span<const std::size_t> rows,
                     std::span<const std::uint64_t> hashes) {
  const auto seen =
      std::count_if(rows.begin(), rows.end(), [&](std::size_t row) { return detector.HasSeen(hashes[row]); });
  if (seen == 0) return {};
  return Error{ErrorCode::kInternal,
               "test rows reached fitting: a detector was fitted on " + std::to_string(seen) + " of the " +
                   std::to_string(rows.size()) + " rows it is to judge",
               {}};
}

Result<CrossValidation> CrossValidate(const FeatureTable& table, std::span<const std::int8_t> labels,
                                      std::span<const std::uint64_t> hashes, const CrossValidationOptions& options,
                                      const RunContext& context, std::span<const double> stands_for) {
  if (labels.size() != table.rows() || hashes.size() != table.rows()) {
    return InvalidInput("found " + std::to_string(table.rows()) + " rows, " + std::to_string(labels.size()) +
                        " labels and " + std::to_string(hashes.size()) + " hashes; expected one a row");
  }
  if (options.folds < 2 || options.folds > 100) {
    return InvalidInput("folds must be 2 to 100; found " + std::to_string(options.folds));
  }
  const auto beyond = [&](std::uint32_t fold) { return fold >= options.folds; };
  if (!options.fold_of.empty() &&
      (options.fold_of.size() != table.rows() || std::any_of(options.fold_of.begin(), options.fold_of.end(), beyond))) {
    return InvalidInput("given folds must be one a row, below " + std::to_string(options.folds));
  }
  if (options.seeds.empty()) return InvalidInput("cross-validation needs at least one seed");
  if (options.views.empty()) return InvalidInput("cross-validation needs at least one view");
  return Runner(table, labels, hashes, stands_for, options, context).Run();
}

}  // namespace meterhound::detectors
