// bill_statistic: level and spread of the bills that were read.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 10> kNames = {"mean",     "standard_deviation", "minimum",     "maximum",
                                                     "median",   "quantile_10",        "quantile_90", "sum",
                                                     "skewness", "variation"};

double QuantileOf(std::span<const double> sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - std::floor(place)) * (sorted[high] - sorted[low]);
}

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const BillReadings bills = ReadBillsOf(series);
  if (bills.size() == 0) return;
  const auto sorted = series.Scratch(0, bills.size());
  std::copy(bills.values.begin(), bills.values.end(), sorted.begin());
  std::sort(sorted.begin(), sorted.end());
  // Summed in ascending order: bills of one date may be told apart by other columns only.
  const double mean = MeanOf(sorted);
  const double deviation = DeviationOf(sorted);
  double cubes = 0;
  for (const double value : sorted) cubes += (value - mean) * (value - mean) * (value - mean);
  const auto count = static_cast<double>(sorted.size());
  out = {mean,
         deviation,
         sorted.front(),
         sorted.back(),
         QuantileOf(sorted, 0.5),
         QuantileOf(sorted, 0.1),
         QuantileOf(sorted, 0.9),
         mean * count,
         deviation > 0 ? cubes / count / (deviation * deviation * deviation) : kUndefined,
         RatioOf(deviation, mean)};
}

}  // namespace

extern const Calculator k_bill_statistic{
    .name = "bill_statistic",
    .doc = "Level and spread of the bills that were read; attr names the statistic",
    .presets = kBills,
    .position = 1100,
    .cost = CostClass::kSort,
    .default_grid = [] { return TextGrid("attr", kNames); },
    .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
