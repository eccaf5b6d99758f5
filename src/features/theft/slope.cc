// slope: trend of the readings that exist, relative to their mean.
#include <array>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 3> kStats = {"whole", "first_half", "second_half"};

// Least-squares slope over relative time 0 ... 1, divided by the mean.
double Slope(SeriesContext& series, std::size_t begin, std::size_t end) {
  const auto x = series.values();
  const auto missing = series.missing();
  double n = 0, sum_t = 0, sum_x = 0, sum_tt = 0, sum_tx = 0;
  for (std::size_t i = begin; i < end; ++i) {
    if (missing[i] != 0) continue;
    const double t = static_cast<double>(i - begin) / static_cast<double>(end - begin);
    n += 1;
    sum_t += t;
    sum_x += x[i];
    sum_tt += t * t;
    sum_tx += t * x[i];
  }
  const double spread = n * sum_tt - sum_t * sum_t;
  if (n < 3 || spread <= 0 || sum_x <= 0) return std::numeric_limits<double>::quiet_NaN();
  return (n * sum_tx - sum_t * sum_x) / spread / (sum_x / n);
}

void Compute(SeriesContext& series, std::span<double> all) {
  const std::size_t n = series.size();
  all[0] = Slope(series, 0, n);
  all[1] = Slope(series, 0, n / 2);
  all[2] = Slope(series, n / 2, n);
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_slope{.name = "slope",
                                .doc =
                                    "Least-squares trend over the whole record and over each half, as the "
                                    "change from its beginning to its end over its mean",
                                .presets = kTheft,
                                .position = 1012,
                                .cost = CostClass::kLinear,
                                .default_grid = &DefaultGrid,
                                .bind = &Bind};

}  // namespace meterhound::features
