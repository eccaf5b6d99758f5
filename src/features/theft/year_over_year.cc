// year_over_year: the same calendar months of two years.
#include <array>
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "features/theft/monthly_use.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 5> kStats = {"last", "previous", "lowest_month", "highest_month",
                                                    "last_quarter"};

constexpr std::size_t kMonths = 36;

// Use in `months` months from `first` back against the same months a year before, over months seen in both.
double Ratio(const MonthlyUse<kMonths>& m, std::size_t first, std::size_t count) {
  double now = 0, before = 0;
  for (std::size_t month = first; month < first + count && month + 12 < kMonths; ++month) {
    if (m.count[month] == 0 || m.count[month + 12] == 0) continue;
    now += m.Mean(month);
    before += m.Mean(month + 12);
  }
  return before > 0 ? now / before : std::numeric_limits<double>::quiet_NaN();
}

void Compute(SeriesContext& series, std::span<double> all) {
  const MonthlyUse<kMonths> m(series);
  all[0] = Ratio(m, 0, 12);
  all[1] = Ratio(m, 12, 12);
  all[4] = Ratio(m, 0, 3);
  for (std::size_t month = 0; month < 12; ++month) {
    if (m.count[month] == 0 || m.count[month + 12] == 0 || m.sum[month + 12] <= 0) continue;
    const double ratio = m.Mean(month) / m.Mean(month + 12);
    all[2] = std::fmin(all[2], ratio);
    all[3] = std::fmax(all[3], ratio);
  }
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_year_over_year{.name = "year_over_year",
                                         .doc =
                                             "Use against the same months a year before: last year, the year "
                                             "before that, last quarter, lowest and highest month",
                                         .presets = kTheft,
                                         .position = 1010,
                                         .cost = CostClass::kLinear,
                                         .default_grid = &DefaultGrid,
                                         .bind = &Bind};

}  // namespace meterhound::features
