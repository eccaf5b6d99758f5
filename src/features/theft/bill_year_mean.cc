// bill_year_mean: the mean bill of the years before the last bill.
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
  return bills.size() == 0 ? kUndefined : YearMean(bills, k);
}

}  // namespace

extern const Calculator k_bill_year_mean{
    .name = "bill_year_mean",
    .doc = "Mean of the bills of the k-th year before the last bill (k = 0: the year that ends with it)",
    .presets = kBills,
    .position = 1112,
    .cost = CostClass::kLinear,
    .default_grid =
        [] {
          return CountGrid(kParameter, {0, 1, 2, 3, 4, 5});
        },
    .bind = BindCounts<kParameter, 0, 50, &Compute>};

}  // namespace meterhound::features
