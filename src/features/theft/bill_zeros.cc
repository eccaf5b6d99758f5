// bill_zeros: bills of nothing.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"share", "longest_run", "last_run"};

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const auto values = ReadBillsOf(series).values;
  if (values.empty()) return;
  double zeros = 0, run = 0, longest = 0;
  for (const double value : values) {
    run = value == 0 ? run + 1 : 0;
    zeros += value == 0 ? 1 : 0;
    longest = std::max(longest, run);
  }
  out = {zeros / static_cast<double>(values.size()), longest, run};
}

}  // namespace

extern const Calculator k_bill_zeros{.name = "bill_zeros",
                                     .doc = "Share of zero bills, the longest run of them, and the run at the end",
                                     .presets = kBills,
                                     .position = 1109,
                                     .cost = CostClass::kLinear,
                                     .default_grid = [] { return TextGrid("attr", kNames); },
                                     .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
