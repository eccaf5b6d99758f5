// query_similarity_count: how often a given stretch of values occurs in the series.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Request {
  std::vector<double> query;
  double threshold = 0;
  bool normalise = true;
};

// tsfresh's default has no query; the value is then NaN.
Result<Request> ReadRequest(const Parameters& parameters) {
  Request request;
  for (const auto& [name, value] : parameters) {
    if (name == "threshold") {
      METERHOUND_ASSIGN_OR_RETURN(request.threshold, GetDouble(parameters, "threshold"));
    } else if (name == "normalize") {
      METERHOUND_ASSIGN_OR_RETURN(request.normalise, GetBool(parameters, "normalize"));
    } else if (name == "query" && !std::holds_alternative<std::monostate>(value)) {
      METERHOUND_ASSIGN_OR_RETURN(request.query, GetNumbers(parameters, "query"));
    }
  }
  return request;
}

struct Scale {
  double mean = 0;
  double deviation = 0;
};

Scale ScaleOf(std::span<const double> values) {
  const double n = static_cast<double>(values.size());
  const double mean = numerics::PairwiseSum(values) / n;
  const auto square = [values, mean](std::size_t i) { return (values[i] - mean) * (values[i] - mean); };
  return {mean, std::sqrt(numerics::PairwiseSum(values.size(), square) / n)};
}

// Euclidean distance; normalised ones are taken between z-scores, a constant stretch being like another constant one
// and as far as possible from the rest.
double Distance(std::span<const double> query, const Scale& scale, std::span<const double> stretch, bool normalise) {
  const std::size_t n = query.size();
  if (!normalise) {
    return std::sqrt(
        numerics::PairwiseSum(n, [&](std::size_t i) { return (query[i] - stretch[i]) * (query[i] - stretch[i]); }));
  }
  const Scale other = ScaleOf(stretch);
  if (scale.deviation == 0 && other.deviation == 0) return 0;
  if (scale.deviation == 0 || other.deviation == 0) return std::sqrt(static_cast<double>(n));
  return std::sqrt(numerics::PairwiseSum(n, [&](std::size_t i) {
    const double d = (query[i] - scale.mean) / scale.deviation - (stretch[i] - other.mean) / other.deviation;
    return d * d;
  }));
}

double Compute(SeriesContext& series, const Request& request) {
  constexpr std::size_t kShortestQuery = 3;
  const auto x = series.values();
  if (request.query.size() < kShortestQuery || x.size() < request.query.size()) return kNaN;
  const Scale scale = ScaleOf(request.query);
  std::size_t similar = 0;
  for (std::size_t i = 0; i + request.query.size() <= x.size(); ++i) {
    const auto stretch = x.subspan(i, request.query.size());
    similar += Distance(request.query, scale, stretch, request.normalise) <= request.threshold ? 1 : 0;
  }
  return static_cast<double>(similar);
}

constexpr std::array<std::string_view, 1> kMoreParameters = {"normalize"};

std::vector<Parameters> DefaultGrid() { return {{{"query", ParameterValue()}, {"threshold", 0.0}}}; }

}  // namespace

extern const Calculator k_query_similarity_count{
    .name = "query_similarity_count",
    .doc = "Number of stretches within a distance (threshold) of a query; undefined without a query",
    .presets = kEfficient | kComprehensive,
    .position = 73,
    .cost = CostClass::kLinear,
    .default_grid = &DefaultGrid,
    .more_parameters = kMoreParameters,
    .bind = BindEach<&ReadRequest, &Compute>,
    .tolerance = kExact};

}  // namespace meterhound::features
