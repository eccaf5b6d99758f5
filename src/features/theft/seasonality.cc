// seasonality: summer against winter.
#include <algorithm>
#include <array>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 5> kStats = {"winter", "spring", "summer", "autumn", "range"};

void Compute(SeriesContext& series, std::span<double> all) {
  if (!HasCalendar(series.series().cadence)) return;
  const auto x = series.values();
  const auto missing = series.missing();
  const auto times = series.times();
  double sum[4] = {};
  double count[4] = {};
  std::int64_t day = 0;
  std::size_t season = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (const std::int64_t today = DayOf(times[i]); i == 0 || today != day) {
      day = today;
      season = static_cast<std::size_t>(CivilFromDays(day).month % 12 / 3);
    }
    if (missing[i] != 0) continue;
    sum[season] += x[i];
    count[season] += 1;
  }
  const double total = sum[0] + sum[1] + sum[2] + sum[3];
  const double seen = count[0] + count[1] + count[2] + count[3];
  if (seen == 0 || total <= 0) return;
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -lowest;
  for (std::size_t s = 0; s < 4; ++s) {
    if (count[s] == 0) continue;
    all[s] = sum[s] / count[s] / (total / seen);
    lowest = std::min(lowest, all[s]);
    highest = std::max(highest, all[s]);
  }
  all[4] = highest - lowest;
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_seasonality{.name = "seasonality",
                                      .doc =
                                          "Mean use in winter (December to February), spring, summer and autumn "
                                          "over the mean of all, and the range between them",
                                      .presets = kTheft,
                                      .position = 1011,
                                      .cost = CostClass::kLinear,
                                      .default_grid = &DefaultGrid,
                                      .bind = &Bind};

}  // namespace meterhound::features
