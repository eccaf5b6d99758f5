// agg_linear_trend: a straight line through aggregates of consecutive chunks.
#include <algorithm>
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/linear_regression.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

enum class Aggregate { kMax, kMin, kMean, kVariance, kDeviation, kSum };

struct Fitted {
  std::size_t chunk;
  Aggregate aggregate;
  bool operator==(const Fitted&) const = default;
};

struct Request {
  Fitted fitted;
  numerics::LineAttribute attribute;
};

Result<Aggregate> ParseAggregate(const std::string& name) {
  if (name == "max") return Aggregate::kMax;
  if (name == "min") return Aggregate::kMin;
  if (name == "mean") return Aggregate::kMean;
  if (name == "var") return Aggregate::kVariance;
  if (name == "std") return Aggregate::kDeviation;
  if (name == "sum") return Aggregate::kSum;
  return InvalidInput("parameter 'f_agg': found \"" + name +
                      "\", expected \"max\", \"min\", \"mean\", \"var\", \"std\" or \"sum\"");
}

Result<Request> ReadRequest(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string attribute, GetString(parameters, "attr"));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t chunk, GetInt(parameters, "chunk_len"));
  METERHOUND_ASSIGN_OR_RETURN(const std::string name, GetString(parameters, "f_agg"));
  METERHOUND_ASSIGN_OR_RETURN(const numerics::LineAttribute wanted, numerics::ParseLineAttribute(attribute));
  METERHOUND_ASSIGN_OR_RETURN(const Aggregate aggregate, ParseAggregate(name));
  if (chunk < 1) return InvalidInput("parameter 'chunk_len': expected 1 or more");
  return Request{{static_cast<std::size_t>(chunk), aggregate}, wanted};
}

double Summarise(std::span<const double> chunk, Aggregate aggregate) {
  if (aggregate == Aggregate::kMax) return *std::max_element(chunk.begin(), chunk.end());
  if (aggregate == Aggregate::kMin) return *std::min_element(chunk.begin(), chunk.end());
  const double sum = numerics::PairwiseSum(chunk);
  if (aggregate == Aggregate::kSum) return sum;
  const double n = static_cast<double>(chunk.size());
  const double mean = sum / n;
  if (aggregate == Aggregate::kMean) return mean;
  const double variance =
      numerics::PairwiseSum(chunk.size(),
                            [chunk, mean](std::size_t i) { return (chunk[i] - mean) * (chunk[i] - mean); }) /
      n;
  return aggregate == Aggregate::kVariance ? variance : std::sqrt(variance);
}

numerics::LineFit Fit(SeriesContext& series, const Fitted& wanted) {
  const auto x = series.values();
  if (wanted.chunk >= x.size()) return numerics::FitLine({});
  const std::size_t chunks = (x.size() + wanted.chunk - 1) / wanted.chunk;
  const auto aggregates = series.Scratch(0, chunks);
  for (std::size_t c = 0; c < chunks; ++c) {
    const std::size_t begin = c * wanted.chunk;
    aggregates[c] = Summarise(x.subspan(begin, std::min(wanted.chunk, x.size() - begin)), wanted.aggregate);
  }
  return numerics::FitLine(aggregates);
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const char* attribute : {"rvalue", "intercept", "slope", "stderr"}) {
    for (const std::int64_t chunk : {5, 10, 50}) {
      for (const char* aggregate : {"max", "min", "mean", "var"}) {
        grid.push_back({{"attr", std::string(attribute)}, {"chunk_len", chunk}, {"f_agg", std::string(aggregate)}});
      }
    }
  }
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(std::vector<Request> requests, ReadGrid<&ReadRequest>(grid));
  std::vector<Fitted> fits;
  std::vector<std::vector<std::size_t>> places;  // of each fit's values in the grid
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto known = std::find(fits.begin(), fits.end(), requests[i].fitted);
    const auto fit = static_cast<std::size_t>(known - fits.begin());
    if (known == fits.end()) {
      fits.push_back(requests[i].fitted);
      places.emplace_back();
    }
    places[fit].push_back(i);
  }
  return Kernel([requests, fits, places](SeriesContext& series, std::span<double> out) {
    for (std::size_t f = 0; f < fits.size(); ++f) {
      const numerics::LineFit fit = Fit(series, fits[f]);
      for (const std::size_t i : places[f]) out[i] = numerics::Attribute(fit, requests[i].attribute);
    }
  });
}

Tolerance Allowed(const Parameters& parameters) {
  const std::string aggregate = *GetString(parameters, "f_agg");
  const Unit heights = aggregate == "var" ? Unit::kLargestSquared : aggregate == "sum" ? Unit::kSum : Unit::kLargest;
  return LineTolerance(*GetString(parameters, "attr"), heights);
}

}  // namespace

extern const Calculator k_agg_linear_trend{.name = "agg_linear_trend",
                                           .doc =
                                               "Least-squares line through chunks of chunk_len readings, each "
                                               "reduced to its maximum, minimum, mean or variance (f_agg); attr "
                                               "names the line's slope, intercept, correlation, error or "
                                               "p-value",
                                           .presets = kEfficient | kComprehensive,
                                           .position = 62,
                                           .cost = CostClass::kLinear,
                                           .default_grid = &DefaultGrid,
                                           .bind = &Bind,
                                           .tolerance_of = &Allowed};

}  // namespace meterhound::features
