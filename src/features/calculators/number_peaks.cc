// number_peaks: values higher than all their n neighbours on either side.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

Result<std::int64_t> ReadSupport(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t n, GetInt(parameters, "n"));
  if (n < 1) return InvalidInput("parameter 'n': expected 1 or more");
  return n;
}

double Compute(SeriesContext& series, std::int64_t n) {
  const auto x = series.values();
  const auto support = static_cast<std::size_t>(n);
  std::size_t peaks = 0;
  for (std::size_t i = support; i + support < x.size(); ++i) {
    std::size_t k = 1;
    while (k <= support && x[i] > x[i - k] && x[i] > x[i + k]) ++k;
    peaks += k > support ? 1 : 0;
  }
  return static_cast<double>(peaks);
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("n", {1, 3, 5, 10, 50}); }

}  // namespace

extern const Calculator k_number_peaks{.name = "number_peaks",
                                       .doc = "Number of readings higher than their n neighbours on either side",
                                       .presets = kEfficient | kComprehensive,
                                       .position = 47,
                                       .cost = CostClass::kLinear,
                                       .default_grid = &DefaultGrid,
                                       .bind = BindEach<&ReadSupport, &Compute>};

}  // namespace meterhound::features
