// RequestStatistics: how many requests there were, how many failed, and how long they took.
#pragma once

#include "base/json.h"
#include "http/metrics.h"

namespace meterhound::serve {

/// {"total", "errors" (5xx), "p50_ms", "p99_ms"} since the start, from the server's own histograms; a percentile is the
/// upper bound of the bucket that it falls into, null before the first request.
Json RequestStatistics(http::Metrics& metrics);

}  // namespace meterhound::serve
