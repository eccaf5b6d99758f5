// quantile: the value below which a share q of the readings lies.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

Result<double> ReadQ(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const double q, GetDouble(parameters, "q"));
  if (!(q >= 0 && q <= 1)) return InvalidInput("parameter 'q': expected a number from 0 to 1");
  return q;
}

double Compute(SeriesContext& series, double q) { return series.Quantile(q); }

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("q", {0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9}); }

}  // namespace

extern const Calculator k_quantile{.name = "quantile",
                                   .doc =
                                       "Reading that a share q of all lie below (linear interpolation, as "
                                       "numpy)",
                                   .presets = kEfficient | kComprehensive,
                                   .position = 42,
                                   .cost = CostClass::kSort,
                                   .default_grid = &DefaultGrid,
                                   .bind = BindEach<&ReadQ, &Compute>,
                                   .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
