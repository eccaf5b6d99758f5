// One consumer's series of one kind, as every stage sees it: values, what was missing, and when.
#pragma once

#include <cstdint>
#include <span>

#include "base/calendar.h"

namespace meterhound {

/// A borrowed view; all spans have the same length and are in ascending time order.
struct SeriesView {
  std::span<const double> values;  ///< the kind's unit (kWh for consumption); NaN only where missing and not yet filled
  std::span<const std::uint8_t> missing;  ///< 1 where the source held no reading, whatever `values` was filled with
  std::span<const double> times;  ///< seconds since 1970-01-01, or the source's own numbers when cadence is kSteps
  Cadence cadence = Cadence::kSteps;

  std::size_t size() const { return values.size(); }
};

}  // namespace meterhound
