// zero_streaks: runs of readings that are exactly zero; gaps neither begin nor end one.
#include <algorithm>
#include <array>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 6> kStats = {
    "share", "longest", "count_over_7", "longest_share", "readings_since_last", "last_third_share"};

void Compute(SeriesContext& series, std::span<double> all) {
  const auto x = series.values();
  const auto missing = series.missing();
  const std::size_t last_third = x.size() - x.size() / 3;
  double observed = 0, zeros = 0, run = 0, longest = 0, long_runs = 0, since = 0, late = 0, late_zeros = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (missing[i] != 0) continue;
    const bool zero = x[i] == 0;
    observed += 1;
    since += 1;
    if (i >= last_third) {
      late += 1;
      late_zeros += zero ? 1 : 0;
    }
    if (!zero) {
      run = 0;
      continue;
    }
    zeros += 1;
    run += 1;
    since = 0;
    if (run == 7) long_runs += 1;
    longest = std::max(longest, run);
  }
  if (observed == 0) return;
  all[0] = zeros / observed;
  all[1] = longest;
  all[2] = long_runs;
  all[3] = longest / observed;
  if (zeros > 0) all[4] = since;
  if (late > 0) all[5] = late_zeros / late;
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_zero_streaks{.name = "zero_streaks",
                                       .doc =
                                           "Zeros among the readings that exist: their share, also in the last "
                                           "third; longest run, as a number and a share; runs of 7 or more; "
                                           "readings since the last",
                                       .presets = kTheft,
                                       .position = 1000,
                                       .cost = CostClass::kLinear,
                                       .default_grid = &DefaultGrid,
                                       .bind = &Bind};

}  // namespace meterhound::features
