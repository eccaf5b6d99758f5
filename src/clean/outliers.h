// Outliers: readings no meter can have meant (92,713.9 kWh on one day of a flat), limited before they swamp a mean.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/panel.h"
#include "base/result.h"
#include "base/run_context.h"

namespace meterhound::clean {

enum class OutlierPolicy : std::uint8_t {
  kNone,  ///< readings stay as read (the default: a spike is evidence too)
  /// A reading above Q3 + 10 (Q3 - Q1) of the consumer's own readings becomes that limit. Q1 and Q3 are the readings at
  /// places floor(n/4) and floor(3n/4) in ascending order, so that clipping twice is clipping once. Left alone: series
  /// of fewer than 8 readings, those with Q1 = Q3, and kinds that do not speak of behaviour.
  kClipSpikes,
};

/// "none", "clip_spikes".
std::string_view OutlierPolicyName(OutlierPolicy policy);
/// An error lists the known names.
Result<OutlierPolicy> ParseOutlierPolicy(std::string_view name);

/// Applies the policy to the readings that the mask calls read. @return how many were changed.
Result<std::size_t> LimitOutliers(Panel& panel, OutlierPolicy policy, const RunContext& context);

}  // namespace meterhound::clean
