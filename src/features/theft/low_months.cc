// low_months: months whose use lies far under the consumer's mean.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "features/theft/monthly_use.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 5> kStats = {"under_20", "under_50", "under_20_last_year", "lowest",
                                                    "lowest_quarter"};

constexpr std::size_t kMonths = 60;

void Compute(SeriesContext& series, std::span<double> all) {
  const MonthlyUse<kMonths> months(series);
  double sum = 0, seen = 0;
  for (std::size_t month = 0; month < kMonths; ++month) {
    if (months.count[month] == 0) continue;
    sum += months.Mean(month);
    seen += 1;
  }
  if (seen < 3 || sum <= 0) return;
  const double mean = sum / seen;
  double under_20 = 0, under_50 = 0, last_year = 0;
  double lowest = std::numeric_limits<double>::infinity();
  double lowest_quarter = lowest;
  for (std::size_t month = 0; month < kMonths; ++month) {
    if (months.count[month] == 0) continue;
    const double ratio = months.Mean(month) / mean;
    under_20 += ratio < 0.2 ? 1 : 0;
    under_50 += ratio < 0.5 ? 1 : 0;
    if (month < 12) last_year += ratio < 0.2 ? 1 : 0;
    lowest = std::min(lowest, ratio);
    if (month + 2 < kMonths && months.count[month + 1] > 0 && months.count[month + 2] > 0) {
      const double quarter = (months.sum[month] + months.sum[month + 1] + months.sum[month + 2]) /
                             (months.count[month] + months.count[month + 1] + months.count[month + 2]);
      lowest_quarter = std::min(lowest_quarter, quarter / mean);
    }
  }
  all[0] = under_20 / seen;
  all[1] = under_50 / seen;
  all[2] = last_year;
  all[3] = lowest;
  if (std::isfinite(lowest_quarter)) all[4] = lowest_quarter;
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_low_months{.name = "low_months",
                                     .doc =
                                         "Months, of the last 60, far under the mean of all months: shares "
                                         "under 20 % and 50 %, number under 20 % in the last year, lowest month "
                                         "and quarter",
                                     .presets = kTheft,
                                     .position = 1009,
                                     .cost = CostClass::kLinear,
                                     .default_grid = &DefaultGrid,
                                     .bind = &Bind};

}  // namespace meterhound::features
