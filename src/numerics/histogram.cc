// NumPy's fast path for uniform bins: scale, truncate, then correct against the true edges.
#include "numerics/histogram.h"

#include <algorithm>
#include <cmath>

namespace meterhound::numerics {

void Histogram(std::span<const double> values, double low, double high, std::span<double> counts) {
  std::fill(counts.begin(), counts.end(), 0.0);
  if (!std::isfinite(low) || !std::isfinite(high)) return;
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  const auto bins = static_cast<double>(counts.size());
  const double step = (high - low) / bins;
  const auto edge = [&](std::size_t i) { return i == counts.size() ? high : low + static_cast<double>(i) * step; };
  const double norm = bins / (high - low);
  for (const double value : values) {
    const double place = (value - low) * norm;
    auto bin = static_cast<std::size_t>(std::clamp(place, 0.0, bins));
    if (bin == counts.size()) --bin;
    if (value < edge(bin) && bin > 0) {
      --bin;
    } else if (bin + 1 < counts.size() && value >= edge(bin + 1)) {
      ++bin;
    }
    counts[bin] += 1;
  }
}

}  // namespace meterhound::numerics
