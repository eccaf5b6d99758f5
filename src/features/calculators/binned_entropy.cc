// binned_entropy: the entropy of the histogram over equal bins.
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/histogram.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Compute(SeriesContext& series, std::int64_t bins) {
  if (bins < 1) return kNaN;
  const auto counts = series.Scratch(0, static_cast<std::size_t>(bins));
  numerics::Histogram(series.values(), series.Minimum(), series.Maximum(), counts);
  double entropy = 0;
  for (const double count : counts) {
    const double share = count / static_cast<double>(series.size());
    if (share > 0) entropy -= share * std::log(share);
  }
  return entropy;
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const std::int64_t max_bins : {std::int64_t{10}}) grid.push_back({{"max_bins", max_bins}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<std::int64_t> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const std::int64_t max_bins, GetInt(parameters, "max_bins"));
    all.push_back(max_bins);
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_binned_entropy{.name = "binned_entropy",
                                         .doc = "Entropy of the distribution over max_bins equal bins",
                                         .presets = kEfficient | kComprehensive,
                                         .position = 48,
                                         .cost = CostClass::kLinear,
                                         .default_grid = &DefaultGrid,
                                         .bind = &Bind};

}  // namespace meterhound::features
