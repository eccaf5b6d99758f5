// bill_mean_of_year: the mean bill of a calendar year.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::string_view kParameter = "year";

double Compute(const BillReadings& bills, std::int64_t year) {
  const double begin = static_cast<double>(DaysFromCivil({static_cast<int>(year), 1, 1})) * kSecondsPerDay;
  const double end = static_cast<double>(DaysFromCivil({static_cast<int>(year) + 1, 1, 1})) * kSecondsPerDay;
  const auto from = std::lower_bound(bills.times.begin(), bills.times.end(), begin) - bills.times.begin();
  const auto to = std::lower_bound(bills.times.begin(), bills.times.end(), end) - bills.times.begin();
  return MeanOf(bills.values.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from)));
}

}  // namespace

extern const Calculator k_bill_mean_of_year{
    .name = "bill_mean_of_year",
    .doc = "Mean of the bills dated in a calendar year",
    .presets = kBills,
    .position = 1111,
    .cost = CostClass::kLinear,
    .default_grid =
        [] {
          return CountGrid(kParameter, {2010, 2011, 2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019});
        },
    .bind = BindCounts<kParameter, 1, 9999, &Compute>};

}  // namespace meterhound::features
