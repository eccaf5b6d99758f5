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

/// "all"; "prospective" (without inspection) when there is an inspection column; "behaviour" (without coverage,
/// attributes and inspection); "coverage" (nothing else: the baseline). A view without columns, or with the same
/// columns as an earlier one, is left out. @param primary name of the view to put first: the one the saved model uses.
std::vector<ViewSpec> DefaultViews(std::span<const FeatureColumn> columns, std::string_view primary = "all");

struct CrossValidationOptions {
  HybridOptions detector;
  std::size_t folds = 5;
  std::vector<std::uint64_t> seeds = {1};
  std::vector<ViewSpec> views;         ///< empty: DefaultViews of the table
  std::size_t secondary_rounds = 200;  ///< at most, for views after the first; 0: no cap of its own
  std::size_t secondary_seeds = 1;     ///< how many of the seeds the views after the first get
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

/// Nested: for every view, seed and fold a whole HybridDetector::Fit on the other folds, so that nothing fitted
/// (imputation, forest, resampling, early stopping, calibration) has seen the fold it is judged on. Unlabelled rows
/// join every fit and are never judged. In a view after the first whose columns are the same for everybody, so is the
/// score. Fits run side by side, each on one thread.
Result<CrossValidation> CrossValidate(const FeatureTable& table, std::span<const std::int8_t> labels,
                                      std::span<const std::uint64_t> hashes, const CrossValidationOptions& options,
                                      const RunContext& context);

}  // namespace meterhound::detectors
