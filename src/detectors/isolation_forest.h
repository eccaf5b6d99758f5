// IsolationForest: how few random cuts set a consumer apart from the others (Liu, Ting & Zhou 2008).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/matrix_view.h"
#include "base/result.h"
#include "base/thread_pool.h"
#include "detectors/row_source.h"

namespace meterhound::detectors {

struct ForestOptions {
  std::size_t n_estimators = 100;
  std::size_t max_samples = 256;  ///< rows a tree is grown on; fewer rows than that: all
  double contamination = 0.05;    ///< share of the training rows above the threshold, (0, 0.5]
  std::uint64_t seed = 1;
};

/// Scores lie in (0, 1], larger is stranger: scikit-learn's -score_samples. Values must not be NaN. Tree t draws from
/// Random(seed, t), so the number of threads changes nothing.
class IsolationForest {
 public:
  static Result<IsolationForest> Fit(const MatrixView& matrix, const ForestOptions& options, ThreadPool& pool);
  /// The same on rows of a shared matrix; only the sampled rows are copied.
  static Result<IsolationForest> Fit(const RowSource& rows, const ForestOptions& options, ThreadPool& pool);

  /// One score a row; equal bit for bit to ScoreRow of each.
  std::vector<double> Score(const MatrixView& matrix, ThreadPool& pool) const;
  double ScoreRow(std::span<const double> row) const;

  /// Rows above are called strange: the 1 - contamination quantile of the training rows' scores.
  double threshold() const { return threshold_; }
  std::size_t width() const { return width_; }
  std::size_t trees() const { return roots_.size(); }

  std::string Serialize() const;
  /// Every index is checked, so that altered bytes give kCorrupt and can never crash a later Score.
  static Result<IsolationForest> Load(std::string_view bytes);

 private:
  /// A split (feature >= 0; left child at `child`, right one behind it) or a leaf (feature -1; `cut` is its path
  /// length).
  struct Node {
    std::int32_t feature = -1;
    std::uint32_t child = 0;
    double cut = 0;
  };
  friend class ForestBuilder;

  std::vector<Node> nodes_;  ///< trees one after the other; children lie behind their parent
  std::vector<std::uint32_t> roots_;
  std::size_t width_ = 0;
  std::size_t samples_ = 0;  ///< rows a tree was grown on
  double threshold_ = 0;
};

/// Mean path length of an unsuccessful search among n rows: c(n) of the paper.
double AveragePathLength(std::size_t n);

}  // namespace meterhound::detectors
