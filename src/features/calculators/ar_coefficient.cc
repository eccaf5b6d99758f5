// ar_coefficient: coefficients of an autoregressive model with a constant, by least squares.
#include <algorithm>
#include <limits>
#include <map>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/autoregression.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Request {
  std::size_t coefficient;
  std::size_t lags;
};

Result<Request> ReadRequest(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t coefficient, GetInt(parameters, "coeff"));
  METERHOUND_ASSIGN_OR_RETURN(const std::size_t lags, GetCount(parameters, "k", 1, 1000));
  if (coefficient < 0) return InvalidInput("parameter 'coeff': expected 0 or more");
  return Request{static_cast<std::size_t>(coefficient), lags};
}

// On series too short for the model tsfresh fills k of the k + 1 coefficients with NaN and the last with 0.
void Fit(SeriesContext& series, std::span<double> coefficients) {
  const std::size_t lags = coefficients.size() - 1;
  if (series.size() <= 2 * lags) {
    std::fill(coefficients.begin(), coefficients.end(), kNaN);
    coefficients.back() = 0;
    return;
  }
  numerics::FitAutoregression(series.Centred(), series.Mean(), series.CentredProducts(lags), coefficients);
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (std::int64_t coefficient = 0; coefficient <= 10; ++coefficient) {
    grid.push_back({{"coeff", coefficient}, {"k", 10}});
  }
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<Request> requests, ReadGrid<&ReadRequest>(grid));
  std::map<std::size_t, std::vector<std::size_t>> by_lags;  // model order -> places in the grid
  for (std::size_t i = 0; i < requests.size(); ++i) by_lags[requests[i].lags].push_back(i);
  return Kernel([requests, by_lags](SeriesContext& series, std::span<double> out) {
    for (const auto& [lags, places] : by_lags) {
      const auto coefficients = series.Scratch(0, lags + 1);
      Fit(series, coefficients);
      for (const std::size_t i : places) {
        out[i] = requests[i].coefficient <= lags ? coefficients[requests[i].coefficient] : kNaN;
      }
    }
  });
}

}  // namespace

extern const Calculator k_ar_coefficient{
    .name = "ar_coefficient",
    .doc =
        "Coefficient coeff of an autoregression of each reading on the k "
        "before it (coeff 0: its constant)",
    .presets = kEfficient | kComprehensive,
    .position = 52,
    .cost = CostClass::kRegression,
    .default_grid = &DefaultGrid,
    .bind = &Bind,
    .tolerance = {.error = 1e-7,
                  .unit = Unit::kOne,
                  .reason = "neighbouring lags are nearly combinations of each other, "
                            "and a level far from zero takes digits from all"}};

}  // namespace meterhound::features
