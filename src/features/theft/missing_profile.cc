// missing_profile: the share of missing readings in each of the last 36 months.
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
  for (std::size_t month = 0; month < kMonths; ++month) {
    const double expected = months.lost[month] + months.count[month];
    if (expected > 0) all[month] = months.lost[month] / expected;
  }
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_missing_profile{.name = "missing_profile",
                                          .doc =
                                              "Share of readings missing in each of the last 36 calendar months "
                                              "(0: the last month)",
                                          .presets = kTheft,
                                          .position = 1008,
                                          .cost = CostClass::kLinear,
                                          .group = FeatureGroup::kCoverage,
                                          .default_grid = &DefaultGrid,
                                          .bind = &Bind};

}  // namespace meterhound::features
