// bill_seasonal_residual: what the season does not explain.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"deviation", "recent_mean", "recent_minimum", "minimum"};

constexpr std::size_t kRecent = 4;
constexpr std::size_t kSeasons = 6;

std::size_t SeasonOf(double time) { return static_cast<std::size_t>((CivilFromDays(DayOf(time)).month - 1) / 2); }

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const BillReadings bills = ReadBillsOf(series);
  if (bills.size() == 0) return;
  std::array<double, kSeasons> sums{};
  std::array<double, kSeasons> counts{};
  for (std::size_t i = 0; i < bills.size(); ++i) {
    sums[SeasonOf(bills.times[i])] += bills.values[i];
    ++counts[SeasonOf(bills.times[i])];
  }
  const auto residuals = series.Scratch(0, bills.size());
  for (std::size_t i = 0; i < bills.size(); ++i) {
    const std::size_t season = SeasonOf(bills.times[i]);
    residuals[i] = bills.values[i] - sums[season] / counts[season];
  }
  const double scale = std::abs(MeanOf(bills.values)) + 10;
  const std::span<const double> recent = residuals.last(std::min(kRecent, residuals.size()));
  out = {DeviationOf(residuals) / scale, MeanOf(recent) / scale,
         *std::min_element(recent.begin(), recent.end()) / scale,
         *std::min_element(residuals.begin(), residuals.end()) / scale};
}

}  // namespace

extern const Calculator k_bill_seasonal_residual{.name = "bill_seasonal_residual",
                                                 .doc =
                                                     "Bills less the consumer's mean of the same two months of "
                                                     "the year, over the overall mean + 10: spread, lowest, and "
                                                     "mean and lowest of the last 4",
                                                 .presets = kBills,
                                                 .position = 1116,
                                                 .cost = CostClass::kLinear,
                                                 .default_grid = [] { return TextGrid("attr", kNames); },
                                                 .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
