// bill_step: differences from bill to bill.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"minimum", "maximum", "mean_absolute"};

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const auto values = ReadBillsOf(series).values;
  if (values.size() < 2) return;
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -lowest;
  double sum = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double step = values[i] - values[i - 1];
    lowest = std::min(lowest, step);
    highest = std::max(highest, step);
    sum += std::abs(step);
  }
  out = {lowest, highest, sum / static_cast<double>(values.size() - 1)};
}

}  // namespace

extern const Calculator k_bill_step{.name = "bill_step",
                                    .doc = "Differences between consecutive bills: lowest, highest, mean absolute",
                                    .presets = kBills,
                                    .position = 1104,
                                    .cost = CostClass::kLinear,
                                    .default_grid = [] { return TextGrid("attr", kNames); },
                                    .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
