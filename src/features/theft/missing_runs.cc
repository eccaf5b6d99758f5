// missing_runs: how the gaps lie.
#include <algorithm>
#include <array>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 10> kStats = {
    "share",    "longest", "count",       "mean_length", "share_first_third", "share_middle_third", "share_last_third",
    "at_start", "at_end",  "single_share"};

void Compute(SeriesContext& series, std::span<double> all) {
  const auto missing = series.missing();
  const std::size_t n = missing.size();
  double total = 0, longest = 0, runs = 0, run = 0, singles = 0;
  double thirds[3] = {};
  double sizes[3] = {};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t third = std::min<std::size_t>(2, 3 * i / n);
    sizes[third] += 1;
    if (missing[i] == 0) {
      run = 0;
      continue;
    }
    total += 1;
    thirds[third] += 1;
    run += 1;
    if (run == 1) runs += 1;
    if (run == 1 && (i + 1 == n || missing[i + 1] == 0)) singles += 1;
    longest = std::max(longest, run);
  }
  std::size_t at_start = 0;
  while (at_start < n && missing[at_start] != 0) ++at_start;
  std::size_t at_end = 0;
  while (at_end < n && missing[n - 1 - at_end] != 0) ++at_end;
  const auto count = static_cast<double>(n);
  all[0] = total / count;
  all[1] = longest / count;
  all[2] = runs;
  all[3] = runs > 0 ? total / runs : 0;
  for (std::size_t third = 0; third < 3; ++third) all[4 + third] = sizes[third] > 0 ? thirds[third] / sizes[third] : 0;
  all[7] = static_cast<double>(at_start) / count;
  all[8] = static_cast<double>(at_end) / count;
  all[9] = runs > 0 ? singles / runs : 0;
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_missing_runs{.name = "missing_runs",
                                       .doc =
                                           "Gaps: share of readings missing, whole and by thirds; longest, "
                                           "first and last gap as shares of the record; number, mean length, "
                                           "share of single ones",
                                       .presets = kTheft,
                                       .position = 1003,
                                       .cost = CostClass::kLinear,
                                       .group = FeatureGroup::kCoverage,
                                       .default_grid = &DefaultGrid,
                                       .bind = &Bind};

}  // namespace meterhound::features
