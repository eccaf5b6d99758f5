// longest_plateau: the same reading again and again, zero apart.
#include <algorithm>
#include <array>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 3> kStats = {"longest", "longest_share", "repeated_share"};

void Compute(SeriesContext& series, std::span<double> all) {
  const auto x = series.values();
  const auto missing = series.missing();
  double observed = 0, run = 0, longest = 0, repeated = 0, previous = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (missing[i] != 0) continue;
    observed += 1;
    const bool same = run > 0 && x[i] == previous && x[i] != 0;
    if (same) repeated += 1;
    run = same ? run + 1 : 1;
    if (x[i] != 0) longest = std::max(longest, run);
    previous = x[i];
  }
  if (observed == 0) return;
  all[0] = longest;
  all[1] = longest / observed;
  all[2] = repeated / observed;
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_longest_plateau{.name = "longest_plateau",
                                          .doc =
                                              "Runs of exactly equal readings other than zero: the longest, its "
                                              "share, and the share of readings equal to the one before",
                                          .presets = kTheft,
                                          .position = 1004,
                                          .cost = CostClass::kLinear,
                                          .default_grid = &DefaultGrid,
                                          .bind = &Bind};

}  // namespace meterhound::features
