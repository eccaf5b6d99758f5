// last_location_of_minimum: where the minimum occurs last, relative to the length.
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) {
  const auto x = series.values();
  std::size_t place = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    if (x[i] <= x[place]) place = i;
  }
  // tsfresh's form, 1 - argmax(reversed) / n, keeps its rounding.
  return 1.0 - static_cast<double>(x.size() - 1 - place) / static_cast<double>(x.size());
}

}  // namespace

extern const Calculator k_last_location_of_minimum{.name = "last_location_of_minimum",
                                                   .doc =
                                                       "Place just after the last lowest reading as a share of "
                                                       "the length",
                                                   .presets = kEfficient | kComprehensive,
                                                   .position = 25,
                                                   .cost = CostClass::kLinear,
                                                   .bind = BindPlain<&Compute>,
                                                   .tolerance = kExact};

}  // namespace meterhound::features
