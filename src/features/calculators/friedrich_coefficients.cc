// friedrich_coefficients: the drift polynomial of the Langevin equation fitted to the series.
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

struct Request {
  std::size_t coefficient;
  std::size_t degree;
  std::size_t bins;
};

Result<Request> ReadRequest(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t coefficient, GetInt(parameters, "coeff"));
  METERHOUND_ASSIGN_OR_RETURN(const std::size_t degree, GetCount(parameters, "m", 1, 100));
  METERHOUND_ASSIGN_OR_RETURN(const std::size_t bins, GetCount(parameters, "r", 1, 1000000));
  if (coefficient < 0) return InvalidInput("parameter 'coeff': expected 0 or more");
  return Request{static_cast<std::size_t>(coefficient), degree, bins};
}

double Compute(SeriesContext& series, const Request& request) {
  if (request.coefficient > request.degree) return std::numeric_limits<double>::quiet_NaN();
  return series.Drift(request.degree, request.bins)[request.coefficient];
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (std::int64_t coefficient = 0; coefficient <= 3; ++coefficient) {
    grid.push_back({{"coeff", coefficient}, {"m", 3}, {"r", 30}});
  }
  return grid;
}

}  // namespace

extern const Calculator k_friedrich_coefficients{
    .name = "friedrich_coefficients",
    .doc =
        "Mean change at a given level as a polynomial of degree m, fitted over r quantile bins (Langevin "
        "drift): coefficient coeff, 0 for the highest power",
    .presets = kEfficient | kComprehensive,
    .position = 59,
    .cost = CostClass::kSort,
    .default_grid = &DefaultGrid,
    .bind = BindEach<&ReadRequest, &Compute>,
    .tolerance = {
        .error = 1e-4,
        .reason =
            "powers of levels far from zero are nearly proportional, so the cubic's coefficients are of few digits"}};

}  // namespace meterhound::features
