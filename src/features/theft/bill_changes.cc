// bill_changes: how often a code or a value changes.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"count", "share", "distinct"};

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const auto values = ReadBillsOf(series).values;
  if (values.empty()) return;
  double changes = 0;
  for (std::size_t i = 1; i < values.size(); ++i) changes += values[i] != values[i - 1] ? 1 : 0;
  const auto sorted = series.Scratch(0, values.size());
  std::copy(values.begin(), values.end(), sorted.begin());
  std::sort(sorted.begin(), sorted.end());
  const auto distinct = std::unique(sorted.begin(), sorted.end()) - sorted.begin();
  out = {changes, values.size() > 1 ? changes / static_cast<double>(values.size() - 1) : kUndefined,
         static_cast<double>(distinct)};
}

}  // namespace

extern const Calculator k_bill_changes{
    .name = "bill_changes",
    .doc = "Changes from bill to bill: their number and share, and the number of distinct values",
    .presets = kBills,
    .position = 1106,
    .cost = CostClass::kSort,
    .default_grid = [] { return TextGrid("attr", kNames); },
    .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
