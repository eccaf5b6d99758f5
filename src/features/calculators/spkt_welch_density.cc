// spkt_welch_density: the spectral density at one frequency, by Welch's method.
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

Result<std::size_t> ReadBin(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t coefficient, GetInt(parameters, "coeff"));
  if (coefficient < 0) return InvalidInput("parameter 'coeff': expected 0 or more");
  return static_cast<std::size_t>(coefficient);
}

double Compute(SeriesContext& series, std::size_t bin) {
  const auto density = series.Density();
  return bin < density.size() ? density[bin] : std::numeric_limits<double>::quiet_NaN();
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("coeff", {2, 5, 8}); }

}  // namespace

extern const Calculator k_spkt_welch_density{
    .name = "spkt_welch_density",
    .doc =
        "Spectral density (Welch, segments of at most 256 readings) at "
        "the frequency of coeff periods a segment",
    .presets = kEfficient | kComprehensive,
    .position = 51,
    .cost = CostClass::kSpectrum,
    .default_grid = &DefaultGrid,
    .bind = BindEach<&ReadBin, &Compute>,
    .tolerance = {.error = 1e-14,
                  .unit = Unit::kEnergy,
                  .reason = "a frequency that the series lacks is left with the rounding of those it has"}};

}  // namespace meterhound::features
