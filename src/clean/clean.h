// Clean: what stands where the meter gave no reading, so that every later stage sees numbers; the mask keeps the truth.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/panel.h"
#include "base/result.h"
#include "base/run_context.h"

namespace meterhound::clean {

/// What fills the gaps of a series. Each consumer and kind is filled from its own readings alone.
enum class Policy : std::uint8_t {
  kForwardBackwardZero,  ///< the reading before; before the first one, the first; zero where there is none at all
  kNone,                 ///< gaps stay NaN
  /// The median of the consumer's readings of the same season: weekday and month for daily series, slot of the week for
  /// hourly and finer ones, calendar month otherwise; where that season was never read, the median of all its readings;
  /// zero where there is none at all. Series without a calendar have no seasons.
  kSeasonalMedian,
};

/// "forward_backward_zero", "none", "seasonal_median".
std::string_view PolicyName(Policy policy);
/// An error lists the known names.
Result<Policy> ParsePolicy(std::string_view name);

/// Fills `values` wherever `missing` says so. The mask never changes, nor does a value that was read. A reading that is
/// NaN although the mask calls it read is a broken promise of the reader and an error.
Status Clean(Panel& panel, Policy policy, const RunContext& context);

}  // namespace meterhound::clean
