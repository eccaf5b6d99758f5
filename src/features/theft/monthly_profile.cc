// monthly_profile: each of the last 36 months' use against the consumer's own mean.
#include <array>

#include "features/calculator.h"
#include "features/series_context.h"
#include "features/theft/monthly_use.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 36> kStats = {
    "0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",  "10", "11", "12", "13", "14", "15", "16", "17",
    "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33", "34", "35"};

constexpr std::size_t kMonths = 36;

void Compute(SeriesContext& series, std::span<double> all) {
  const MonthlyUse<kMonths> months(series);
  double sum = 0;
  double count = 0;
  for (std::size_t month = 0; month < kMonths; ++month) {
    sum += months.sum[month];
    count += months.count[month];
  }
  if (count == 0 || sum <= 0) return;
  for (std::size_t month = 0; month < kMonths; ++month) {
    if (months.count[month] > 0) all[month] = months.Mean(month) / (sum / count);
  }
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_monthly_profile{
    .name = "monthly_profile",
    .doc =
        "Mean use in each of the last 36 calendar months over the mean of all their readings (0: the last "
        "month)",
    .presets = kTheft,
    .position = 1007,
    .cost = CostClass::kLinear,
    .default_grid = &DefaultGrid,
    .bind = &Bind};

}  // namespace meterhound::features
