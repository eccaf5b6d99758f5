// bill_gap: days from bill to bill.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 7> kNames = {"mean", "minimum",  "maximum",    "standard_deviation",
                                                    "last", "same_day", "minimum_age"};

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const auto times = series.times();
  if (times.size() < 2) return;
  const auto gaps = series.Scratch(0, times.size() - 1);
  double same_day = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    gaps[i] = DaysBetween(times[i], times[i + 1]);
    same_day += gaps[i] == 0 ? 1 : 0;
  }
  const auto shortest = std::min_element(gaps.begin(), gaps.end());
  out = {MeanOf(gaps),
         *shortest,
         *std::max_element(gaps.begin(), gaps.end()),
         DeviationOf(gaps),
         gaps.back(),
         same_day / static_cast<double>(gaps.size()),
         static_cast<double>(gaps.end() - shortest - 1)};
}

}  // namespace

extern const Calculator k_bill_gap{
    .name = "bill_gap",
    .doc =
        "Days between consecutive bills: mean, spread, shortest, longest, last; share of gaps of 0 days; "
        "bills after the first shortest gap",
    .presets = kBills,
    .position = 1121,
    .cost = CostClass::kLinear,
    .group = FeatureGroup::kCoverage,
    .default_grid = [] { return TextGrid("attr", kNames); },
    .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
