// lempel_ziv_complexity: how many different phrases the series, cut into levels, is made of.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/histogram.h"

namespace meterhound::features {
namespace {

Result<std::size_t> ReadBins(const Parameters& parameters) { return GetCount(parameters, "bins", 1, 1000000); }

// The level of every value: the number of edges below it (numpy.searchsorted from the left). The equal width gives a
// place from which the true edges are at most a step away; sentinels at both ends spare the checks.
void FindLevels(std::span<const double> x, double low, double high, std::span<double> edges,
                std::span<std::uint32_t> levels) {
  const std::size_t bins = edges.size() - 2;
  numerics::LinearEdges(low, high, edges.first(bins + 1));
  edges.front() = -std::numeric_limits<double>::infinity();
  edges.back() = std::numeric_limits<double>::infinity();
  const auto last = static_cast<double>(bins - 1);
  const double width = (high - low) / static_cast<double>(bins);
  const double inverse = width > 0 && std::isfinite(1 / width) ? 1 / width : 0;
  for (std::size_t t = 0; t < x.size(); ++t) {
    auto level = static_cast<std::uint32_t>(std::min(std::max(0.0, (x[t] - low) * inverse), last));
    while (edges[level] >= x[t]) --level;
    while (edges[level + 1] < x[t]) ++level;
    levels[t] = level;
  }
}

// Every phrase extends an earlier one by a level, so phrases are the nodes of a tree, the root being 0. Both kinds of
// tree recognise what an earlier series left in them and take it for empty.

// Children in a table, a row a node. Extending does not branch on whether the phrase is known, for there is no telling.
class PhraseTable {
 public:
  static constexpr std::size_t kMostBins = 128;

  void Begin(std::size_t bins, std::size_t size) {
    width_ = bins;
    if (base_ > std::numeric_limits<std::uint32_t>::max() - size) {
      children_.clear();
      base_ = 0;
    }
    last_ = base_;
    phrase_ = 0;
  }
  void Extend(std::uint32_t level) {
    const std::size_t at = phrase_ * width_ + level;
    if (at >= children_.size()) children_.resize(2 * at + width_, 0);
    const std::uint32_t child = children_[at];
    const std::uint32_t known = child > base_ ? ~0U : 0;
    last_ += 1 + known;
    phrase_ = (child - base_) & known;
    children_[at] = (child & known) | (last_ & ~known);
  }
  std::size_t End() { return last_ - std::exchange(base_, last_); }

 private:
  std::vector<std::uint32_t> children_;  // a node's number over `base_`; anything up to that is old
  std::size_t width_ = 1;
  std::uint32_t base_ = 0;
  std::uint32_t last_ = 0;  // the last node made
  std::size_t phrase_ = 0;
};

// Children by hashing (parent, level), for alphabets whose table would be large.
class PhraseMap {
 public:
  std::size_t Count(std::span<const std::uint32_t> levels) {
    const std::size_t wanted = std::bit_ceil(4 * levels.size() + 8);
    if (slots_.size() < wanted) {
      slots_.assign(wanted, {});
      stamp_ = 0;
    }
    ++stamp_;
    std::uint64_t nodes = 0;
    std::uint64_t phrase = 0;
    for (const std::uint32_t level : levels) {
      Slot& slot = Find((phrase << 20) | level);
      const bool known = slot.stamp == stamp_;
      if (!known) slot = {slot.key, ++nodes, stamp_};
      phrase = known ? slot.node : 0;
    }
    return nodes;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint64_t node = 0;
    std::uint64_t stamp = 0;
  };
  // The slot of a key, or the empty one where it belongs, with the key in it.
  Slot& Find(std::uint64_t key) {
    std::size_t at = (key * 0x9E3779B97F4A7C15u) >> 20 & (slots_.size() - 1);
    while (slots_[at].stamp == stamp_ && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
    slots_[at].key = key;
    return slots_[at];
  }

  std::vector<Slot> slots_;
  std::uint64_t stamp_ = 0;
};

// What the grid asks for.
struct Bins {
  std::vector<std::size_t> all;
  std::vector<std::size_t> few;  // places of those whose trees are tables
  std::vector<std::size_t> many;
};

struct Trees {
  std::vector<PhraseTable> tables;
  PhraseMap map;
};

void Compute(SeriesContext& series, const Bins& bins, Trees& trees, std::span<double> out) {
  const auto x = series.values();
  const std::size_t n = x.size();
  const double low = series.Minimum();
  const double high = series.Maximum();
  if (n == 0 || !std::isfinite(high - low)) {
    std::fill(out.begin(), out.end(), std::numeric_limits<double>::quiet_NaN());
    return;
  }
  const auto levels = series.Counts(0, bins.all.size() * n);
  for (std::size_t b = 0; b < bins.all.size(); ++b) {
    FindLevels(x, low, high, series.Scratch(0, bins.all[b] + 2), levels.subspan(b * n, n));
  }
  if (trees.tables.size() < bins.few.size()) trees.tables.resize(bins.few.size());
  const auto tables = std::span<PhraseTable>(trees.tables).first(bins.few.size());
  for (std::size_t i = 0; i < tables.size(); ++i) tables[i].Begin(bins.all[bins.few[i]], n);
  // All tables walk together: while one waits for a child the others find theirs.
  for (std::size_t t = 0; t < n; ++t) {
    for (std::size_t i = 0; i < tables.size(); ++i) tables[i].Extend(levels[bins.few[i] * n + t]);
  }
  const auto length = static_cast<double>(n);
  for (std::size_t i = 0; i < tables.size(); ++i) out[bins.few[i]] = static_cast<double>(tables[i].End()) / length;
  for (const std::size_t b : bins.many)
    out[b] = static_cast<double>(trees.map.Count(levels.subspan(b * n, n))) / length;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  Bins bins;
  METERHOUND_ASSIGN_OR_RETURN(bins.all, ReadGrid<&ReadBins>(grid));
  for (std::size_t b = 0; b < bins.all.size(); ++b) {
    (bins.all[b] <= PhraseTable::kMostBins ? bins.few : bins.many).push_back(b);
  }
  return Kernel([bins](SeriesContext& series, std::span<double> out) {
    thread_local Trees trees;
    Compute(series, bins, trees, out);
  });
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("bins", {2, 3, 5, 10, 100}); }

}  // namespace

extern const Calculator k_lempel_ziv_complexity{
    .name = "lempel_ziv_complexity",
    .doc =
        "Number of different phrases (Lempel and Ziv 1978) of the series cut into bins equal levels, over its "
        "length: low when patterns repeat",
    .presets = kEfficient | kComprehensive,
    .position = 70,
    .cost = CostClass::kLinear,
    .default_grid = &DefaultGrid,
    .bind = &Bind,
    .tolerance = kExact};

}  // namespace meterhound::features
