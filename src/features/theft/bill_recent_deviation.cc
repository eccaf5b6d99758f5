// bill_recent_deviation: how much the last bills vary.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::string_view kParameter = "k";

double Compute(const BillReadings& bills, std::int64_t k) {
  const auto recent = static_cast<std::size_t>(k);
  return bills.size() < recent ? kUndefined : DeviationOf(bills.values.last(recent));
}

}  // namespace

extern const Calculator k_bill_recent_deviation{.name = "bill_recent_deviation",
                                                .doc = "Standard deviation of the last k bills",
                                                .presets = kBills,
                                                .position = 1103,
                                                .cost = CostClass::kLinear,
                                                .default_grid =
                                                    [] {
                                                      return CountGrid(kParameter, {3, 6, 12});
                                                    },
                                                .bind = BindCounts<kParameter, 2, 1000, &Compute>};

}  // namespace meterhound::features
