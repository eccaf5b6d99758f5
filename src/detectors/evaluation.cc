// Bootstrap intervals around the metrics of a ranking.
#include "detectors/evaluation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "detectors/ranking.h"
#include "numerics/random.h"

namespace meterhound::detectors {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Draws as many thefts and as many honest consumers as there are, with replacement, as counts a row.
class StratifiedDraws {
 public:
  explicit StratifiedDraws(std::span<const std::int8_t> label) : rows_(label.size()) {
    for (std::size_t row = 0; row < label.size(); ++row)
      strata_[label[row] == 1].push_back(static_cast<std::uint32_t>(row));
  }

  bool BothClasses() const { return !strata_[0].empty() && !strata_[1].empty(); }

  void Draw(std::uint64_t seed, std::uint64_t bootstrap, std::vector<std::uint32_t>& counts) const {
    counts.assign(rows_, 0);
    numerics::Random random(seed, bootstrap);
    for (const auto& stratum : strata_) {
      const std::uint64_t size = stratum.size();
      for (std::uint64_t i = 0; i < size; i += 2) {  // two 32-bit draws a number; the bias is below size / 2^32
        const std::uint64_t bits = random();
        ++counts[stratum[((bits & 0xffffffffU) * size) >> 32]];
        if (i + 1 < size) ++counts[stratum[((bits >> 32) * size) >> 32]];
      }
    }
  }

 private:
  std::size_t rows_;
  std::vector<std::uint32_t> strata_[2];
};

/// Rows sorted by their scores, label and weight, so that the draws do not depend on the order in which rows came.
std::vector<std::uint32_t> OrderByContent(std::span<const std::span<const double>> scorings,
                                          std::span<const std::int8_t> label, std::span<const double> stands_for) {
  std::vector<std::uint32_t> order(label.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    for (const auto& scoring : scorings) {
      if (scoring[a] != scoring[b]) return scoring[a] > scoring[b];
    }
    if (label[a] != label[b] || stands_for.empty()) return label[a] > label[b];
    return stands_for[a] > stands_for[b];
  });
  return order;
}

/// Labels and rankings of the scorings in canonical order.
struct Prepared {
  std::vector<std::int8_t> labels;
  std::vector<Ranking> rankings;
};

Prepared Prepare(std::span<const std::span<const double>> scorings, std::span<const std::int8_t> label,
                 std::span<const double> stands_for) {
  const std::vector<std::uint32_t> order = OrderByContent(scorings, label, stands_for);
  Prepared prepared;
  for (const std::uint32_t row : order) prepared.labels.push_back(label[row]);
  const auto sort = [&](std::span<const double> values) {
    std::vector<double> sorted;
    if (!values.empty()) {
      for (const std::uint32_t row : order) sorted.push_back(values[row]);
    }
    return sorted;
  };
  const std::vector<double> weights = sort(stands_for);
  for (const auto& scoring : scorings) prepared.rankings.emplace_back(sort(scoring), prepared.labels, weights);
  return prepared;
}

// A measurement as a flat list of numbers, so that replicates can be averaged and sorted one number at a time.
constexpr std::size_t kScalars = 2 + 2 + 3 * kShares + 3;
constexpr std::size_t kNumbers = kScalars + 3 * kCurvePoints;

void AddFlat(const Measured& from, double weight, double* to) {
  const auto add = [&](double value) { *to++ += weight * value; };
  add(from.roc_auc);
  add(from.pr_auc);
  for (const double map : from.map) add(map);
  for (std::size_t share = 0; share < kShares; ++share) {
    add(from.precision[share]);
    add(from.recall[share]);
    add(from.lift[share]);
  }
  add(from.brier);
  add(from.ece);
  add(from.slope);
  for (const auto* curve : {&from.roc, &from.precision_recall, &from.hit_rate}) {
    for (const double y : *curve) add(y);
  }
}

std::vector<double> MeasureAll(const std::vector<Ranking>& rankings, std::span<const std::uint32_t> weights,
                               std::vector<Ranking::Group>& scratch) {
  std::vector<double> flat(kNumbers, 0);
  const double weight = 1 / static_cast<double>(rankings.size());
  for (const Ranking& ranking : rankings) AddFlat(ranking.Measure(weights, scratch), weight, flat.data());
  return flat;
}

/// numpy.percentile of the sorted values.
double Percentile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const std::size_t below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}

/// 95 % interval of column `number` of the replicates (rows of `numbers` values).
Interval IntervalOf(double value, const std::vector<double>& replicates, std::size_t numbers, std::size_t number) {
  std::vector<double> column;
  for (std::size_t at = number; at < replicates.size(); at += numbers) {
    if (!std::isnan(replicates[at])) column.push_back(replicates[at]);
  }
  if (column.empty()) return {value, value, value};
  std::sort(column.begin(), column.end());
  return {value, Percentile(column, 0.025), Percentile(column, 0.975)};
}

