// max_langevin_fixed_point: the highest level at which the fitted Langevin drift vanishes.
#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/langevin.h"

namespace meterhound::features {
namespace {

struct Request {
  std::size_t degree;
  std::size_t bins;
};

Result<Request> ReadRequest(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t degree, GetInt(parameters, "m"));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t bins, GetInt(parameters, "r"));
  if (degree < 1) return InvalidInput("parameter 'm': expected 1 or more");
  if (bins < 1) return InvalidInput("parameter 'r': expected 1 or more");
  return Request{static_cast<std::size_t>(degree), static_cast<std::size_t>(bins)};
}

double Compute(SeriesContext& series, const Request& request) {
  return numerics::LargestRealRoot(series.Drift(request.degree, request.bins));
}

std::vector<Parameters> DefaultGrid() { return {{{"m", 3}, {"r", 30}}}; }

}  // namespace

extern const Calculator k_max_langevin_fixed_point{
    .name = "max_langevin_fixed_point",
    .doc =
        "Highest level that attracts or repels: largest real root of the drift polynomial of degree m over r "
        "quantile bins",
    .presets = kEfficient | kComprehensive,
    .position = 60,
    .cost = CostClass::kSort,
    .default_grid = &DefaultGrid,
    .bind = BindEach<&ReadRequest, &Compute>};

}  // namespace meterhound::features
