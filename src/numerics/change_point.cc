// CUSUM over winsorised values.
#include "numerics/change_point.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace meterhound::numerics {
namespace {

double MedianOf(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Winsorised copy, kept by the thread so that steady use allocates nothing.
std::span<const double> Winsorise(std::span<const double> values) {
  thread_local std::vector<double> scratch;
  thread_local std::vector<double> pulled;
  scratch.assign(values.begin(), values.end());
  const double median = MedianOf(scratch);
  for (double& value : scratch) value = std::fabs(value - median);
  constexpr double kToStandardDeviation = 1.4826;  // of the median absolute deviation, for normal noise
  const double limit = 6 * kToStandardDeviation * MedianOf(scratch);
  pulled.assign(values.begin(), values.end());
  if (limit > 0) {
    for (double& value : pulled) value = std::clamp(value, median - limit, median + limit);
  }
  return pulled;
}

}  // namespace

std::optional<ChangePoint> FindChangePoint(std::span<const double> values, std::size_t least) {
  const std::size_t n = values.size();
  least = std::max<std::size_t>(least, 2);
  if (n < 2 * least) return std::nullopt;
  const std::span<const double> x = Winsorise(values);
  if (std::ranges::all_of(x, [&x](double value) { return value == x.front(); })) return std::nullopt;
  double total = 0;
  for (const double value : x) total += value;

  const auto statistic = [&](std::size_t at, double sum) {
    const auto left = static_cast<double>(at);
    const auto right = static_cast<double>(n - at);
    const double difference = (total - sum) / right - sum / left;
    return std::fabs(difference) * std::sqrt(left * right / static_cast<double>(n));
  };
  constexpr double kMoreThanRounding = 1 + 1e-12;  // of splits as good, the first
  double best = 0;
  std::size_t at = 0;
  double sum = 0;
  double sum_at = 0;
  for (std::size_t i = 1; i + least <= n; ++i) {
    sum += x[i - 1];
    if (i < least) continue;
    if (const double value = statistic(i, sum); value > best * kMoreThanRounding) {
      best = value;
      at = i;
      sum_at = sum;
    }
  }
  if (!(best > 0)) return std::nullopt;

  ChangePoint change{.at = at,
                     .earliest = at,
                     .latest = at,
                     .before = sum_at / static_cast<double>(at),
                     .after = (total - sum_at) / static_cast<double>(n - at),
                     .strength = 0};
  // Splits within a few percent of the best cannot be told from it.
  constexpr double kNearlyAsGood = 0.97;
  sum = 0;
  for (std::size_t i = 1; i + least <= n; ++i) {
    sum += x[i - 1];
    if (i < least || statistic(i, sum) < kNearlyAsGood * best) continue;
    change.earliest = std::min(change.earliest, i);
    change.latest = std::max(change.latest, i);
  }
  // Noise around the two levels; its lag-one correlation makes means less certain than their number suggests.
  double square = 0;
  double product = 0;
  double previous = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double residual = x[i] - (i < at ? change.before : change.after);
    square += residual * residual;
    if (i > 0) product += residual * previous;
    previous = residual;
  }
  const double correlation = square > 0 ? std::clamp(product / square, 0.0, 0.95) : 0;
  const double noise = std::sqrt(square / static_cast<double>(n) * (1 + correlation) / (1 - correlation));
  constexpr double kMostStrength = 1000;  // two exact levels have no noise at all
  change.strength = noise > 0 ? std::min(kMostStrength, best / noise) : kMostStrength;
  return change;
}

}  // namespace meterhound::numerics
