// Metrics of a sorted scoring under row weights; ties count as the mean over their orders.
#include "detectors/ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace meterhound::detectors {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Symmetric 2x2 system [[a, b], [b, d]] x = (u, v); returns the second unknown and sets the first.
double Solve(double a, double b, double d, double u, double v, double& first) {
  const double determinant = a * d - b * b;
  if (!(std::abs(determinant) > 1e-12 * std::max(1.0, std::abs(a * d)))) {
    first = kNaN;
    return kNaN;
  }
  first = (d * u - b * v) / determinant;
  return (a * v - b * u) / determinant;
}

}  // namespace

double SquaredGrid(std::size_t i) {
  const double x = static_cast<double>(i) / static_cast<double>(kCurvePoints - 1);
  return x * x;
}

double LinearGrid(std::size_t i) { return static_cast<double>(i + 1) / static_cast<double>(kCurvePoints); }

Ranking::Ranking(std::span<const double> score, std::span<const std::int8_t> label, std::span<const double> stands_for)
    : order_(score.size()) {
  std::iota(order_.begin(), order_.end(), 0U);
  std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (score[a] != score[b]) return score[a] > score[b];
    return a < b;
  });
  theft_.reserve(order_.size());
  for (std::size_t place = 0; place < order_.size(); ++place) {
    theft_.push_back(label[order_[place]] == 1 ? 1 : 0);
    if (!stands_for.empty()) stands_for_.push_back(stands_for[order_[place]]);
    const double value = score[order_[place]];
    if (place == 0 || value != score_.back()) {
      score_.push_back(value);
      ends_.push_back(0);
    }
    ends_.back() = static_cast<std::uint32_t>(place + 1);
  }
}

// The group that begins at `place` and ends before `end`, to which `place` moves on.
Ranking::Group Ranking::WeighGroup(std::size_t& place, std::size_t end, std::span<const std::uint32_t> weights) const {
  if (stands_for_.empty()) {
    std::uint64_t by_class[2] = {0, 0};
    for (; place < end; ++place) by_class[theft_[place]] += weights[order_[place]];
    return {static_cast<double>(by_class[1]), static_cast<double>(by_class[0])};
  }
  double by_class[2] = {0, 0};
  for (; place < end; ++place) by_class[theft_[place]] += weights[order_[place]] * stands_for_[place];
  return {by_class[1], by_class[0]};
}

void Ranking::GroupWeights(std::span<const std::uint32_t> weights, std::vector<Group>& groups) const {
  groups.resize(ends_.size());
  std::size_t place = 0;
  for (std::size_t g = 0; g < ends_.size(); ++g) groups[g] = WeighGroup(place, ends_[g], weights);
}

double Ranking::RocAuc(std::span<const std::uint32_t> weights) const {
  double above = 0;
  double below = 0;
  double pairs = 0;
  std::size_t place = 0;
  for (const std::uint32_t end : ends_) {
    const Group group = WeighGroup(place, end, weights);
    pairs += group.negatives * (above + group.positives / 2);
    above += group.positives;
    below += group.negatives;
  }
  return above > 0 && below > 0 ? pairs / (above * below) : kNaN;
}

double Ranking::AveragePrecision(std::span<const std::uint32_t> weights) const {
  double above = 0;
  double seen = 0;
  double sum = 0;
  std::size_t place = 0;
  for (const std::uint32_t end : ends_) {
    const Group group = WeighGroup(place, end, weights);
    above += group.positives;
    seen += group.positives + group.negatives;
    if (group.positives > 0) sum += group.positives * (above / seen);
  }
  return above > 0 ? sum / above : kNaN;
}

