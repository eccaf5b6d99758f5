// Values become ranks: the values within a tolerance of a given one are an interval of ranks, whatever the rounding of
// differences, because a rounded difference grows with its minuend. So a match is a few comparisons of small integers.
// Stretches are taken in the order of their first values, as many neighbours side by side as a register holds: they
// have nearly the same candidates, each of which is then compared with all of them at once.
#include "numerics/template_matches.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "numerics/vector8.h"

namespace meterhound::numerics {
namespace {

template <typename Rank>
struct Lanes {
  using Vector __attribute__((vector_size(64))) = Rank;
  static constexpr std::size_t kCount = 64 / sizeof(Rank);
};

template <typename Rank>
__attribute__((always_inline)) inline typename Lanes<Rank>::Vector Load(const Rank* from) {
  typename Lanes<Rank>::Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// The working arrays for one width of ranks. All are in the order of the stretches' first values; coordinate 0 is the
/// first value's rank, so simply the place, and coordinate c the rank of the c-th further value.
template <typename Rank>
class Counter {
 public:
  using Vector = typename Lanes<Rank>::Vector;
  static constexpr std::size_t kLanes = Lanes<Rank>::kCount;
  static constexpr Rank kNone = std::numeric_limits<Rank>::max();  // the rank of no value: outside every interval

  void Load(std::span<const double> values, std::span<const std::uint32_t> order, std::size_t length) {
    size_ = values.size();
    further_ = length;
    padded_ = size_ + kLanes;  // the last block may reach beyond the end
    sorted_.resize(size_ + 1);
    rank_.resize(size_);
    for (std::size_t s = 0; s < size_; ++s) {
      rank_[order[s]] = static_cast<Rank>(s);
      sorted_[s] = values[order[s]];
    }
    sorted_[size_] = std::numeric_limits<double>::infinity();
    coordinates_.assign(padded_ * length, kNone);
    for (std::size_t c = 0; c < length; ++c) {
      for (std::size_t s = 0; s < size_; ++s) {
        if (order[s] + c + 1 < size_) coordinates_[c * padded_ + s] = rank_[order[s] + c + 1];
      }
    }
    first_.assign(padded_ * (length + 1), 0);
    width_.assign(padded_ * (length + 1), 0);
  }

  // For every value the interval of ranks at most a tolerance away. One walk finds both ends: value `high` is the last
  // one near `low`, or else `low` the first one near `high`. All tolerances walk together, so that none waits for a
  // comparison.
  void FindIntervals(std::span<const double> tolerances) {
    const std::size_t row = size_ + 1;
    begins_.resize(tolerances.size() * row);
    ends_.resize(tolerances.size() * row);
    at_.assign(tolerances.size(), {0, 0});
    for (std::size_t step = 0; step < 2 * size_; ++step) {
      for (std::size_t r = 0; r < tolerances.size(); ++r) {
        auto& [low, high] = at_[r];
        const bool near = sorted_[high] - sorted_[low] <= tolerances[r];
        begins_[r * row + high] = static_cast<Rank>(low);
        ends_[r * row + low] = static_cast<Rank>(high);
        high += near ? 1 : 0;
        low += near ? 0 : 1;
      }
    }
  }

  // The interval within tolerance r, for every coordinate of every stretch.
  void SetTolerance(std::size_t r) {
    const Rank* begins = begins_.data() + r * (size_ + 1);
    const Rank* ends = ends_.data() + r * (size_ + 1);
    intervals_.resize(size_);
    for (std::size_t s = 0; s < size_; ++s) {
      first_[s] = begins[s];
      width_[s] = static_cast<Rank>(ends[s] - 1 - begins[s]);
      intervals_[s] = {first_[s], width_[s]};
    }
    for (std::size_t c = 1; c <= further_; ++c) {
      const Rank* coordinate = coordinates_.data() + (c - 1) * padded_;
      for (std::size_t s = 0; s < size_; ++s) {
        const Interval interval = intervals_[coordinate[s] == kNone ? 0 : coordinate[s]];  // counts of none are dropped
        first_[c * padded_ + s] = interval.first;
        width_[c * padded_ + s] = interval.width;
      }
    }
  }

  std::size_t size() const { return size_; }
  std::size_t further() const { return further_; }

  // Counts for the stretches from place `block` on, kLanes of them. `further` is further(), perhaps known to the
  // compiler.
  __attribute__((always_inline)) inline void CountBlock(std::size_t block, std::size_t further,
                                                        std::uint32_t* of_length, std::uint32_t* of_one_more) const {
    const std::size_t count = std::min(kLanes, size_ - block);
    const std::size_t last = block + count - 1;
    // Both ends of the intervals grow with the place: between `core` and `core_end` every first value matches.
    const std::size_t begin = first_[block];
    const std::size_t end = std::size_t{first_[last]} + width_[last] + 1;
    const std::size_t core = first_[last];
    const std::size_t core_end = std::size_t{first_[block]} + width_[block] + 1;
    Vector unlike = {};
    Vector unlike_longer = {};
    if (core < core_end) {
      CountUnlike<true>(begin, core, block, further, unlike, unlike_longer);
      CountUnlike<false>(core, core_end, block, further, unlike, unlike_longer);
      CountUnlike<true>(core_end, end, block, further, unlike, unlike_longer);
    } else {
      CountUnlike<true>(begin, end, block, further, unlike, unlike_longer);
    }
    const Rank* shorter_fits = further == 1 ? nullptr : coordinates_.data() + (further - 2) * padded_ + block;
    const Rank* longer_fits = coordinates_.data() + (further - 1) * padded_ + block;
    for (std::size_t lane = 0; lane < count; ++lane) {
      const auto candidates = static_cast<std::uint32_t>(end - begin);
      const bool fits = shorter_fits == nullptr || shorter_fits[lane] != kNone;
      of_length[block + lane] = fits ? candidates - unlike[lane] : 0;
      of_one_more[block + lane] = longer_fits[lane] != kNone ? candidates - unlike_longer[lane] : 0;
    }
  }

 private:
  struct Interval {
    Rank first;
    Rank width;
  };

  // Adds to each lane the candidates [begin, end) that do not match: in all coordinates but the last, and in all.
  template <bool kCheckFirst>
  __attribute__((always_inline)) inline void CountUnlike(std::size_t begin, std::size_t end, std::size_t block,
                                                         std::size_t further, Vector& unlike,
                                                         Vector& unlike_longer) const {
    // 0 where the candidate's rank lies in the lane's interval: differences below the interval wrap around.
    const auto outside = [&](std::size_t c, Rank rank) __attribute__((always_inline)) {
      const Vector away = rank - numerics::Load(first_.data() + c * padded_ + block);
      const Vector width = numerics::Load(width_.data() + c * padded_ + block);
      return (away > width ? away : width) - width;
    };
    const auto one_at_most = [](Vector v) __attribute__((always_inline)) {
      const Vector one = Vector{} + 1;
      return v > one ? one : v;
    };
    for (std::size_t j = begin; j < end; ++j) {
      Vector out = {};
      if constexpr (kCheckFirst) out = outside(0, static_cast<Rank>(j));
      for (std::size_t c = 1; c < further; ++c) out |= outside(c, coordinates_[(c - 1) * padded_ + j]);
      unlike += one_at_most(out);
      out |= outside(further, coordinates_[(further - 1) * padded_ + j]);
      unlike_longer += one_at_most(out);
    }
  }

  std::size_t size_ = 0;
  std::size_t further_ = 0;
  std::size_t padded_ = 0;
  std::vector<double> sorted_;
  std::vector<Rank> rank_;
  std::vector<Rank> coordinates_;
  std::vector<Rank> begins_, ends_;
  std::vector<std::pair<std::size_t, std::size_t>> at_;
  std::vector<Interval> intervals_;
  std::vector<Rank> first_, width_;
};

template <typename Rank>
__attribute__((always_inline)) inline void CountAll(const Counter<Rank>& counter, std::uint32_t* of_length,
                                                    std::uint32_t* of_one_more) {
  // tsfresh's default, two values, is known to the compiler here, which unrolls its loops over coordinates.
  for (std::size_t block = 0; block < counter.size(); block += Counter<Rank>::kLanes) {
    if (counter.further() == 2) {
      counter.CountBlock(block, 2, of_length, of_one_more);
    } else {
      counter.CountBlock(block, counter.further(), of_length, of_one_more);
    }
  }
}

METERHOUND_VECTOR_CLONES void CountNarrow(const Counter<std::uint16_t>& counter, std::uint32_t* of_length,
                                          std::uint32_t* of_one_more) {
  CountAll(counter, of_length, of_one_more);
}

METERHOUND_VECTOR_CLONES void CountWide(const Counter<std::uint32_t>& counter, std::uint32_t* of_length,
                                        std::uint32_t* of_one_more) {
  CountAll(counter, of_length, of_one_more);
}

template <typename Rank, auto Count>
void CountWith(std::span<const double> values, std::span<const std::uint32_t> order, std::size_t length,
               std::span<const double> tolerances, std::span<std::uint32_t> of_length,
               std::span<std::uint32_t> of_one_more) {
  thread_local Counter<Rank> counter;
  const std::size_t n = values.size();
  counter.Load(values, order, length);
  counter.FindIntervals(tolerances);
  for (std::size_t r = 0; r < tolerances.size(); ++r) {
    counter.SetTolerance(r);
    Count(counter, of_length.data() + r * n, of_one_more.data() + r * n);
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
