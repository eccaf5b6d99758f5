// day_shape: use over the hours of the day, for readings finer than a day.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 5> kStats = {"night_share", "evening_share", "night_share_change",
                                                    "peak_to_mean", "flatness_change"};

struct Hours {
  double night = 0;    // midnight to six
  double evening = 0;  // six to eleven in the evening
  double total = 0;
  double square = 0;
  double count = 0;
  double highest = 0;

  void Add(double hour, double value) {
    if (hour < 6) night += value;
    if (hour >= 18 && hour < 23) evening += value;
    total += value;
    square += value * value;
    count += 1;
    highest = std::max(highest, value);
  }
  double Variation() const {
    const double mean = total / count;
    if (mean <= 0) return std::numeric_limits<double>::quiet_NaN();
    const double variance = square / count - mean * mean;
    return variance > 1e-12 * mean * mean ? std::sqrt(variance) / mean : 0;  // less is rounding
  }
};

void Compute(SeriesContext& series, std::span<double> all) {
  if (ReadingsPerDay(series.series().cadence) <= 1) return;
  const auto x = series.values();
  const auto missing = series.missing();
  const auto times = series.times();
  Hours first, second;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (missing[i] != 0) continue;
    const double hour = (times[i] - static_cast<double>(DayOf(times[i])) * kSecondsPerDay) / 3600;
    (i < x.size() / 2 ? first : second).Add(hour, x[i]);
  }
  const double total = first.total + second.total;
  if (total <= 0) return;
  all[0] = (first.night + second.night) / total;
  all[1] = (first.evening + second.evening) / total;
  all[3] = std::max(first.highest, second.highest) / (total / (first.count + second.count));
  if (first.total <= 0 || second.total <= 0) return;
  all[2] = second.night / second.total - first.night / first.total;
  all[4] = second.Variation() - first.Variation();
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_day_shape{.name = "day_shape",
                                    .doc =
                                        "Shares of use at night (0-6 h) and in the evening (18-23 h), peak over "
                                        "mean, and how night share and unevenness changed between the halves; "
                                        "readings finer than a day only",
                                    .presets = kTheft,
                                    .position = 1016,
                                    .cost = CostClass::kLinear,
                                    .default_grid = &DefaultGrid,
                                    .bind = &Bind};

}  // namespace meterhound::features
