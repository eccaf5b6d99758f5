// first_last_observation: when the record begins and ends.
#include <algorithm>
#include <array>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 3> kStats = {"first", "last", "span"};

void Compute(SeriesContext& series, std::span<double> all) {
  const auto missing = series.missing();
  const auto n = static_cast<double>(missing.size());
  const auto first = std::find(missing.begin(), missing.end(), 0);
  if (first == missing.end()) return;
  const auto last = std::find(missing.rbegin(), missing.rend(), 0);
  all[0] = static_cast<double>(first - missing.begin()) / n;
  all[1] = 1 - static_cast<double>(last - missing.rbegin()) / n;
  all[2] = all[1] - all[0];
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_first_last_observation{.name = "first_last_observation",
                                                 .doc =
                                                     "First reading that exists, last one, and the span between "
                                                     "them, as shares of the record",
                                                 .presets = kTheft,
                                                 .position = 1005,
                                                 .cost = CostClass::kLinear,
                                                 .group = FeatureGroup::kCoverage,
                                                 .default_grid = &DefaultGrid,
                                                 .bind = &Bind};

}  // namespace meterhound::features
