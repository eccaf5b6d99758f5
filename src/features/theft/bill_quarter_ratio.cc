// bill_quarter_ratio: the consumer's own seasons.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::string_view kParameter = "quarter";

double Compute(const BillReadings& bills, std::int64_t quarter) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < bills.size(); ++i) {
    if ((CivilFromDays(DayOf(bills.times[i])).month - 1) / 3 + 1 != quarter) continue;
    sum += bills.values[i];
    ++count;
  }
  return count > 0 ? RatioOf(sum / count, MeanOf(bills.values)) : kUndefined;
}

}  // namespace

extern const Calculator k_bill_quarter_ratio{
    .name = "bill_quarter_ratio",
    .doc = "Mean of the bills dated in a quarter of the year over the mean of all",
    .presets = kBills,
    .position = 1115,
    .cost = CostClass::kLinear,
    .default_grid =
        [] {
          return CountGrid(kParameter, {1, 2, 3, 4});
        },
    .bind = BindCounts<kParameter, 1, 4, &Compute>};

}  // namespace meterhound::features
