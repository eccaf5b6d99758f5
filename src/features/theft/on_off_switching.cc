// on_off_switching: jumps between use and almost none.
#include <algorithm>
#include <array>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 4> kStats = {"switches", "share_low", "longest_low", "drops"};

void Compute(SeriesContext& series, std::span<double> all) {
  const auto x = series.values();
  const auto missing = series.missing();
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (missing[i] != 0) continue;
    sum += x[i];
    count += 1;
  }
  if (count == 0 || sum <= 0) return;
  const double low = 0.1 * sum / count;
  double switches = 0, in_low = 0, run = 0, longest = 0, drops = 0;
  double previous = -1;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (missing[i] != 0) continue;
    const bool is_low = x[i] < low;
    if (previous >= 0 && is_low != (previous < low)) switches += 1;
    if (previous > 0 && x[i] < 0.5 * previous) drops += 1;
    in_low += is_low ? 1 : 0;
    run = is_low ? run + 1 : 0;
    longest = std::max(longest, run);
    previous = std::max(0.0, x[i]);
  }
  all[0] = switches / count;
  all[1] = in_low / count;
  all[2] = longest;
  all[3] = drops / count;
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_on_off_switching{.name = "on_off_switching",
                                           .doc =
                                               "Jumps between normal use and less than a tenth of the mean: "
                                               "switches and falls to less than half, per reading; share and "
                                               "longest run of low readings",
                                           .presets = kTheft,
                                           .position = 1015,
                                           .cost = CostClass::kLinear,
                                           .default_grid = &DefaultGrid,
                                           .bind = &Bind};

}  // namespace meterhound::features
