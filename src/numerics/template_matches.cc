// Values become ranks: the values within a tolerance of a given one are an interval of ranks, whatever the rounding of
// differences, because a rounded difference grows with its minuend. So a match is a few comparisons of small integers,
// as many side by side as a register holds, over the interval of the stretch's first value alone.
#include "numerics/template_matches.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "numerics/vector8.h"

namespace meterhound::numerics {
namespace {

template <typename Rank>
struct Lanes {
  using Vector __attribute__((vector_size(64))) = Rank;
  static constexpr std::size_t kCount = 64 / sizeof(Rank);
};

template <typename Vector>
__attribute__((always_inline)) inline Vector Load(const void* from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// Ranks from `first` on, `width` more of them.
template <typename Rank>
struct Interval {
  Rank first;
  Rank width;
};

// Sums of the lanes of two vectors of counts.
template <typename Rank>
__attribute__((always_inline)) inline void SumLanes(typename Lanes<Rank>::Vector a, typename Lanes<Rank>::Vector b,
                                                    std::uint32_t* sum_a, std::uint32_t* sum_b) {
  // Neighbouring lanes are added in place, within ever wider ones, until a and b fit into the halves of 64 bits.
  using Wide = typename Lanes<std::uint32_t>::Vector;
  using Widest = typename Lanes<std::uint64_t>::Vector;
  auto wide_a = reinterpret_cast<Wide>(a);
  auto wide_b = reinterpret_cast<Wide>(b);
  if constexpr (sizeof(Rank) == 2) {
    wide_a = (wide_a & 0xFFFFU) + (wide_a >> 16U);
    wide_b = (wide_b & 0xFFFFU) + (wide_b >> 16U);
  }
  const auto widest_a = reinterpret_cast<Widest>(wide_a);
  const auto widest_b = reinterpret_cast<Widest>(wide_b);
  const Widest both = (widest_a & 0xFFFFFFFFU) + (widest_a >> 32U) + ((widest_b + (widest_b << 32U)) & ~0xFFFFFFFFULL);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += both[i];
  *sum_a = static_cast<std::uint32_t>(sum);
  *sum_b = static_cast<std::uint32_t>(sum >> 32U);
}

// `coordinates[c]` holds the ranks of the (c + 1)-th further values of all stretches, in the order of the stretches'
// first values; `wanted[c]` the interval they must lie in. Counts over the stretches [begin, end) those that match in
// all coordinates but the last, and in all.
template <typename Rank>
__attribute__((always_inline)) inline void CountNear(const Rank* const* coordinates, std::size_t further,
                                                     const Interval<Rank>* wanted, std::size_t begin, std::size_t end,
                                                     std::uint32_t* of_length, std::uint32_t* of_one_more) {
  using Vector = typename Lanes<Rank>::Vector;
  constexpr std::size_t kCount = Lanes<Rank>::kCount;
  Vector near = {};
  Vector near_longer = {};
  // A comparison gives all ones, the negative of one.
  const auto lies_in = [&](std::size_t c, std::size_t at) __attribute__((always_inline)) {
    return reinterpret_cast<Vector>(Load<Vector>(coordinates[c] + at) - wanted[c].first <= wanted[c].width);
  };
  const auto count = [&](std::size_t at, Vector match) __attribute__((always_inline)) {
    for (std::size_t c = 0; c + 1 < further; ++c) match &= lies_in(c, at);
    near -= match;
    near_longer -= match & lies_in(further - 1, at);
  };
  std::size_t at = begin;
  for (; at + kCount <= end; at += kCount) count(at, ~Vector{});
  if (at < end) {
    Vector lane;
    for (std::size_t i = 0; i < kCount; ++i) lane[i] = static_cast<Rank>(i);
    count(at, reinterpret_cast<Vector>(lane < static_cast<Rank>(end - at)));
  }
  SumLanes<Rank>(near, near_longer, of_length, of_one_more);
}

/// The working arrays for one width of ranks.
template <typename Rank>
class Counter {
 public:
  void Load(std::span<const double> values, std::span<const std::uint32_t> order, std::size_t length) {
    const std::size_t n = values.size();
    further_ = length;  // every stretch's first value is its place in the order
    padded_ = n + Lanes<Rank>::kCount;
    rank_.resize(n);
    for (std::size_t s = 0; s < n; ++s) rank_[order[s]] = static_cast<Rank>(s);
    ranks_.assign(padded_ * length, std::numeric_limits<Rank>::max());  // of no value: outside every interval
    coordinates_.resize(length);
    for (std::size_t c = 0; c < length; ++c) {
      Rank* to = ranks_.data() + c * padded_;
      coordinates_[c] = to;
      for (std::size_t s = 0; s < n; ++s) {
        if (order[s] + c + 1 < n) to[s] = rank_[order[s] + c + 1];
      }
    }
    near_.resize(n);
    wanted_.resize(length);
  }

  // For every rank the interval of ranks whose values lie within the tolerance.
  void SetTolerance(std::span<const double> values, std::span<const std::uint32_t> order, double tolerance) {
    std::size_t begin = 0;
    std::size_t end = 0;
    for (std::size_t s = 0; s < order.size(); ++s) {
      const double value = values[order[s]];
      while (value - values[order[begin]] > tolerance) ++begin;
      while (end < order.size() && values[order[end]] - value <= tolerance) ++end;
      near_[s] = {static_cast<Rank>(begin), static_cast<Rank>(end - 1 - begin)};
    }
  }

  const std::vector<Rank>& rank() const { return rank_; }
  const std::vector<Interval<Rank>>& near() const { return near_; }
  const Rank* const* coordinates() const { return coordinates_.data(); }
  std::size_t further() const { return further_; }
  Interval<Rank>* wanted() { return wanted_.data(); }

 private:
  std::size_t further_ = 0;
  std::size_t padded_ = 0;
  std::vector<Rank> rank_;
  std::vector<Rank> ranks_;
  std::vector<const Rank*> coordinates_;
  std::vector<Interval<Rank>> near_;
  std::vector<Interval<Rank>> wanted_;
};

template <typename Rank>
__attribute__((always_inline)) inline void CountAll(Counter<Rank>& counter, std::size_t n, std::size_t further,
                                                    std::uint32_t* of_length, std::uint32_t* of_one_more) {
  Interval<Rank>* wanted = counter.wanted();
  for (std::size_t i = 0; i + further <= n; ++i) {
    const Interval<Rank> first = counter.near()[counter.rank()[i]];
    for (std::size_t c = 0; c < further && i + c + 1 < n; ++c) wanted[c] = counter.near()[counter.rank()[i + c + 1]];
    if (i + further == n) wanted[further - 1] = {0, 0};  // there is no longer stretch; its count is undefined
    CountNear(counter.coordinates(), further, wanted, first.first, std::size_t{first.first} + first.width + 1,
              of_length + i, of_one_more + i);
  }
}

METERHOUND_VECTOR_CLONES void CountNarrow(Counter<std::uint16_t>& counter, std::size_t n, std::uint32_t* of_length,
                                          std::uint32_t* of_one_more) {
  if (counter.further() == 2) {  // tsfresh's default; known here, the loop over coordinates unrolls
    CountAll(counter, n, 2, of_length, of_one_more);
  } else {
    CountAll(counter, n, counter.further(), of_length, of_one_more);
  }
}

METERHOUND_VECTOR_CLONES void CountWide(Counter<std::uint32_t>& counter, std::size_t n, std::uint32_t* of_length,
                                        std::uint32_t* of_one_more) {
  if (counter.further() == 2) {  // tsfresh's default; known here, the loop over coordinates unrolls
    CountAll(counter, n, 2, of_length, of_one_more);
  } else {
    CountAll(counter, n, counter.further(), of_length, of_one_more);
  }
}

template <typename Rank, auto Count>
void CountWith(std::span<const double> values, std::span<const std::uint32_t> order, std::size_t length,
               std::span<const double> tolerances, std::span<std::uint32_t> of_length,
               std::span<std::uint32_t> of_one_more) {
  thread_local Counter<Rank> counter;
  const std::size_t n = values.size();
  counter.Load(values, order, length);
  for (std::size_t r = 0; r < tolerances.size(); ++r) {
    counter.SetTolerance(values, order, tolerances[r]);
    Count(counter, n, of_length.data() + r * n, of_one_more.data() + r * n);
  }
}

}  // namespace

void CountMatches(std::span<const double> values, std::span<const std::uint32_t> order, std::size_t length,
                  std::span<const double> tolerances, std::span<std::uint32_t> of_length,
                  std::span<std::uint32_t> of_one_more) {
  if (values.size() < std::numeric_limits<std::uint16_t>::max()) {
    CountWith<std::uint16_t, &CountNarrow>(values, order, length, tolerances, of_length, of_one_more);
  } else {
    CountWith<std::uint32_t, &CountWide>(values, order, length, tolerances, of_length, of_one_more);
  }
}

}  // namespace meterhound::numerics
