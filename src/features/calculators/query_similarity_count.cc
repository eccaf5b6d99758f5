// query_similarity_count: how often a given stretch occurs; without one, undefined.
#include <algorithm>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<Parameters> DefaultGrid() { return {{{"query", ParameterValue()}, {"threshold", 0.0}}}; }

// tsfresh's default has no query, and its value is then NaN. A query would need normalised distance profiles.
Result<Kernel> Bind(std::span<const Parameters> grid) {
  for (const Parameters& parameters : grid) {
    for (const auto& [name, value] : parameters) {
      if (name == "query" && !std::holds_alternative<std::monostate>(value)) {
        return Unsupported("parameter 'query': only None is supported");
      }
    }
  }
  return Kernel([](SeriesContext&, std::span<double> out) { std::fill(out.begin(), out.end(), kNaN); });
}

}  // namespace

extern const Calculator k_query_similarity_count{
    .name = "query_similarity_count",
    .doc = "Number of stretches similar to a query (undefined without one)",
    .presets = kEfficient | kComprehensive,
    .position = 73,
    .cost = CostClass::kLinear,
    .default_grid = &DefaultGrid,
    .bind = &Bind};

}  // namespace meterhound::features
