// bill_extreme_age: how long ago the highest and the lowest bill were.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 2> kNames = {"maximum", "minimum"};

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const auto values = ReadBillsOf(series).values;
  if (values.empty()) return;
  const auto [lowest, highest] =
      std::pair(std::min_element(values.begin(), values.end()), std::max_element(values.begin(), values.end()));
  out = {static_cast<double>(values.end() - highest - 1), static_cast<double>(values.end() - lowest - 1)};
}

}  // namespace

extern const Calculator k_bill_extreme_age{.name = "bill_extreme_age",
                                           .doc =
                                               "Number of bills after the first highest and after the first "
                                               "lowest one",
                                           .presets = kBills,
                                           .position = 1108,
                                           .cost = CostClass::kLinear,
                                           .default_grid = [] { return TextGrid("attr", kNames); },
                                           .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
