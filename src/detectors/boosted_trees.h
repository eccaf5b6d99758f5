// BoostedTrees: gradient boosting by XGBoost behind Result, with early stopping and exact TreeSHAP.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/matrix_view.h"
#include "base/result.h"
#include "base/thread_pool.h"
#include "detectors/row_source.h"

namespace meterhound::detectors {

/// What early stopping watches. Log loss is a proper score in which every validation row counts, so it wavers less from
/// round to round than the area under precision-recall, which hangs on a few hundred thefts; but it only makes sense
/// while probabilities are not tilted, so with scale_pos_weight other than 1 or after resampling kAuto takes aucpr.
enum class EarlyStopping : std::uint8_t { kAuto, kLogLoss, kAucPr };

struct TreeOptions {
  std::size_t max_depth = 6;
  double learning_rate = 0.05;
  std::size_t n_estimators = 600;  ///< rounds at most
  std::size_t early_stopping_rounds = 40;
  double scale_pos_weight = 1;
  double subsample = 0.8;
  double colsample_bytree = 0.5;
  double min_child_weight = 5;
  double reg_lambda = 1;
  std::size_t max_bin = 256;
  EarlyStopping early_stopping = EarlyStopping::kAuto;
  std::uint64_t seed = 1;
};

/// SHAP values: for every row width() + 1 numbers, the last the bias; they sum to the margin.
struct ContributionMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;  ///< features + 1
  std::vector<double> values;
  std::span<const double> Row(std::size_t row) const { return {values.data() + row * columns, columns}; }
};

/// NaN means missing; infinities count as the largest finite numbers. Every call runs on one thread inside XGBoost;
/// parallelism is over fits and blocks of rows, so the number of threads changes no bit. Const members may be called
/// from several threads at once.
class BoostedTrees {
 public:
  /// Labelled rows (0/1). `weights` is empty or one a row. `categorical` is empty or one a column: where it is 1 the
  /// values are codes 0, 1, ... and a split sets some of them against the others instead of cutting their order.
  struct Sample {
    RowSource rows;
    std::span<const std::int8_t> labels;
    std::span<const double> weights = {};
    std::span<const std::uint8_t> categorical = {};
  };

  /// Boosts on `train` until the validation score has not improved for early_stopping_rounds, and keeps the best round.
  /// kCancelled when `stop` is requested between rounds.
  static Result<BoostedTrees> Fit(const Sample& train, const Sample& validation, const TreeOptions& options,
                                  std::stop_token stop = {});
  static Result<BoostedTrees> Fit(const MatrixView& train, std::span<const std::int8_t> labels,
                                  const MatrixView& validation, std::span<const std::int8_t> validation_labels,
                                  const TreeOptions& options, std::stop_token stop = {});

  BoostedTrees(BoostedTrees&&) noexcept;
  BoostedTrees& operator=(BoostedTrees&&) noexcept;
  ~BoostedTrees();

  /// Log-odds, one a row; a row's margin does not depend on which rows are asked together with it.
  Result<std::vector<double>> Margin(const MatrixView& rows, ThreadPool& pool) const;
  Result<std::vector<double>> Margin(const RowSource& rows, ThreadPool& pool) const;
  /// Exact TreeSHAP (Lundberg et al. 2020) in log-odds; about a millisecond a row, so ask for the rows to be shown.
  Result<ContributionMatrix> Contributions(const MatrixView& rows, ThreadPool& pool) const;

  std::size_t width() const;
  std::size_t rounds() const;       ///< kept
  double validation_score() const;  ///< of the kept rounds, in the watched metric; NaN when loaded

  /// XGBoost's own binary JSON: readable by xgboost.Booster(model_file=...).
  Result<std::string> SaveUbj() const;
  static Result<BoostedTrees> LoadUbj(std::string_view bytes);

 private:
  struct State;
  explicit BoostedTrees(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace meterhound::detectors
