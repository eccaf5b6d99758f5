// NumPy's arithmetic step by step: an edge value must fall into the same bin as there.
#include "numerics/histogram.h"

#include <algorithm>
#include <cmath>

#include "numerics/summation.h"

namespace meterhound::numerics {

void LinearEdges(double first, double last, std::span<double> edges) {
  const double intervals = static_cast<double>(edges.size() - 1);
  const double delta = last - first;
  const double step = delta / intervals;
  for (std::size_t k = 0; k < edges.size(); ++k) {
    const double place = static_cast<double>(k);
    edges[k] = (step == 0 ? place / intervals * delta : place * step) + first;
  }
  if (edges.size() > 1) edges.back() = last;
}

bool Histogram(std::span<const double> values, std::span<double> counts, std::span<double> edges) {
  std::fill(counts.begin(), counts.end(), 0.0);
  if (values.empty()) return true;
  double first = values[0];
  double last = values[0];
  for (const double v : values) {
    if (!std::isfinite(v)) return false;
    first = std::min(first, v);
    last = std::max(last, v);
  }
  if (first == last) {
    first -= 0.5;
    last += 0.5;
  }
  const double width = last - first;
  if (!std::isfinite(width)) return false;
  LinearEdges(first, last, edges);
  for (std::size_t k = 0; k + 1 < edges.size(); ++k) {
    if (edges[k] >= edges[k + 1]) return false;
  }
  const double bins = static_cast<double>(counts.size());
  for (const double v : values) {
    auto bin = static_cast<std::size_t>((v - first) / width * bins);
    if (bin == counts.size()) --bin;
    if (v < edges[bin])
      --bin;
    else if (v >= edges[bin + 1] && bin + 1 != counts.size())
      ++bin;
    counts[bin] += 1;
  }
  return true;
}

double EntropyOfCounts(std::span<const double> counts, double total) {
  return -PairwiseSum(counts.size(), [counts, total](std::size_t i) {
    const double p = counts[i] == 0 ? 1.0 : counts[i] / total;
    return p * std::log(p);
  });
}

}  // namespace meterhound::numerics
