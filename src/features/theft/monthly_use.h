// The last months of a series, for the calculators that compare months.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/calendar.h"
#include "features/series_context.h"

namespace meterhound::features {

/// Index 0 is the calendar month of the last reading, 1 the one before. All zero for a series without calendar times.
template <std::size_t kMonths>
struct MonthlyUse {
  double sum[kMonths] = {};    ///< of the readings that exist
  double count[kMonths] = {};  ///< readings that exist
  double lost[kMonths] = {};   ///< readings that are missing

  double Mean(std::size_t month) const { return sum[month] / count[month]; }

  explicit MonthlyUse(const SeriesContext& series) {
    const auto x = series.values();
    const auto missing = series.missing();
    const auto times = series.times();
    if (!HasCalendar(series.series().cadence) || x.empty()) return;
    std::int64_t day = DayOf(times.back());
    std::int64_t month = MonthIndexOf(day);
    const std::int64_t last = month;
    for (std::size_t i = x.size(); i-- > 0;) {
      if (const std::int64_t today = DayOf(times[i]); today != day) {
        day = today;
        month = MonthIndexOf(day);
      }
      const std::int64_t back = last - month;
      if (back >= static_cast<std::int64_t>(kMonths)) break;
      if (missing[i] != 0) {
        lost[back] += 1;
      } else {
        sum[back] += x[i];
        count[back] += 1;
      }
    }
  }
};

}  // namespace meterhound::features
