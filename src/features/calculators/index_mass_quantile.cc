// index_mass_quantile: where a share of the mass has passed.
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// One pass for all q: the first place where the running share reaches q.
void Compute(SeriesContext& series, std::span<const double> q, std::span<double> out) {
  const auto x = series.values();
  const double total = numerics::PairwiseSum(x.size(), [x](std::size_t i) { return std::fabs(x[i]); });
  for (std::size_t k = 0; k < q.size(); ++k) {
    if (total == 0) {
      out[k] = kNaN;
      continue;
    }
    double running = 0;
    std::size_t place = 0;  // numpy.argmax of no match is 0
    for (std::size_t i = 0; i < x.size(); ++i) {
      running += std::fabs(x[i]);
      if (running / total >= q[k]) {
        place = i;
        break;
      }
    }
    out[k] = static_cast<double>(place + 1) / static_cast<double>(x.size());
  }
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const double q : {0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9}) grid.push_back({{"q", q}});
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<double> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const double q, GetDouble(parameters, "q"));
    all.push_back(q);
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) { Compute(series, all, out); });
}

}  // namespace

extern const Calculator k_index_mass_quantile{.name = "index_mass_quantile",
                                              .doc = "Relative place at which a share q of the absolute sum is reached",
                                              .presets = kEfficient | kComprehensive,
                                              .position = 49,
                                              .cost = CostClass::kLinear,
                                              .default_grid = &DefaultGrid,
                                              .bind = &Bind};

}  // namespace meterhound::features
