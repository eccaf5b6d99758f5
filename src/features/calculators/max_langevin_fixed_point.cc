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
  METERHOUND_ASSIGN_OR_RETURN(const std::size_t degree, GetCount(parameters, "m", 1, 100));
  METERHOUND_ASSIGN_OR_RETURN(const std::size_t bins, GetCount(parameters, "r", 1, 1000000));
  return Request{degree, bins};
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
    .bind = BindEach<&ReadRequest, &Compute>,
    .tolerance = {
        .error = 1e-4,
        .reason =
            "powers of levels far from zero are nearly proportional, so the cubic's coefficients are of few digits"}};

}  // namespace meterhound::features
