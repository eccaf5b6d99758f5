// Bins, counts and the index over them.
#include "monitor/stability.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "numerics/distributions.h"

namespace meterhound::monitor {
namespace {

constexpr double kLeastExpected = 5;

void AddAtom(std::vector<BinEdge>& edges, double value) {
  edges.push_back({value, true});
  edges.push_back({value, false});
}

std::size_t Sum(std::span<const std::size_t> counts) {
  return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

}  // namespace

std::size_t Bins::Of(double value) const {
  const auto edge = std::partition_point(
      edges.begin(), edges.end(), [value](const BinEdge& one) { return one.open ? value >= one.at : value > one.at; });
  return static_cast<std::size_t>(edge - edges.begin());
}

Bins QuantileBins(std::span<const double> sorted, std::size_t bins) {
  Bins to;
  const std::size_t n = sorted.size();
  if (n == 0) return to;
  const auto quantile = [&](std::size_t k) { return sorted[(k * n + bins - 1) / bins - 1]; };
  for (std::size_t k = 1; k < bins;) {
    const double value = quantile(k);
    std::size_t next = k + 1;
    while (next < bins && quantile(next) == value) ++next;
    if (next - k > 1) {
      AddAtom(to.edges, value);
    } else {
      to.edges.push_back({value, false});
    }
    k = next;
  }
  return to;
}

Bins CategoryBins(std::span<const double> sorted) {
  Bins to;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i == 0 || sorted[i] != sorted[i - 1]) AddAtom(to.edges, sorted[i]);
  }
  return to;
}

std::vector<std::size_t> CountBins(const Bins& bins, std::span<const double> values) {
  std::vector<std::size_t> counts(bins.count() + 1, 0);
  for (const double value : values) ++counts[std::isnan(value) ? bins.count() : bins.Of(value)];
  return counts;
}

std::vector<double> Shares(std::span<const std::size_t> counts) {
  const std::size_t sum = Sum(counts);
  std::vector<double> shares(counts.size(), 0);
  for (std::size_t i = 0; i < counts.size() && sum > 0; ++i) {
    shares[i] = static_cast<double>(counts[i]) / static_cast<double>(sum);
  }
  return shares;
}

double Psi(std::span<const double> reference, std::span<const double> current, double floor) {
  double psi = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const double r = std::max(reference[i], floor);
    const double c = std::max(current[i], floor);
    psi += (c - r) * (std::log(c) - std::log(r));  // the same with both exchanged, to the last bit
  }
  return psi;
}

double PsiByChance(std::size_t bins, std::size_t n_reference, std::size_t n_current, double tail) {
  if (bins < 2) return 0;
  if (n_reference == 0 || n_current == 0) return std::numeric_limits<double>::infinity();
  return numerics::ChiSquareQuantile(tail, static_cast<double>(bins - 1)) *
         (1 / static_cast<double>(n_reference) + 1 / static_cast<double>(n_current));
}

double ChiSquareOfCounts(std::span<const std::size_t> reference, std::span<const std::size_t> current) {
  const auto n1 = static_cast<double>(Sum(reference));
  const auto n2 = static_cast<double>(Sum(current));
  if (n1 == 0 || n2 == 0) return 1;
  struct Cell {
    double r = 0;
    double c = 0;
  };
  std::vector<Cell> cells;
  Cell rare;
  const double smaller_share = std::min(n1, n2) / (n1 + n2);
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const Cell cell{static_cast<double>(reference[i]), static_cast<double>(current[i])};
    if ((cell.r + cell.c) * smaller_share >= kLeastExpected) {
      cells.push_back(cell);
    } else {
      rare.r += cell.r;
      rare.c += cell.c;
    }
  }
  if (rare.r + rare.c > 0) {
    if ((rare.r + rare.c) * smaller_share >= kLeastExpected || cells.empty()) {
      cells.push_back(rare);
    } else {
      cells.back().r += rare.r;
      cells.back().c += rare.c;
    }
  }
  if (cells.size() < 2) return 1;
  double statistic = 0;
  for (const Cell& cell : cells) {
    const double difference = cell.r * n2 - cell.c * n1;
    statistic += difference * difference / ((cell.r + cell.c) * n1 * n2);
  }
  return numerics::ChiSquareTail(statistic, static_cast<double>(cells.size() - 1));
}

}  // namespace meterhound::monitor
