// bill_year_ratio: each year before the last bill against the year before it.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::string_view kParameter = "k";

constexpr double kYear = 365.25 * kSecondsPerDay;

/// Mean of the bills from `back` to `back + 1` years before the last one, the last one belonging to year 0.
double YearMean(const BillReadings& bills, std::int64_t back) {
  const double end = bills.last_time() - static_cast<double>(back) * kYear;
  const auto from = std::upper_bound(bills.times.begin(), bills.times.end(), end - kYear) - bills.times.begin();
  const auto to = std::upper_bound(bills.times.begin(), bills.times.end(), end) - bills.times.begin();
  return MeanOf(bills.values.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from)));
}

double Compute(const BillReadings& bills, std::int64_t k) {
  return bills.size() == 0 ? kUndefined : RatioOf(YearMean(bills, k), YearMean(bills, k + 1));
}

}  // namespace

extern const Calculator k_bill_year_ratio{
    .name = "bill_year_ratio",
    .doc = "Mean bill of the k-th year before the last bill over that of the year before",
    .presets = kBills,
    .position = 1113,
    .cost = CostClass::kLinear,
    .default_grid =
        [] {
          return CountGrid(kParameter, {0, 1, 2, 3, 4});
        },
    .bind = BindCounts<kParameter, 0, 50, &Compute>};

}  // namespace meterhound::features
