// Ranking: one scoring sorted once, from which every metric follows in a single pass over row weights (bootstrap
// counts).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace meterhound::detectors {

inline constexpr double kInspectedShares[] = {0.01, 0.05, 0.10};
inline constexpr std::size_t kShares = 3;
inline constexpr std::size_t kMapDepths[] = {100, 200};
inline constexpr std::size_t kEceBins = 10;
inline constexpr std::size_t kCurvePoints = 200;

/// What one pass measures. Shares are those of kInspectedShares; curves have kCurvePoints values at the grids below.
struct Measured {
  double roc_auc = 0;
  double pr_auc = 0;
  double map[2] = {0, 0};
  double precision[kShares] = {0, 0, 0};
  double recall[kShares] = {0, 0, 0};
  double lift[kShares] = {0, 0, 0};
  double brier = 0;
  double ece = 0;
  double slope = 0;
  std::vector<double> roc;
  std::vector<double> precision_recall;
  std::vector<double> hit_rate;
};

/// Where the curves are evaluated: false positive rate and share inspected are denser near 0, where crews work.
double SquaredGrid(std::size_t i);  ///< (i / (kCurvePoints - 1))^2
double LinearGrid(std::size_t i);   ///< (i + 1) / kCurvePoints

/// Weights are whole numbers, one a row in the order given at construction.
class Ranking {
 public:
  /// Scores may be any numbers for AUC and average precision; the other metrics take them as probabilities.
  /// @param stands_for empty, or for how many consumers each row stands, which multiplies its weights. Ranks are then
  /// shares of those consumers, and MAP, which counts single ones, is NaN.
  Ranking(std::span<const double> score, std::span<const std::int8_t> label, std::span<const double> stands_for = {});

  double RocAuc(std::span<const std::uint32_t> weights) const;
  double AveragePrecision(std::span<const std::uint32_t> weights) const;
  struct Group {
    double positives;
    double negatives;
  };
  /// Everything. @param groups scratch.
  Measured Measure(std::span<const std::uint32_t> weights, std::vector<Group>& groups) const;

  /// Finds the calibration slope of the unweighted rows, from which weighted passes take one Newton step (the one-step
  /// bootstrap: no exponentials in the loop). Call once before Measure.
  void FitSlope();

  std::size_t rows() const { return order_.size(); }

 private:
  Group WeighGroup(std::size_t& place, std::size_t end, std::span<const std::uint32_t> weights) const;
  void GroupWeights(std::span<const std::uint32_t> weights, std::vector<Group>& groups) const;
  void MeasureRanks(const std::vector<Group>& groups, double positives, double negatives, Measured& to) const;
  void MeasureMap(const std::vector<Group>& groups, Measured& to) const;
  void MeasureShares(const std::vector<Group>& groups, double positives, double total, Measured& to) const;
  void MeasureProbabilities(const std::vector<Group>& groups, double total, Measured& to) const;
  double SlopeOf(const std::vector<Group>& groups) const;

  std::vector<std::uint32_t> order_;  ///< rows, best first
  std::vector<std::uint8_t> theft_;   ///< of order_
  std::vector<double> stands_for_;    ///< of order_, or empty
  std::vector<std::uint32_t> ends_;   ///< one past the last place of every group of equal scores
  std::vector<double> score_;         ///< of every group

  struct SlopeTerm {
    double logit;
    double residual_theft;   ///< 1 - mu
    double residual_honest;  ///< -mu
    double curvature;        ///< mu (1 - mu)
  };
  std::vector<SlopeTerm> slope_terms_;  ///< of every group
  double slope_ = 0;
};

}  // namespace meterhound::detectors
