// index_mass_quantile: where a share of the absolute mass has passed.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

Result<double> ReadQ(const Parameters& parameters) { return GetDouble(parameters, "q"); }

// One pass for all q, taken in ascending order. A share that is never reached counts as reached at once, as
// numpy.argmax of no match is 0.
void Compute(SeriesContext& series, std::span<const double> q, std::span<const std::size_t> ascending,
             std::span<double> out) {
  const auto x = series.values();
  const double n = static_cast<double>(x.size());
  const double total = numerics::PairwiseSum(x.size(), [x](std::size_t i) { return std::fabs(x[i]); });
  std::fill(out.begin(), out.end(), total == 0 ? std::numeric_limits<double>::quiet_NaN() : 1 / n);
  if (total == 0) return;
  double running = 0;
  std::size_t next = 0;
  for (std::size_t i = 0; i < x.size() && next < ascending.size(); ++i) {
    running += std::fabs(x[i]);
    const double share = running / total;
    while (next < ascending.size() && share >= q[ascending[next]]) {
      out[ascending[next++]] = static_cast<double>(i + 1) / n;
    }
  }
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("q", {0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9}); }

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<double> q, ReadGrid<&ReadQ>(grid));
  std::vector<std::size_t> ascending(q.size());
  std::iota(ascending.begin(), ascending.end(), std::size_t{0});
  std::sort(ascending.begin(), ascending.end(), [&q](std::size_t a, std::size_t b) { return q[a] < q[b]; });
  return Kernel([q, ascending](SeriesContext& series, std::span<double> out) { Compute(series, q, ascending, out); });
}

}  // namespace

extern const Calculator k_index_mass_quantile{.name = "index_mass_quantile",
                                              .doc =
                                                  "Place, as a share of the length, at which a share q of the "
                                                  "absolute readings' sum is reached",
                                              .presets = kEfficient | kComprehensive,
                                              .position = 49,
                                              .cost = CostClass::kLinear,
                                              .default_grid = &DefaultGrid,
                                              .bind = &Bind,
                                              .tolerance = kExact};

}  // namespace meterhound::features
