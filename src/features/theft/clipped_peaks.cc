// clipped_peaks: readings that stop at a ceiling.
#include <algorithm>
#include <array>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 3> kStats = {"share_near_maximum", "maximum_to_p95", "same_as_maximum"};

void Compute(SeriesContext& series, std::span<double> all) {
  const auto x = series.values();
  const auto missing = series.missing();
  const auto seen = series.Scratch(0, x.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (missing[i] == 0) seen[count++] = x[i];
  }
  if (count < 5) return;
  const auto observed = seen.first(count);
  const double maximum = *std::max_element(observed.begin(), observed.end());
  if (maximum <= 0) return;
  double near = 0, same = 0;
  for (const double value : observed) {
    near += value >= 0.95 * maximum ? 1 : 0;
    same += value == maximum ? 1 : 0;
  }
  const auto p95 = observed.begin() + static_cast<std::ptrdiff_t>(0.95 * static_cast<double>(count - 1));
  std::nth_element(observed.begin(), p95, observed.end());
  all[0] = near / static_cast<double>(count);
  if (*p95 > 0) all[1] = maximum / *p95;
  all[2] = same / static_cast<double>(count);
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_clipped_peaks{.name = "clipped_peaks",
                                        .doc =
                                            "Readings that stop at a ceiling: shares within 5 % of the highest "
                                            "and equal to it, and the highest over the 95th percentile",
                                        .presets = kTheft,
                                        .position = 1014,
                                        .cost = CostClass::kLinear,
                                        .default_grid = &DefaultGrid,
                                        .bind = &Bind};

}  // namespace meterhound::features
