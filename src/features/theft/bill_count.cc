// bill_count: how many bills there are.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

double Compute(SeriesContext& series) { return static_cast<double>(series.size()); }

}  // namespace

extern const Calculator k_bill_count{.name = "bill_count",
                                     .doc = "Number of bills, with a value or without",
                                     .presets = kBills,
                                     .position = 1119,
                                     .cost = CostClass::kLinear,
                                     .group = FeatureGroup::kCoverage,
                                     .bind = BindPlain<&Compute>};

}  // namespace meterhound::features
