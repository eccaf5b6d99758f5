// bill_year_on_year: the last bills against those of a year before.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::string_view kParameter = "k";

constexpr double kYear = 365.25 * kSecondsPerDay;
constexpr double kReach = 80 * kSecondsPerDay;

double Compute(const BillReadings& bills, std::int64_t k) {
  const auto back = static_cast<std::size_t>(k);
  if (back >= bills.size()) return kUndefined;
  const std::size_t at = bills.size() - 1 - back;
  const double wanted = bills.times[at] - kYear;
  double nearest = kReach;
  double before = kUndefined;
  for (std::size_t i = 0; i < at; ++i) {
    const double distance = std::abs(bills.times[i] - wanted);
    if (distance < nearest) {
      nearest = distance;
      before = ShiftedLog(bills.values[i]);
    }
  }
  return ShiftedLog(bills.values[at]) - before;
}

}  // namespace

extern const Calculator k_bill_year_on_year{.name = "bill_year_on_year",
                                            .doc =
                                                "ln(bill + 10) of the k-th bill before the last less that of "
                                                "the bill nearest to a year earlier, within 80 days",
                                            .presets = kBills,
                                            .position = 1114,
                                            .cost = CostClass::kLinear,
                                            .default_grid =
                                                [] {
                                                  return CountGrid(kParameter, {0, 1, 2, 3, 4, 5});
                                                },
                                            .bind = BindCounts<kParameter, 0, 1000, &Compute>};

}  // namespace meterhound::features
