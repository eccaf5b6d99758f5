// bill_dates: when the bills begin and end.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"first", "last", "span"};

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const auto times = series.times();
  if (times.empty()) return;
  out = {times.front() / kSecondsPerDay, times.back() / kSecondsPerDay, DaysBetween(times.front(), times.back())};
}

}  // namespace

extern const Calculator k_bill_dates{.name = "bill_dates",
                                     .doc =
                                         "Dates of the first and the last bill in days since 1970, and the days "
                                         "between them",
                                     .presets = kBills,
                                     .position = 1120,
                                     .cost = CostClass::kLinear,
                                     .group = FeatureGroup::kCoverage,
                                     .default_grid = [] { return TextGrid("attr", kNames); },
                                     .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
