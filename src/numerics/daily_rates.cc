// One loop a cadence.
#include "numerics/daily_rates.h"

#include <algorithm>

namespace meterhound::numerics {
namespace {

constexpr double kObservedEnough = 0.75;
constexpr double kLongestBill = 800;  // days; longer gaps are not one bill's period

void FromSubDaily(const SeriesView& series, int slots, std::vector<Rate>& rates) {
  for (std::size_t begin = 0; begin < series.size();) {
    const std::int64_t day = DayOf(series.times[begin]);
    std::size_t end = begin;
    double sum = 0;
    double seen = 0;
    for (; end < series.size() && DayOf(series.times[end]) == day; ++end) {
      if (series.missing[end] != 0) continue;
      sum += series.values[end];
      seen += 1;
    }
    if (seen >= kObservedEnough * slots) {
      rates.push_back({.begin = static_cast<double>(day) * kSecondsPerDay,
                       .days = 1,
                       .per_day = sum * slots / seen,
                       .index = begin});
    }
    begin = end;
  }
}

double DaysOfMonth(double time) {
  const CivilDate date = CivilFromDays(DayOf(time));
  const CivilDate next = date.month == 12 ? CivilDate{date.year + 1, 1, 1} : CivilDate{date.year, date.month + 1, 1};
  return static_cast<double>(DaysFromCivil(next) - DaysFromCivil({date.year, date.month, 1}));
}

}  // namespace

void DailyRates(const SeriesView& series, std::vector<Rate>& rates) {
  rates.clear();
  if (const int slots = ReadingsPerDay(series.cadence); slots > 1) {
    FromSubDaily(series, slots, rates);
    return;
  }
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series.missing[i] != 0) continue;
    Rate rate{.begin = series.times[i], .days = 1, .per_day = series.values[i], .index = i};
    if (series.cadence == Cadence::kWeekly) rate.days = 7;
    if (series.cadence == Cadence::kMonthly) rate.days = DaysOfMonth(series.times[i]);
    if (series.cadence == Cadence::kIrregular) {
      if (i == 0) continue;
      rate.days = (series.times[i] - series.times[i - 1]) / kSecondsPerDay;
      if (rate.days < 1 || rate.days > kLongestBill) continue;
      rate.begin = series.times[i - 1];
    }
    rate.per_day = series.values[i] / rate.days;
    rates.push_back(rate);
  }
}

}  // namespace meterhound::numerics
