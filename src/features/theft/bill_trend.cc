// bill_trend: the straight line through the bills.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 2> kNames = {"slope", "relative"};

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const auto values = ReadBillsOf(series).values;
  if (values.size() < 2) return;
  const double middle = static_cast<double>(values.size() - 1) / 2;
  double products = 0, squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double place = static_cast<double>(i) - middle;
    products += place * values[i];
    squares += place * place;
  }
  const double slope = products / squares;
  out = {slope, RatioOf(slope, MeanOf(values))};
}

}  // namespace

extern const Calculator k_bill_trend{
    .name = "bill_trend",
    .doc = "Least-squares slope over the bills in their order: a bill, and relative to their mean",
    .presets = kBills,
    .position = 1107,
    .cost = CostClass::kLinear,
    .default_grid = [] { return TextGrid("attr", kNames); },
    .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
