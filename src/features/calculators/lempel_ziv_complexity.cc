// lempel_ziv_complexity: how many different phrases the series, cut into levels, is made of.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/histogram.h"

namespace meterhound::features {
namespace {

Result<std::size_t> ReadBins(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t bins, GetInt(parameters, "bins"));
  if (bins < 1 || bins > 1000000) return InvalidInput("parameter 'bins': expected 1 ... 1000000");
  return static_cast<std::size_t>(bins);
}

// The number of edges below a value (numpy.searchsorted from the left). The equal width gives a place from which the
// true edges are at most a step away.
class Levels {
 public:
  Levels(std::span<const double> edges, double low, double high) : edges_(edges), low_(low) {
    const double width = (high - low) / static_cast<double>(edges.size());
    inverse_ = width > 0 && std::isfinite(1 / width) ? 1 / width : 0;
  }
  std::uint64_t Of(double value) const {
    if (!(value > low_)) return 0;
    const double place = std::min((value - low_) * inverse_, static_cast<double>(edges_.size() - 1));
    auto level = static_cast<std::size_t>(place);
    while (level > 0 && !(edges_[level - 1] < value)) --level;
    while (level < edges_.size() && edges_[level] < value) ++level;
    return level;
  }

 private:
  std::span<const double> edges_;
  double low_;
  double inverse_;
};

// Every phrase extends an earlier one by a level, so phrases are the nodes of a tree; children are found by hashing
// (parent, level). Slots written for an earlier series carry an older stamp and count as empty.
class PhraseTree {
 public:
  void Reset(std::size_t nodes) {
    const std::size_t wanted = std::bit_ceil(4 * nodes + 8);
    if (slots_.size() < wanted) {
      slots_.assign(wanted, {});
      stamp_ = 0;
    }
    ++stamp_;
    nodes_ = 0;
  }
  // The child of `parent` (0: the root) at `level`; makes it and returns 0 when there is none.
  std::uint64_t FindOrAdd(std::uint64_t parent, std::uint64_t level) {
    const std::uint64_t key = (parent << 20) | level;
    std::size_t at = (key * 0x9E3779B97F4A7C15u) >> 20 & (slots_.size() - 1);
    while (slots_[at].stamp == stamp_) {
      if (slots_[at].key == key) return slots_[at].node;
      at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = {key, ++nodes_, stamp_};
    return 0;
  }
  std::uint64_t nodes() const { return nodes_; }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint64_t node = 0;
    std::uint64_t stamp = 0;
  };
  std::vector<Slot> slots_;
  std::uint64_t stamp_ = 0;
  std::uint64_t nodes_ = 0;
};

double Compute(SeriesContext& series, std::size_t bins) {
  thread_local PhraseTree tree;
  const auto x = series.values();
  const double low = series.Minimum();
  const double high = series.Maximum();
  if (x.empty() || !std::isfinite(high - low)) return std::numeric_limits<double>::quiet_NaN();
  const auto edges = series.Scratch(0, bins + 1);
  numerics::LinearEdges(low, high, edges);
  const Levels levels(edges.subspan(1), low, high);
  tree.Reset(x.size());
  std::uint64_t phrase = 0;
  for (const double value : x) phrase = tree.FindOrAdd(phrase, levels.Of(value));
  return static_cast<double>(tree.nodes()) / static_cast<double>(x.size());
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
    .bind = BindEach<&ReadBins, &Compute>};

}  // namespace meterhound::features
