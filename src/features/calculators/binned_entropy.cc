// binned_entropy: the entropy of the histogram over equal bins.
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/histogram.h"

namespace meterhound::features {
namespace {

Result<std::size_t> ReadBins(const Parameters& parameters) { return GetCount(parameters, "max_bins", 1, 1000000); }

double Compute(SeriesContext& series, std::size_t bins) {
  const auto counts = series.Scratch(0, bins);
  if (series.size() == 0 || !numerics::Histogram(series.values(), counts, series.Scratch(1, bins + 1))) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return numerics::EntropyOfCounts(counts, static_cast<double>(series.size()));
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("max_bins", {10}); }

}  // namespace

extern const Calculator k_binned_entropy{.name = "binned_entropy",
                                         .doc =
                                             "Entropy of the histogram over max_bins equally wide bins: low "
                                             "when most readings are alike",
                                         .presets = kEfficient | kComprehensive,
                                         .position = 48,
                                         .cost = CostClass::kLinear,
                                         .default_grid = &DefaultGrid,
                                         .bind = BindEach<&ReadBins, &Compute>,
                                         .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
