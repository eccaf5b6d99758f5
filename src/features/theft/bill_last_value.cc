// bill_last_value: the bills one by one, counted back from the last.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::string_view kParameter = "k";

double Compute(const BillReadings& bills, std::int64_t k) {
  const auto back = static_cast<std::size_t>(k);
  return back < bills.size() ? bills.values[bills.size() - 1 - back] : kUndefined;
}

}  // namespace

extern const Calculator k_bill_last_value{.name = "bill_last_value",
                                          .doc = "Value of the k-th bill before the last (k = 0: the last)",
                                          .presets = kBills,
                                          .position = 1101,
                                          .cost = CostClass::kLinear,
                                          .default_grid =
                                              [] {
                                                return CountGrid(kParameter, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
                                              },
                                          .bind = BindCounts<kParameter, 0, 1000, &Compute>};

}  // namespace meterhound::features