// ROC-AUC, average precision and their curves.
void Ranking::MeasureRanks(const std::vector<Group>& groups, double positives, double negatives, Measured& to) const {
  to.roc.assign(kCurvePoints, 1);
  to.precision_recall.assign(kCurvePoints, positives / (positives + negatives));
  double above = 0;
  double below = 0;
  double pairs = 0;
  double precision_sum = 0;
  std::size_t roc_point = 0;
  std::size_t recall_point = 0;
  double roc_next = 0;
  double recall_next = LinearGrid(0) * positives;
  for (const Group& group : groups) {
    const double below_after = below + group.negatives;
    // Inside a tie the ROC curve is the straight line between its ends; where it rises straight up, its top counts.
    while (roc_point < kCurvePoints && below_after > roc_next) {
      to.roc[roc_point] = (above + group.positives * (roc_next - below) / group.negatives) / positives;
      if (++roc_point < kCurvePoints) roc_next = SquaredGrid(roc_point) * negatives;
    }
    pairs += group.negatives * (above + group.positives / 2);
    above += group.positives;
    below = below_after;
    if (group.positives > 0) {
      const double precision = above / (above + below);
      precision_sum += group.positives * precision;
      while (recall_point < kCurvePoints && above >= recall_next) {
        to.precision_recall[recall_point] = precision;
        if (++recall_point < kCurvePoints) recall_next = LinearGrid(recall_point) * positives;
      }
    }
  }
  to.roc_auc = pairs / (positives * negatives);
  to.pr_auc = precision_sum / positives;
}

// Expected sum of precisions at the thefts' ranks over the expected number of thefts, among the first 100 and 200.
void Ranking::MeasureMap(const std::vector<Group>& groups, Measured& to) const {
  if (!stands_for_.empty()) {
    to.map[0] = to.map[1] = kNaN;
    return;
  }
  double sum[2] = {0, 0};
  double thefts[2] = {0, 0};
  double seen = 0;
  double above = 0;
  constexpr double kDeepest = kMapDepths[1];
  for (const Group& group : groups) {
    if (seen >= kDeepest) break;
    const double size = group.positives + group.negatives;
    if (size == 0) continue;
    const double rate = group.positives / size;
    const double others = size > 1 ? (group.positives - 1) / (size - 1) : 0;
    for (double j = 0; j < size && seen + j < kDeepest && group.positives > 0; ++j) {
      const double gain = rate * (above + 1 + j * others) / (seen + j + 1);
      for (std::size_t depth = 0; depth < 2; ++depth) {
        if (seen + j < static_cast<double>(kMapDepths[depth])) {
          sum[depth] += gain;
          thefts[depth] += rate;
        }
      }
    }
    seen += size;
    above += group.positives;
  }
  for (std::size_t depth = 0; depth < 2; ++depth) to.map[depth] = thefts[depth] > 0 ? sum[depth] / thefts[depth] : 0;
}

// Precision, recall and lift at the inspected shares, and the hit-rate curve.
void Ranking::MeasureShares(const std::vector<Group>& groups, double positives, double total, Measured& to) const {
  to.hit_rate.assign(kCurvePoints, 0);
  const auto visits = [total](double share) { return std::max(1.0, std::round(share * total)); };
  double seen = 0;
  double above = 0;
  std::size_t share = 0;
  std::size_t point = 0;
  double share_next = visits(kInspectedShares[0]);
  double point_next = visits(SquaredGrid(0));
  for (const Group& group : groups) {
    const double size = group.positives + group.negatives;
    if (size == 0) continue;
    const auto found = [&](double wanted) { return above + group.positives * (wanted - seen) / size; };
    while (share < kShares && seen + size >= share_next) {
      const double thefts = found(share_next);
      to.precision[share] = thefts / share_next;
      to.recall[share] = thefts / positives;
      to.lift[share] = to.precision[share] / (positives / total);
      if (++share < kShares) share_next = visits(kInspectedShares[share]);
    }
    while (point < kCurvePoints && seen + size >= point_next) {
      to.hit_rate[point] = found(point_next) / point_next;
      if (++point < kCurvePoints) point_next = visits(SquaredGrid(point));
    }
    seen += size;
    above += group.positives;
  }
}

