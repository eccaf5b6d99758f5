// Shares of theft among the unlabelled, and the weights that follow.
#include "detectors/unlabelled.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/panel.h"

namespace meterhound::detectors {
namespace {

constexpr std::size_t kLeastInBin = 30;  // known thefts: the smallest of many small ratios would be small by luck

}  // namespace

std::optional<double> ShareByDrawnVisits(std::span<const std::int8_t> labels, std::span<const double> stands_for) {
  std::size_t drawn = 0;
  double thefts = 0;
  double spoken_for = 0;
  for (std::size_t row = 0; row < stands_for.size(); ++row) {
    if (labels[row] == kUnlabelled || !(stands_for[row] > 1)) continue;
    ++drawn;
    spoken_for += stands_for[row] - 1;
    thefts += labels[row] == 1 ? stands_for[row] - 1 : 0;
  }
  if (drawn < kLeastDrawn) return std::nullopt;
  return thefts / spoken_for;
}

double ShareByBestBin(std::span<const double> known_thefts, std::span<const double> all) {
  std::vector<double> thefts(known_thefts.begin(), known_thefts.end());
  std::vector<double> everybody(all.begin(), all.end());
  std::sort(thefts.begin(), thefts.end(), std::greater<>());
  std::sort(everybody.begin(), everybody.end(), std::greater<>());
  double share = 1;
  double least = std::numeric_limits<double>::infinity();
  std::size_t above = 0;
  for (std::size_t i = 0; i < thefts.size(); ++i) {
    if (i + 1 < thefts.size() && (i + 1 < kLeastInBin || thefts[i + 1] == thefts[i])) continue;  // ties stay together
    while (above < everybody.size() && everybody[above] >= thefts[i]) ++above;
    const double count = static_cast<double>(i + 1);
    const double ratio =
        static_cast<double>(above) / static_cast<double>(everybody.size()) * static_cast<double>(thefts.size()) / count;
    const double with_error = ratio * (1 + 1 / std::sqrt(count));
    if (with_error >= least) continue;
    least = with_error;
    share = ratio;
  }
  return std::min(1.0, share);
}

std::vector<double> TheftWeights(std::span<const double> margins, double expected) {
  std::vector<double> weights(margins.size());
  const auto weigh = [&](double shift) {
    for (std::size_t i = 0; i < margins.size(); ++i) weights[i] = std::exp(std::min(0.0, margins[i] + shift));
    return std::accumulate(weights.begin(), weights.end(), 0.0);
  };
  double low = -1000;
  double high = 1000;
  for (int step = 0; step < 100; ++step) {
    const double middle = (low + high) / 2;
    (weigh(middle) > expected ? high : low) = middle;
  }
  weigh(low);
  return weights;
}

}  // namespace meterhound::detectors
