// level_and_spread: level and spread of the readings that exist.
#include <algorithm>
#include <array>
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 10> kStats = {"log_mean",      "variation",     "p05_to_median", "p25_to_median",
                                                     "p75_to_median", "p95_to_median", "p99_to_median", "log_median",
                                                     "night_floor",   "negative_share"};

void Compute(SeriesContext& series, std::span<double> all) {
  const auto x = series.values();
  const auto missing = series.missing();
  const auto seen = series.Scratch(0, x.size());
  std::size_t count = 0;
  double negative = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (missing[i] != 0) continue;
    seen[count++] = x[i];
    negative += x[i] < 0 ? 1 : 0;
  }
  if (count == 0) return;
  const auto sorted = seen.first(count);
  std::sort(sorted.begin(), sorted.end());
  double sum = 0;
  for (const double value : sorted) sum += value;
  const double mean = sum / static_cast<double>(count);
  double square = 0;
  for (const double value : sorted) square += (value - mean) * (value - mean);
  const auto at = [&](double q) { return sorted[static_cast<std::size_t>(q * static_cast<double>(count - 1))]; };
  const double median = at(0.5);
  all[0] = std::log1p(std::max(0.0, mean));
  if (mean > 0) all[1] = std::sqrt(square / static_cast<double>(count)) / mean;
  if (median > 0) {
    all[2] = at(0.05) / median;
    all[3] = at(0.25) / median;
    all[4] = at(0.75) / median;
    all[5] = at(0.95) / median;
    all[6] = at(0.99) / median;
  }
  all[7] = std::log1p(std::max(0.0, median));
  if (mean > 0) all[8] = at(0.02) / mean;
  all[9] = negative / static_cast<double>(count);
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_level_and_spread{.name = "level_and_spread",
                                           .doc =
                                               "Level and spread of the readings that exist: ln(1 + mean), ln(1 "
                                               "+ median), deviation over mean, percentiles over the median, "
                                               "2nd percentile over the mean (night_floor), share below zero",
                                           .presets = kTheft,
                                           .position = 1006,
                                           .cost = CostClass::kSort,
                                           .default_grid = &DefaultGrid,
                                           .bind = &Bind};

}  // namespace meterhound::features
