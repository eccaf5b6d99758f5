// Population stability index: how far the shares of bins have moved, and how far they move by chance.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace meterhound::monitor {

inline constexpr std::size_t kDefaultBins = 10;
/// Shares below this count as this, so that an empty bin does not make the index infinite. The index depends on it.
inline constexpr double kEmptyShare = 1e-4;

/// The upper end of a bin.
struct BinEdge {
  double at = 0;
  bool open = false;  ///< the bin ends just below `at`, which is in the next one
  bool operator==(const BinEdge&) const = default;
};

/// Bin i holds values above edge i - 1 and up to edge i; the first and the last are unbounded, so that values outside
/// the reference fall into them. NaN has a bin of its own, which is no part of this and comes last in counts.
struct Bins {
  std::vector<BinEdge> edges;

  std::size_t count() const { return edges.size() + 1; }
  std::size_t Of(double value) const;
  bool operator==(const Bins&) const = default;
};

/// Bins with about the same number of values each: edges are values of the sample (inverted distribution function), so
/// that any rising transformation of values and edges leaves every count as it is. A value on which two or more of the
/// quantiles fall has a bin to itself, so that a constant that moves is seen, whichever way.
/// @param sorted ascending, no NaN; may be empty, which gives one bin.
Bins QuantileBins(std::span<const double> sorted, std::size_t bins = kDefaultBins);
/// A bin for each distinct value, and bins between them for values that the reference lacks.
Bins CategoryBins(std::span<const double> sorted);

/// How many values lie in each bin; one more number at the end counts NaN.
std::vector<std::size_t> CountBins(const Bins& bins, std::span<const double> values);
/// Counts over their sum; all zero when that is.
std::vector<double> Shares(std::span<const std::size_t> counts);

/// sum of (c - r) ln(c / r) over bins, with shares below `floor` raised to it. Never negative; 0 for equal shares;
/// the same with reference and current exchanged.
double Psi(std::span<const double> reference, std::span<const double> current, double floor = kEmptyShare);

/// What the index reaches by chance with probability `tail` when nothing has changed: a chi-square quantile with
/// (bins - 1) degrees of freedom times (1 / n_reference + 1 / n_current). Its mean is (bins - 1) times that sum.
double PsiByChance(std::size_t bins, std::size_t n_reference, std::size_t n_current, double tail);

/// P-value of the two-sample chi-square test over bins; bins with fewer than five expected are thrown together. 1 when
/// fewer than two bins are left. For columns that have no order, and where of a reference only counts are kept.
double ChiSquareOfCounts(std::span<const std::size_t> reference, std::span<const std::size_t> current);

}  // namespace meterhound::monitor
