// year_over_year: the same calendar months of two years.
#include <array>
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 5> kStats = {"last", "previous", "lowest_month", "highest_month",
                                                    "last_quarter"};

constexpr std::size_t kMonths = 36;

/// Mean use a day and number of readings of each of the last months, the last one first.
struct Months {
  double sum[kMonths] = {};
  double count[kMonths] = {};
  double Mean(std::size_t month) const { return sum[month] / count[month]; }
};

Months Gather(SeriesContext& series) {
  Months months;
  const auto x = series.values();
  const auto missing = series.missing();
  const auto times = series.times();
  if (!HasCalendar(series.series().cadence) || x.empty()) return months;
  const std::int64_t last = MonthIndexOf(DayOf(times.back()));
  std::int64_t day = DayOf(times.back());
  std::int64_t month = last;
  for (std::size_t i = x.size(); i-- > 0;) {
    if (const std::int64_t today = DayOf(times[i]); today != day) {
      day = today;
      month = MonthIndexOf(day);
    }
    const std::int64_t back = last - month;
    if (back >= static_cast<std::int64_t>(kMonths)) break;
    if (missing[i] != 0) continue;
    months.sum[back] += x[i];
    months.count[back] += 1;
  }
  return months;
}

// Use in `months` months from `first` back against the same months a year before, over months seen in both.
double Ratio(const Months& m, std::size_t first, std::size_t count) {
  double now = 0, before = 0;
  for (std::size_t month = first; month < first + count && month + 12 < kMonths; ++month) {
    if (m.count[month] == 0 || m.count[month + 12] == 0) continue;
    now += m.Mean(month);
    before += m.Mean(month + 12);
  }
  return before > 0 ? now / before : std::numeric_limits<double>::quiet_NaN();
}

void Compute(SeriesContext& series, std::span<double> all) {
  const Months m = Gather(series);
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
                                         .doc = "Use against the same months of the year before",
                                         .presets = kTheft,
                                         .position = 1010,
                                         .cost = CostClass::kLinear,
                                         .default_grid = &DefaultGrid,
                                         .bind = &Bind};

}  // namespace meterhound::features
