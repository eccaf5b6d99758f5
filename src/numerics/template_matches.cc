// Stretches sorted by their first value; each is compared with the window of those near enough, eight at a time.
#include "numerics/template_matches.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "numerics/vector8.h"

namespace meterhound::numerics {
namespace {

constexpr std::size_t kTogether = 5;  // tolerances tested side by side: tsfresh's default grid
constexpr std::size_t kLanes = 8;

struct Counts {
  std::int64_t of_length[kTogether];
  std::int64_t of_one_more[kTogether];
};

// coordinates[c] points at the c-th values of all stretches in sorted order. Counts the stretches of [begin, end)
// within each tolerance of stretch `self`; lanes beyond `end` differ by more than any tolerance, or are NaN.
METERHOUND_VECTOR_CLONES void CountNear(const double* const* coordinates, std::size_t length, std::size_t self,
                                        std::size_t begin, std::size_t end, const double* tolerances, Counts* counts) {
  Mask8 near[kTogether] = {};
  Mask8 near_longer[kTogether] = {};
  const auto difference = [&](std::size_t coordinate, std::size_t at) __attribute__((always_inline)) {
    const Vector8 d = Load8(coordinates[coordinate] + at) - coordinates[coordinate][self];
    return d < 0 ? -d : d;
  };
  for (std::size_t at = begin; at < end; at += kLanes) {
    Vector8 distance = difference(0, at);
    for (std::size_t c = 1; c < length; ++c) {
      const Vector8 d = difference(c, at);
      distance = distance > d ? distance : d;
    }
    const Vector8 d = difference(length, at);
    const Vector8 longer = distance > d ? distance : d;  // NaN where there is no further value
    for (std::size_t r = 0; r < kTogether; ++r) {
      near[r] -= distance <= tolerances[r];
      near_longer[r] -= longer <= tolerances[r];
    }
  }
  for (std::size_t r = 0; r < kTogether; ++r) {
    counts->of_length[r] = Sum8(near[r]);
    counts->of_one_more[r] = Sum8(near_longer[r]);
  }
}

// log(count / total) for every count, kept while lengths stay the same.
class LogShares {
 public:
  void Prepare(std::size_t total) {
    if (table_.size() == total + 1) return;
    table_.resize(total + 1);
    for (std::size_t c = 0; c <= total; ++c) table_[c] = std::log(static_cast<double>(c) / static_cast<double>(total));
  }
  double Of(std::int64_t count) const { return table_[static_cast<std::size_t>(count)]; }

 private:
  std::vector<double> table_;
};

// The stretches in the order of their first values, coordinate by coordinate, padded with NaN for whole vectors.
struct SortedStretches {
  std::vector<std::pair<double, std::uint32_t>> order;
  std::vector<double> storage;
  std::vector<const double*> coordinates;

  void Load(std::span<const double> values, std::size_t length) {
    const std::size_t count = values.size() - length + 1;
    const std::size_t padded = count + kLanes;
    order.resize(count);
    for (std::size_t i = 0; i < count; ++i) order[i] = {values[i], static_cast<std::uint32_t>(i)};
    std::sort(order.begin(), order.end());
    storage.assign(padded * (length + 1), std::numeric_limits<double>::quiet_NaN());
    coordinates.resize(length + 1);
    for (std::size_t c = 0; c <= length; ++c) {
      double* to = storage.data() + c * padded;
      coordinates[c] = to;
      for (std::size_t i = 0; i < count; ++i) {
        if (order[i].second + c < values.size()) to[i] = values[order[i].second + c];
      }
    }
  }
};

}  // namespace

void MeanLogMatches(std::span<const double> values, std::size_t length, std::span<const double> tolerances,
                    std::span<double> of_length, std::span<double> of_one_more) {
  thread_local SortedStretches stretches;
  thread_local LogShares shares;
  thread_local LogShares longer_shares;
  stretches.Load(values, length);
  const std::size_t count = values.size() - length + 1;
  shares.Prepare(count);
  longer_shares.Prepare(count - 1);
  for (std::size_t from = 0; from < tolerances.size(); from += kTogether) {
    const std::size_t some = std::min(kTogether, tolerances.size() - from);
    double tested[kTogether];
    std::fill(std::begin(tested), std::end(tested), -1.0);  // nothing lies within a negative tolerance
    std::copy_n(tolerances.begin() + static_cast<std::ptrdiff_t>(from), some, tested);
    const double largest = *std::max_element(tested, tested + some);
    double sums[kTogether] = {};
    double longer_sums[kTogether] = {};
    std::size_t begin = 0;
    std::size_t end = 0;
    for (std::size_t self = 0; self < count; ++self) {
      const double first = stretches.order[self].first;
      while (first - stretches.order[begin].first > largest) ++begin;
      while (end < count && stretches.order[end].first - first <= largest) ++end;
      Counts counts;
      CountNear(stretches.coordinates.data(), length, self, begin, end, tested, &counts);
      const bool has_longer = stretches.order[self].second + length < values.size();
      for (std::size_t r = 0; r < some; ++r) {
        sums[r] += shares.Of(counts.of_length[r]);
        if (has_longer) longer_sums[r] += longer_shares.Of(counts.of_one_more[r]);
      }
    }
    for (std::size_t r = 0; r < some; ++r) {
      of_length[from + r] = sums[r] / static_cast<double>(count);
      of_one_more[from + r] = longer_sums[r] / static_cast<double>(count - 1);
    }
  }
}

}  // namespace meterhound::numerics
