// bill_count_of_year: how many bills a calendar year has.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::string_view kParameter = "year";

double Compute(const BillReadings& bills, std::int64_t year) {
  const double begin = static_cast<double>(DaysFromCivil({static_cast<int>(year), 1, 1})) * kSecondsPerDay;
  const double end = static_cast<double>(DaysFromCivil({static_cast<int>(year) + 1, 1, 1})) * kSecondsPerDay;
  return static_cast<double>(std::lower_bound(bills.times.begin(), bills.times.end(), end) -
                             std::lower_bound(bills.times.begin(), bills.times.end(), begin));
}

}  // namespace

extern const Calculator k_bill_count_of_year{
    .name = "bill_count_of_year",
    .doc = "Number of bills dated in a calendar year",
    .presets = kBills,
    .position = 1123,
    .cost = CostClass::kLinear,
    .group = FeatureGroup::kCoverage,
    .default_grid =
        [] {
          return CountGrid(kParameter, {2010, 2011, 2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019});
        },
    .bind = BindDates<kParameter, 1, 9999, &Compute>};

}  // namespace meterhound::features
