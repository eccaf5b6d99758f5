// recovery_after_drop: whether use came back after its lowest time.
#include <algorithm>
#include <array>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 3> kStats = {"lowest_place", "before_ratio", "after_ratio"};

void Compute(SeriesContext& series, std::span<double> all) {
  const auto x = series.values();
  const auto missing = series.missing();
  const auto seen = series.Scratch(0, x.size() + 1);
  std::size_t count = 0;
  double running = 0;
  seen[0] = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {  // prefix sums of what was read
    if (missing[i] != 0) continue;
    running += x[i];
    seen[++count] = running;
  }
  const std::size_t window = std::max<std::size_t>(3, count / 10);
  if (count < 3 * window || running <= 0) return;
  std::size_t lowest = 0;
  const double rounding = 1e-12 * running;  // of windows as low, the first
  for (std::size_t i = 0; i + window <= count; ++i) {
    if (seen[i + window] - seen[i] < seen[lowest + window] - seen[lowest] - rounding) lowest = i;
  }
  const double mean = running / static_cast<double>(count);
  const auto level = [&](std::size_t begin, std::size_t end) {
    return end > begin ? (seen[end] - seen[begin]) / static_cast<double>(end - begin) / mean
                       : std::numeric_limits<double>::quiet_NaN();
  };
  all[0] = static_cast<double>(lowest) / static_cast<double>(count - window);
  all[1] = level(0, lowest);
  all[2] = level(lowest + window, count);
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_recovery_after_drop{.name = "recovery_after_drop",
                                              .doc =
                                                  "The lowest stretch of a tenth of the readings: where it "
                                                  "lies, and the levels before and after it over the mean",
                                              .presets = kTheft,
                                              .position = 1013,
                                              .cost = CostClass::kLinear,
                                              .default_grid = &DefaultGrid,
                                              .bind = &Bind};

}  // namespace meterhound::features
