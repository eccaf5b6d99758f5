// Eight results at a time over a zero-padded copy.
#include "numerics/convolution.h"

#include <algorithm>
#include <vector>

#include "numerics/vector8.h"

namespace meterhound::numerics {
namespace {

// result[i] = sum over k of padded[i + k] * weights[k]; `blocks` blocks of 16 results.
METERHOUND_VECTOR_CLONES void Correlate(const double* padded, const double* weights, std::size_t taps,
                                        std::size_t blocks, double* result) {
  for (std::size_t b = 0; b < blocks; ++b) {
    const double* from = padded + 16 * b;
    Vector8 low = {};
    Vector8 high = {};
    for (std::size_t k = 0; k < taps; ++k) {
      low += Load8(from + k) * weights[k];
      high += Load8(from + k + 8) * weights[k];
    }
    std::memcpy(result + 16 * b, &low, sizeof low);
    std::memcpy(result + 16 * b + 8, &high, sizeof high);
  }
}

}  // namespace

void ConvolveSame(std::span<const double> values, std::span<const double> kernel, std::span<double> result) {
  thread_local std::vector<double> padded;
  thread_local std::vector<double> reversed;
  thread_local std::vector<double> whole_blocks;
  const std::size_t taps = kernel.size();
  const std::size_t blocks = (values.size() + 15) / 16;
  padded.assign(16 * blocks + 2 * taps, 0.0);
  std::copy(values.begin(), values.end(), padded.begin() + static_cast<std::ptrdiff_t>(taps / 2));
  reversed.assign(kernel.rbegin(), kernel.rend());
  whole_blocks.resize(16 * blocks);
  Correlate(padded.data(), reversed.data(), taps, blocks, whole_blocks.data());
  std::copy_n(whole_blocks.begin(), values.size(), result.begin());
}

}  // namespace meterhound::numerics
