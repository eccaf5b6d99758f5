// missing_profile: the share of missing readings in each of the last 36 months.
#include <array>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 36> kStats = {
    "0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",  "10", "11", "12", "13", "14", "15", "16", "17",
    "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33", "34", "35"};

constexpr std::size_t kMonths = 36;

void Compute(SeriesContext& series, std::span<double> all) {
  const auto missing = series.missing();
  const auto times = series.times();
  if (!HasCalendar(series.series().cadence) || missing.empty()) return;
  const std::int64_t last = MonthIndexOf(DayOf(times.back()));
  double lost[kMonths] = {};
  double count[kMonths] = {};
  std::int64_t day = DayOf(times.back());
  std::int64_t month = last;
  for (std::size_t i = missing.size(); i-- > 0;) {
    if (const std::int64_t today = DayOf(times[i]); today != day) {
      day = today;
      month = MonthIndexOf(day);
    }
    const std::int64_t back = last - month;
    if (back >= static_cast<std::int64_t>(kMonths)) break;
    lost[back] += missing[i] != 0 ? 1 : 0;
    count[back] += 1;
  }
  for (std::size_t back = 0; back < kMonths; ++back) {
    if (count[back] > 0) all[back] = lost[back] / count[back];
  }
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_missing_profile{.name = "missing_profile",
                                          .doc = "Share of missing readings in each of the last 36 months",
                                          .presets = kTheft,
                                          .position = 1008,
                                          .cost = CostClass::kLinear,
                                          .group = FeatureGroup::kCoverage,
                                          .default_grid = &DefaultGrid,
                                          .bind = &Bind};

}  // namespace meterhound::features