/// Calls `measure(counts, scratch, to)` for every bootstrap; the result has `numbers` values a bootstrap.
std::vector<double> Bootstrap(
    const Prepared& prepared, const MetricOptions& options, std::size_t numbers, ThreadPool& pool,
    const std::function<void(std::span<const std::uint32_t>, std::vector<Ranking::Group>&, double*)>& measure) {
  struct Scratch {
    std::vector<std::uint32_t> counts;
    std::vector<Ranking::Group> groups;
  };
  const StratifiedDraws draws(prepared.labels);
  std::vector<Scratch> scratch(pool.threads());
  std::vector<double> replicates(options.bootstraps * numbers);
  pool.ParallelFor(options.bootstraps, 4, [&](std::size_t begin, std::size_t end, std::size_t worker) {
    Scratch& mine = scratch[worker];
    for (std::size_t b = begin; b < end; ++b) {
      draws.Draw(options.seed, b, mine.counts);
      measure(mine.counts, mine.groups, replicates.data() + b * numbers);
    }
  });
  return replicates;
}

std::vector<ReliabilityBin> Reliability(std::span<const std::span<const double>> scorings,
                                        std::span<const std::int8_t> label, std::span<const double> stands_for) {
  // With several scorings the first stands for all: a mean of probabilities would be another, better calibrated model.
  const std::span<const double> probability = scorings[0];
  std::vector<std::uint32_t> order = OrderByContent(scorings.subspan(0, 1), label, stands_for);
  std::reverse(order.begin(), order.end());
  std::vector<ReliabilityBin> bins;
  std::size_t place = 0;
  for (std::size_t b = 1; b <= kEceBins; ++b) {
    std::size_t end = order.size() * b / kEceBins;
    while (end > place && end < order.size() && probability[order[end]] == probability[order[end - 1]]) ++end;
    if (end <= place) continue;
    double predicted = 0;
    double thefts = 0;
    double total = 0;
    double squares = 0;
    for (std::size_t i = place; i < end; ++i) {
      const double weight = stands_for.empty() ? 1 : stands_for[order[i]];
      predicted += weight * probability[order[i]];
      thefts += label[order[i]] == 1 ? weight : 0;
      total += weight;
      squares += weight * weight;
    }
    const double effective = total * total / squares;
    const Interval observed = WilsonInterval(thefts / total * effective, effective);
    bins.push_back({predicted / total, observed.value, observed.low, observed.high, end - place});
    place = end;
  }
  return bins;
}

Metrics Undefined() {
  const Interval nan{kNaN, kNaN, kNaN};
  Metrics metrics{nan, nan, nan, nan, {}, nan, nan, nan, {}, {}, {}, {}};
  for (const double share : kInspectedShares) metrics.at_share.push_back({share, nan, nan, nan});
  return metrics;
}

Metrics Assemble(const std::vector<double>& value, const std::vector<double>& replicates) {
  std::size_t next = 0;
  const auto interval = [&] {
    const Interval made = IntervalOf(value[next], replicates, kNumbers, next);
    ++next;
    return made;
  };
  Metrics metrics;
  metrics.roc_auc = interval();
  metrics.pr_auc = interval();
  metrics.map_at_100 = interval();
  metrics.map_at_200 = interval();
  for (const double share : kInspectedShares) {
    AtShare at{.share = share, .precision = {}, .recall = {}, .lift = {}};
    at.precision = interval();
    at.recall = interval();
    at.lift = interval();
    metrics.at_share.push_back(at);
  }
  metrics.brier = interval();
  metrics.ece = interval();
  metrics.calibration_slope = interval();
  const auto curve = [&](std::vector<CurvePoint>& to, double (*grid)(std::size_t)) {
    for (std::size_t i = 0; i < kCurvePoints; ++i) {
      const Interval y = interval();
      to.push_back({grid(i), y.value, y.low, y.high});
    }
  };
  curve(metrics.roc, SquaredGrid);
  curve(metrics.precision_recall, LinearGrid);
  curve(metrics.hit_rate, SquaredGrid);
  return metrics;
}

Metrics ComputeFrom(std::span<const std::span<const double>> scorings, std::span<const std::int8_t> label,
                    std::span<const double> stands_for, const MetricOptions& options, ThreadPool& pool) {
  Prepared prepared = Prepare(scorings, label, stands_for);
  if (!StratifiedDraws(prepared.labels).BothClasses()) return Undefined();
  for (Ranking& ranking : prepared.rankings) ranking.FitSlope();
  const std::vector<std::uint32_t> once(label.size(), 1);
  std::vector<Ranking::Group> scratch;
  const std::vector<double> value = MeasureAll(prepared.rankings, once, scratch);
  const std::vector<double> replicates =
      Bootstrap(prepared, options, kNumbers, pool, [&](const auto& counts, auto& groups, double* to) {
        const std::vector<double> flat = MeasureAll(prepared.rankings, counts, groups);
        std::copy(flat.begin(), flat.end(), to);
      });
  Metrics metrics = Assemble(value, replicates);
  metrics.reliability = Reliability(scorings, label, stands_for);
  return metrics;
}

}  // namespace

