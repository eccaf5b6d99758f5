// fourier_entropy: how evenly the spectral density's values spread over equal bins.
#include <algorithm>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/histogram.h"

namespace meterhound::features {
namespace {

Result<std::size_t> ReadBins(const Parameters& parameters) { return GetCount(parameters, "bins", 1, 1000000); }

double Compute(SeriesContext& series, std::size_t bins) {
  const auto density = series.Density();
  if (density.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double largest = *std::max_element(density.begin(), density.end());
  const auto relative = series.Scratch(0, density.size());
  std::transform(density.begin(), density.end(), relative.begin(), [largest](double v) { return v / largest; });
  const auto counts = series.Scratch(1, bins);
  if (!numerics::Histogram(relative, counts, series.Scratch(2, bins + 1))) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return numerics::EntropyOfCounts(counts, static_cast<double>(density.size()));
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("bins", {2, 3, 5, 10, 100}); }

}  // namespace

extern const Calculator k_fourier_entropy{.name = "fourier_entropy",
                                          .doc =
                                              "Entropy of the spectral density's values (Welch) over bins "
                                              "equally wide bins: low when few rhythms rule",
                                          .presets = kEfficient | kComprehensive,
                                          .position = 71,
                                          .cost = CostClass::kSpectrum,
                                          .default_grid = &DefaultGrid,
                                          .bind = BindEach<&ReadBins, &Compute>,
                                          .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
