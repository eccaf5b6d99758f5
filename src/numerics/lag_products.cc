// Eight lags at once: one value is multiplied with eight neighbours, so no sum over lanes is needed.
#include "numerics/lag_products.h"

#include <algorithm>
#include <cstddef>

#include "numerics/vector8.h"

namespace meterhound::numerics {
namespace {

constexpr std::size_t kLanes = 8;

// Sums for t < count of first[t] * second[t + 0 ... 7]; second must hold count + 7 values.
METERHOUND_VECTOR_CLONES void EightLags(const double* first, const double* second, std::size_t count, double* sums) {
  Vector8 part[4] = {};
  std::size_t t = 0;
  for (; t + 4 <= count; t += 4) {
    for (std::size_t k = 0; k < 4; ++k) part[k] += Load8(second + t + k) * first[t + k];
  }
  for (; t < count; ++t) part[0] += Load8(second + t) * first[t];
  const Vector8 total = (part[0] + part[1]) + (part[2] + part[3]);
  for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] = total[lane];
}

}  // namespace

void LagProducts(std::span<const double> first, std::span<const double> second, std::span<double> products) {
  const std::size_t n = first.size();
  for (std::size_t lag = 0; lag < products.size(); lag += kLanes) {
    double sums[kLanes] = {};
    const std::size_t reach = lag + kLanes - 1;
    const std::size_t together = n > reach ? n - reach : 0;
    EightLags(first.data(), second.data() + std::min(lag, n), together, sums);
    const std::size_t lanes = std::min(kLanes, products.size() - lag);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      for (std::size_t t = together; t + lag + lane < n; ++t) sums[lane] += first[t] * second[t + lag + lane];
      products[lag + lane] = sums[lane];
    }
  }
}

}  // namespace meterhound::numerics