const EvaluatedView& Evaluation::Headline() const {
  for (const EvaluatedView& view : views) {
    if (view.name == kProspectiveView && view.features < views.front().features) return view;
  }
  return views.front();
}

Metrics ComputeMetrics(std::span<const double> probability, std::span<const std::int8_t> label,
                       const MetricOptions& options, ThreadPool& pool, std::span<const double> stands_for) {
  return ComputeFrom(std::span(&probability, 1), label, stands_for, options, pool);
}

Metrics ComputeMetrics(std::span<const std::vector<double>> scorings, std::span<const std::int8_t> label,
                       const MetricOptions& options, ThreadPool& pool, std::span<const double> stands_for) {
  if (scorings.empty()) return Undefined();
  const std::vector<std::span<const double>> views(scorings.begin(), scorings.end());
  return ComputeFrom(views, label, stands_for, options, pool);
}

void CountConsumers(std::span<const std::int8_t> label, std::span<const double> stands_for, Evaluation& to) {
  double thefts = 0;
  double total = 0;
  double squares = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    const double weight = stands_for.empty() ? 1 : stands_for[i];
    thefts += label[i] == 1 ? weight : 0;
    total += weight;
    squares += weight * weight;
  }
  to.consumers = label.size();
  to.thefts = static_cast<std::size_t>(std::count(label.begin(), label.end(), std::int8_t{1}));
  to.theft_share = total > 0 ? thefts / total : kNaN;
  if (!stands_for.empty()) to.effective = total * total / squares;
}

ScoringDifference CompareScorings(std::span<const double> first, std::span<const double> second,
                                  std::span<const std::int8_t> label, const MetricOptions& options, ThreadPool& pool,
                                  std::span<const double> stands_for) {
  constexpr std::size_t kDifferences = 5;
  const std::span<const double> both[] = {first, second};
  const Prepared prepared = Prepare(both, label, stands_for);
  if (!StratifiedDraws(prepared.labels).BothClasses()) {
    const Interval nan{kNaN, kNaN, kNaN};
    return {nan, nan, nan, nan, nan, kNaN, kNaN};
  }
  const auto measure = [&](std::span<const std::uint32_t> counts, std::vector<Ranking::Group>& scratch, double* to) {
    const Measured one = prepared.rankings[0].Measure(counts, scratch);
    const Measured other = prepared.rankings[1].Measure(counts, scratch);
    to[0] = other.roc_auc - one.roc_auc;
    to[1] = other.pr_auc - one.pr_auc;
    to[2] = other.precision[0] - one.precision[0];
    to[3] = other.brier - one.brier;
    to[4] = other.ece - one.ece;
  };
  double value[kDifferences];
  std::vector<Ranking::Group> groups;
  measure(std::vector<std::uint32_t>(label.size(), 1), groups, value);
  const std::vector<double> replicates = Bootstrap(prepared, options, kDifferences, pool, measure);
  const auto interval = [&](std::size_t number) { return IntervalOf(value[number], replicates, kDifferences, number); };
  ScoringDifference difference{.roc_auc = interval(0),
                               .pr_auc = interval(1),
                               .precision_at_1 = interval(2),
                               .brier = interval(3),
                               .ece = interval(4)};
  for (std::size_t b = 0; b < options.bootstraps; ++b) {
    difference.roc_auc_better += replicates[kDifferences * b] > 0 ? 1 : 0;
    difference.pr_auc_better += replicates[kDifferences * b + 1] > 0 ? 1 : 0;
  }
  const double bootstraps = static_cast<double>(std::max<std::size_t>(1, options.bootstraps));
  difference.roc_auc_better /= bootstraps;
  difference.pr_auc_better /= bootstraps;
  return difference;
}

double RocAuc(std::span<const double> score, std::span<const std::int8_t> label, std::span<const double> stands_for) {
  return Ranking(score, label, stands_for).RocAuc(std::vector<std::uint32_t>(score.size(), 1));
}

double AveragePrecision(std::span<const double> score, std::span<const std::int8_t> label,
                        std::span<const double> stands_for) {
  return Ranking(score, label, stands_for).AveragePrecision(std::vector<std::uint32_t>(score.size(), 1));
}

Interval WilsonInterval(double hits, double trials) {
  if (!(trials > 0)) return {kNaN, kNaN, kNaN};
  constexpr double kZ = 1.959963984540054;  // 97.5 % of the standard normal
  const double share = hits / trials;
  const double centre = share + kZ * kZ / (2 * trials);
  const double spread = kZ * std::sqrt(share * (1 - share) / trials + kZ * kZ / (4 * trials * trials));
  const double scale = 1 + kZ * kZ / trials;
  return {share, std::max(0.0, (centre - spread) / scale), std::min(1.0, (centre + spread) / scale)};
}

}  // namespace meterhound::detectors
