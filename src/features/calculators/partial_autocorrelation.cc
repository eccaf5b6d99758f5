// partial_autocorrelation: correlation at a lag that shorter lags do not explain, by the Levinson-Durbin recursion.
#include <algorithm>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/autoregression.h"

namespace meterhound::features {
namespace {

Result<std::size_t> ReadLag(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t lag, GetInt(parameters, "lag"));
  if (lag < 0) return InvalidInput("parameter 'lag': expected 0 or more");
  return static_cast<std::size_t>(lag);
}

// tsfresh asks for lags below half the length only; all others are undefined.
void Compute(SeriesContext& series, std::span<const std::size_t> lags, std::size_t largest, std::span<double> out) {
  const std::size_t n = series.size();
  std::fill(out.begin(), out.end(), std::numeric_limits<double>::quiet_NaN());
  if (n < 4 || largest == 0) return;
  const std::size_t order = std::min(largest, n / 2 - 1);
  const auto products = series.CentredProducts(order);
  const auto covariances = series.Scratch(0, order + 1);
  for (std::size_t k = 0; k <= order; ++k) covariances[k] = products[k] / static_cast<double>(n - k);
  const auto partial = series.Scratch(1, order + 1);
  numerics::LevinsonDurbin(covariances, partial);
  for (std::size_t i = 0; i < lags.size(); ++i) {
    if (lags[i] <= order) out[i] = partial[lags[i]];
  }
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("lag", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}); }

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<std::size_t> lags, ReadGrid<&ReadLag>(grid));
  const std::size_t largest = lags.empty() ? 0 : *std::max_element(lags.begin(), lags.end());
  return Kernel([lags, largest](SeriesContext& series, std::span<double> out) { Compute(series, lags, largest, out); });
}

}  // namespace

extern const Calculator k_partial_autocorrelation{
    .name = "partial_autocorrelation",
    .doc =
        "Correlation of readings lag apart after what the "
        "readings between explain",
    .presets = kEfficient | kComprehensive,
    .position = 45,
    .cost = CostClass::kLinear,
    .default_grid = &DefaultGrid,
    .bind = &Bind,
    .tolerance = {
        .error = 1e-9, .unit = Unit::kOne, .reason = "products of deviations cancel where there is no correlation"}};

}  // namespace meterhound::features