// Brier score and expected calibration error over bins of equal mass; a group on a border is shared out.
void Ranking::MeasureProbabilities(const std::vector<Group>& groups, double total, Measured& to) const {
  double squares = 0;
  double error = 0;
  double gap = 0;  // sum of (label - probability) in the open bin
  const double capacity = total / static_cast<double>(kEceBins);
  double room = capacity;
  std::size_t bin = 1;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Group& group = groups[g];
    double left = group.positives + group.negatives;
    if (left == 0) continue;
    const double p = score_[g];
    squares += group.positives * (1 - p) * (1 - p) + group.negatives * p * p;
    const double gap_each = group.positives / left - p;
    while (left > room && bin < kEceBins) {
      error += std::abs(gap + room * gap_each);
      left -= room;
      gap = 0;
      room = capacity;
      ++bin;
    }
    gap += left * gap_each;
    room -= left;
  }
  to.ece = (error + std::abs(gap)) / total;
  to.brier = squares / total;
}

void Ranking::FitSlope() {
  constexpr double kClip = 1e-6;  // keeps the logit of 0 and 1 finite
  std::vector<Group> groups;
  GroupWeights(std::vector<std::uint32_t>(rows(), 1), groups);
  slope_terms_.resize(groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const double p = std::clamp(score_[g], kClip, 1 - kClip);
    slope_terms_[g].logit = std::log(p / (1 - p));
  }
  double intercept = 0;
  slope_ = 1;
  for (int step = 0; step < 50; ++step) {
    double gradient[2] = {0, 0};
    double hessian[3] = {0, 0, 0};
    for (std::size_t g = 0; g < groups.size(); ++g) {
      SlopeTerm& term = slope_terms_[g];
      const double mu = 1 / (1 + std::exp(-(intercept + slope_ * term.logit)));
      term.residual_theft = 1 - mu;
      term.residual_honest = -mu;
      term.curvature = mu * (1 - mu);
      const double residual = groups[g].positives * term.residual_theft + groups[g].negatives * term.residual_honest;
      const double curvature = (groups[g].positives + groups[g].negatives) * term.curvature;
      gradient[0] += residual;
      gradient[1] += residual * term.logit;
      hessian[0] += curvature;
      hessian[1] += curvature * term.logit;
      hessian[2] += curvature * term.logit * term.logit;
    }
    double intercept_step = 0;
    double slope_step = Solve(hessian[0], hessian[1], hessian[2], gradient[0], gradient[1], intercept_step);
    if (std::isnan(slope_step)) {
      slope_ = kNaN;
      return;
    }
    if (std::abs(slope_step) + std::abs(intercept_step) < 1e-10) return;
    const double damping = std::min(1.0, 5 / (std::abs(slope_step) + std::abs(intercept_step)));
    intercept += damping * intercept_step;
    slope_ += damping * slope_step;
  }
}

double Ranking::SlopeOf(const std::vector<Group>& groups) const {
  if (std::isnan(slope_) || slope_terms_.empty()) return kNaN;
  double gradient[2] = {0, 0};
  double hessian[3] = {0, 0, 0};
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const SlopeTerm& term = slope_terms_[g];
    const double residual = groups[g].positives * term.residual_theft + groups[g].negatives * term.residual_honest;
    const double curvature = (groups[g].positives + groups[g].negatives) * term.curvature;
    gradient[0] += residual;
    gradient[1] += residual * term.logit;
    hessian[0] += curvature;
    hessian[1] += curvature * term.logit;
    hessian[2] += curvature * term.logit * term.logit;
  }
  double unused = 0;
  return slope_ + Solve(hessian[0], hessian[1], hessian[2], gradient[0], gradient[1], unused);
}

Measured Ranking::Measure(std::span<const std::uint32_t> weights, std::vector<Group>& groups) const {
  GroupWeights(weights, groups);
  double positives = 0;
  double negatives = 0;
  for (const Group& group : groups) {
    positives += group.positives;
    negatives += group.negatives;
  }
  Measured measured;
  MeasureRanks(groups, positives, negatives, measured);
  MeasureMap(groups, measured);
  MeasureShares(groups, positives, positives + negatives, measured);
  MeasureProbabilities(groups, positives + negatives, measured);
  measured.slope = SlopeOf(groups);
  return measured;
}

}  // namespace meterhound::detectors
