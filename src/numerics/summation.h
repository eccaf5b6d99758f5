// Sums rounded as NumPy rounds them, so that features agree with tsfresh to the last digits even where terms cancel.
#pragma once

#include <cstddef>
#include <span>

namespace meterhound::numerics {

namespace internal {

template <typename Term>
double PairwiseSum(std::size_t begin, std::size_t count, const Term& term) {
  if (count < 8) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += term(begin + i);
    return sum;
  }
  if (count <= 128) {
    double part[8];
    for (std::size_t k = 0; k < 8; ++k) part[k] = term(begin + k);
    std::size_t i = 8;
    for (; i < count - count % 8; i += 8) {
      for (std::size_t k = 0; k < 8; ++k) part[k] += term(begin + i + k);
    }
    double sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    for (; i < count; ++i) sum += term(begin + i);
    return sum;
  }
  std::size_t half = count / 2;
  half -= half % 8;
  return PairwiseSum(begin, half, term) + PairwiseSum(begin + half, count - half, term);
}

}  // namespace internal

/// Sum of term(0) ... term(count - 1) in the order of NumPy's pairwise summation (blocks of 128, eight partial sums).
template <typename Term>
double PairwiseSum(std::size_t count, const Term& term) {
  return internal::PairwiseSum(0, count, term);
}

/// numpy.sum of a contiguous float64 array.
inline double PairwiseSum(std::span<const double> values) {
  return PairwiseSum(values.size(), [values](std::size_t i) { return values[i]; });
}

}  // namespace meterhound::numerics
