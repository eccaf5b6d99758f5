// bill_recent_ratio: the last bills against all earlier ones.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::string_view kParameter = "k";

double Compute(const BillReadings& bills, std::int64_t k) {
  const auto recent = static_cast<std::size_t>(k);
  if (bills.size() <= recent) return kUndefined;
  const std::size_t split = bills.size() - recent;
  return RatioOf(MeanOf(bills.values.subspan(split)), MeanOf(bills.values.first(split)));
}

}  // namespace

extern const Calculator k_bill_recent_ratio{.name = "bill_recent_ratio",
                                            .doc = "Mean of the last k bills over the mean of those before them",
                                            .presets = kBills,
                                            .position = 1102,
                                            .cost = CostClass::kLinear,
                                            .default_grid =
                                                [] {
                                                  return CountGrid(kParameter, {2, 3, 6, 12});
                                                },
                                            .bind = BindCounts<kParameter, 1, 1000, &Compute>};

}  // namespace meterhound::features
