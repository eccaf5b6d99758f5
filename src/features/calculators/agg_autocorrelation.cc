// agg_autocorrelation: mean, median or variance of the autocorrelations up to a largest lag.
#include <algorithm>
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

enum class Aggregate { kMean, kMedian, kVariance, kDeviation };

struct Request {
  Aggregate aggregate;
  std::size_t lags;
};

Result<Request> ReadRequest(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string name, GetString(parameters, "f_agg"));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t lags, GetInt(parameters, "maxlag"));
  if (lags < 1) return InvalidInput("parameter 'maxlag': expected 1 or more");
  const auto count = static_cast<std::size_t>(lags);
  if (name == "mean") return Request{Aggregate::kMean, count};
  if (name == "median") return Request{Aggregate::kMedian, count};
  if (name == "var") return Request{Aggregate::kVariance, count};
  if (name == "std") return Request{Aggregate::kDeviation, count};
  return InvalidInput("parameter 'f_agg': found \"" + name + "\", expected \"mean\", \"median\", \"var\" or \"std\"");
}

double Summarise(std::span<double> values, Aggregate aggregate) {
  const std::size_t n = values.size();
  if (n == 0) return std::numeric_limits<double>::quiet_NaN();
  if (aggregate == Aggregate::kMedian) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(n / 2);
    std::nth_element(values.begin(), middle, values.end());
    return n % 2 == 1 ? *middle : (*std::max_element(values.begin(), middle) + *middle) / 2;
  }
  const double mean = numerics::PairwiseSum(values) / static_cast<double>(n);
  if (aggregate == Aggregate::kMean) return mean;
  const double variance =
      numerics::PairwiseSum(n, [&](std::size_t i) { return (values[i] - mean) * (values[i] - mean); }) /
      static_cast<double>(n);
  return aggregate == Aggregate::kVariance ? variance : std::sqrt(variance);
}

double Compute(SeriesContext& series, const Request& request) {
  constexpr double kNoVariance = 1e-10;  // tsfresh then takes all autocorrelations as 0
  const std::size_t n = series.size();
  if (n == 0 || std::isnan(series.Variance())) return std::numeric_limits<double>::quiet_NaN();
  if (n == 1 || series.Variance() < kNoVariance) return 0;
  const std::size_t lags = std::min(request.lags, n - 1);
  const auto products = series.CentredProducts(lags);
  const double at_zero = products[0] / static_cast<double>(n);
  const auto correlations = series.Scratch(0, lags);
  for (std::size_t k = 1; k <= lags; ++k) {
    correlations[k - 1] = products[k] / static_cast<double>(n - k) / at_zero;
  }
  return Summarise(correlations, request.aggregate);
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const char* aggregate : {"mean", "median", "var"}) {
    grid.push_back({{"f_agg", std::string(aggregate)}, {"maxlag", 40}});
  }
  return grid;
}

}  // namespace

extern const Calculator k_agg_autocorrelation{
    .name = "agg_autocorrelation",
    .doc =
        "Mean, median or variance (f_agg) of the autocorrelations at "
        "lags 1 to maxlag: how much the past repeats itself",
    .presets = kEfficient | kComprehensive,
    .position = 44,
    .cost = CostClass::kLinear,
    .default_grid = &DefaultGrid,
    .bind = BindEach<&ReadRequest, &Compute>,
    .tolerance = {
        .error = 1e-12, .unit = Unit::kOne, .reason = "products of deviations cancel where there is no correlation"}};

}  // namespace meterhound::features
