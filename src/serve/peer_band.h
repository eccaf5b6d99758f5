// PeerBand: how the consumers of one file use energy over time, as a band to see one of them against.
#pragma once

#include "base/json.h"
#include "base/panel.h"
#include "base/run_context.h"

namespace meterhound::serve {

/// The 10th, 50th and 90th percentile of the observed readings at each time, over all consumers: {"what", "consumers",
/// "times", "low", "median", "high"}. Null where fewer than kFewestPeers share a timeline, or times are no calendar's.
inline constexpr std::size_t kFewestPeers = 20;
Json PeerBand(const Panel& panel, const RunContext& context);

/// How a time is written beside a series: a day, or day and minutes.
std::string TimeText(double time, Cadence cadence);

}  // namespace meterhound::serve
