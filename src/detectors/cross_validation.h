// Cross-validation: what a detector is worth on consumers that no part of it has seen.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/feature_table.h"
#include "base/run_context.h"
#include "detectors/evaluation.h"
#include "detectors/hybrid.h"

namespace meterhound::detectors {

/// A selection of columns by what they speak of.
struct ViewSpec {
  std::string name;
  std::vector<FeatureGroup> excluded_groups;
};

/// "all", which is what the saved model uses; "prospective" (without inspection); "behaviour" (without coverage,
/// attributes and inspection); "coverage" (nothing else: the baseline). Always these four, in this order.
std::vector<ViewSpec> DefaultViews();

struct CrossValidationOptions {
  HybridOptions detector;  ///< the groups it excludes are excluded from every view
  std::size_t folds = 5;
  std::vector<std::uint64_t> seeds = {1};
  /// Folds of one's own, one a row of the table, such as one a district; empty: drawn by hash, stratified. Identical
  /// rows in different folds are an error.
  std::vector<std::uint32_t> fold_of;
  std::vector<ViewSpec> views = DefaultViews();
  std::size_t secondary_rounds = 200;  ///< at most, for views that are neither the first nor the headline; 0: no cap
  std::size_t secondary_seeds = 1;     ///< how many of the seeds those views get
  MetricOptions metrics;
};

struct OutOfFold {
  std::string view;
  std::vector<double> probability;  ///< mean over seeds, in the table's order; NaN for unlabelled rows
  std::vector<std::vector<double>> by_seed;
};

struct CrossValidation {
  Evaluation evaluation;
  std::vector<OutOfFold> predictions;  ///< a view, in the order of evaluation.views

  /// First view, first seed: the detector of each fold and the fold each row fell into. A labelled row's honest score
  /// and explanation come from the detector of its own fold, which never saw it.
  std::vector<HybridDetector> fold_detectors;
  std::vector<std::uint32_t> fold_of;
};

/// kInternal, naming how many, when the detector was fitted on one of the rows: it must not judge them.
/// @param hashes one a row of the table that `rows` points into.
Status RequireUnseen(const HybridDetector& detector, std::span<const std::size_t> rows,
                     std::span<const std::uint64_t> hashes);

/// Nested: for every view, seed and fold a whole HybridDetector::Fit on the other folds, so that nothing fitted
/// (imputation, forest, resampling, early stopping, calibration) has seen the fold it is judged on. Unlabelled rows
/// join every fit and are never judged. In a view after the first whose columns are the same for everybody, or that has
/// none, so is the score. A view with the columns of an earlier one has its figures. Fits run side by side, each on one
/// thread.
/// @param stands_for see HybridDetector::Fit and ComputeMetrics: learnt from and measured with.
Result<CrossValidation> CrossValidate(const FeatureTable& table, std::span<const std::int8_t> labels,
                                      std::span<const std::uint64_t> hashes, const CrossValidationOptions& options,
                                      const RunContext& context, std::span<const double> stands_for = {});

}  // namespace meterhound::detectors
