// first_location_of_maximum: where the maximum occurs first, relative to the length.
#include <algorithm>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto x = series.values();
  const auto place = std::max_element(x.begin(), x.end()) - x.begin();
  return static_cast<double>(place) / static_cast<double>(x.size());
}

}  // namespace

extern const Calculator k_first_location_of_maximum{.name = "first_location_of_maximum",
                                                    .doc =
                                                        "Place of the first highest reading as a share of the "
                                                        "length",
                                                    .presets = kEfficient | kComprehensive,
                                                    .position = 24,
                                                    .cost = CostClass::kLinear,
                                                    .bind = BindPlain<&Compute>,
                                                    .tolerance = kExact};

}  // namespace meterhound::features
