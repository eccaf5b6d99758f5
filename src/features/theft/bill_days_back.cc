// bill_days_back: how far apart the last bills lie.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::string_view kParameter = "k";

double Compute(const BillReadings& bills, std::int64_t k) {
  const auto back = static_cast<std::size_t>(k);
  return back < bills.size() ? DaysBetween(bills.times[bills.size() - 1 - back], bills.last_time()) : kUndefined;
}

}  // namespace

extern const Calculator k_bill_days_back{.name = "bill_days_back",
                                         .doc = "Days from the k-th bill before the last to the last",
                                         .presets = kBills,
                                         .position = 1122,
                                         .cost = CostClass::kLinear,
                                         .group = FeatureGroup::kCoverage,
                                         .default_grid =
                                             [] {
                                               return CountGrid(kParameter, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
                                             },
                                         .bind = BindDates<kParameter, 1, 1000, &Compute>};

}  // namespace meterhound::features
