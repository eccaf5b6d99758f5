// weekday_disruption: whether the rhythm of the week is there, and whether it stayed.
#include <array>
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 7> kStats = {"weekend_ratio",      "weekend_ratio_change", "pattern",
                                                    "pattern_first_half", "pattern_second_half",  "pattern_kept",
                                                    "lag_7_correlation"};

// What is less than this share of a sum of squares is its rounding.
constexpr double kRounding = 1e-12;

struct Week {
  double sum[7] = {};
  double count[7] = {};

  void Add(int day, double value) {
    sum[day] += value;
    count[day] += 1;
  }
  double WeekendRatio() const {
    const double week_days = count[0] + count[1] + count[2] + count[3] + count[4];
    const double weekend = count[5] + count[6];
    const double use = sum[0] + sum[1] + sum[2] + sum[3] + sum[4];
    if (week_days < 10 || weekend < 4 || use <= 0) return std::numeric_limits<double>::quiet_NaN();
    return (sum[5] + sum[6]) / weekend / (use / week_days);
  }
  // Spread of the weekdays' means relative to their mean.
  double Pattern() const {
    double mean = 0;
    for (int day = 0; day < 7; ++day) {
      if (count[day] < 3) return std::numeric_limits<double>::quiet_NaN();
      mean += sum[day] / count[day] / 7;
    }
    if (mean <= 0) return std::numeric_limits<double>::quiet_NaN();
    double square = 0;
    for (int day = 0; day < 7; ++day) square += (sum[day] / count[day] - mean) * (sum[day] / count[day] - mean);
    return square > kRounding * kRounding * mean * mean ? std::sqrt(square / 7) / mean : 0;
  }
};

void Compute(SeriesContext& series, std::span<double> all) {
  if (ReadingsPerDay(series.series().cadence) < 1) return;
  const auto x = series.values();
  const auto missing = series.missing();
  const auto times = series.times();
  Week whole, first, second;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (missing[i] != 0) continue;
    const int day = WeekdayOf(DayOf(times[i]));
    whole.Add(day, x[i]);
    (i < x.size() / 2 ? first : second).Add(day, x[i]);
  }
  all[0] = whole.WeekendRatio();
  all[1] = second.WeekendRatio() - first.WeekendRatio();
  all[2] = whole.Pattern();
  all[3] = first.Pattern();
  all[4] = second.Pattern();
  all[5] = second.Pattern() / first.Pattern();
  // Correlation a week apart, over pairs of which both were read.
  const int week = 7 * ReadingsPerDay(series.series().cadence);
  const auto lag = static_cast<std::size_t>(week);
  double pairs = 0, sum_a = 0, sum_b = 0, square_a = 0, square_b = 0, product = 0;
  for (std::size_t i = lag; i < x.size(); ++i) {
    if (missing[i] != 0 || missing[i - lag] != 0) continue;
    pairs += 1;
    sum_a += x[i - lag];
    sum_b += x[i];
    square_a += x[i - lag] * x[i - lag];
    square_b += x[i] * x[i];
    product += x[i] * x[i - lag];
  }
  const double spread_a = pairs * square_a - sum_a * sum_a;
  const double spread_b = pairs * square_b - sum_b * sum_b;
  if (pairs < 14 || spread_a <= kRounding * pairs * square_a || spread_b <= kRounding * pairs * square_b) return;
  all[6] = (pairs * product - sum_a * sum_b) / std::sqrt(spread_a * spread_b);
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_weekday_disruption{.name = "weekday_disruption",
                                             .doc =
                                                 "Weekly rhythm: weekends over working days and how that "
                                                 "changed between the halves; spread of the weekdays' means, "
                                                 "whole and by halves; correlation of readings a week apart",
                                             .presets = kTheft,
                                             .position = 1002,
                                             .cost = CostClass::kLinear,
                                             .default_grid = &DefaultGrid,
                                             .bind = &Bind};

}  // namespace meterhound::features
