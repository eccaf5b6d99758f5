// Daily rates: any cadence brought to energy a day, so that levels can be compared.
#pragma once

#include <span>
#include <vector>

#include "base/series_view.h"

namespace meterhound::numerics {

/// One stretch of observed use.
struct Rate {
  double begin = 0;       ///< seconds since 1970-01-01 (or steps)
  double days = 1;        ///< that it covers (steps: 1)
  double per_day = 0;     ///< the series' unit a day
  std::size_t index = 0;  ///< of the (first) reading it comes from
};

/// Observed readings only. Sub-daily readings become days (those at least three quarters observed, scaled to the whole
/// day); daily ones stay; weekly and monthly ones are divided by their days; an irregular reading is a bill for the
/// days since the one before, so the first bill, whose period is unknown, is left out. Steps count as days.
void DailyRates(const SeriesView& series, std::vector<Rate>& rates);

}  // namespace meterhound::numerics
