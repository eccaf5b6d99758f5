// bill_repeats: bills that repeat the one before, or end in round numbers: estimates rather than readings.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"share", "last_run", "tens", "hundreds"};

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const auto values = ReadBillsOf(series).values;
  if (values.empty()) return;
  double repeats = 0, run = 1, tens = 0, hundreds = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool same = i > 0 && values[i] == values[i - 1];
    repeats += same ? 1 : 0;
    run = same ? run + 1 : 1;
    tens += std::fmod(values[i], 10) == 0 ? 1 : 0;
    hundreds += std::fmod(values[i], 100) == 0 ? 1 : 0;
  }
  const auto count = static_cast<double>(values.size());
  out = {count > 1 ? repeats / (count - 1) : kUndefined, run, tens / count, hundreds / count};
}

}  // namespace

extern const Calculator k_bill_repeats{.name = "bill_repeats",
                                       .doc =
                                           "Share of bills equal to the one before, the run of equal bills at the end, "
                                           "shares of multiples of 10 and of 100",
                                       .presets = kBills,
                                       .position = 1110,
                                       .cost = CostClass::kLinear,
                                       .default_grid = [] { return TextGrid("attr", kNames); },
                                       .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
