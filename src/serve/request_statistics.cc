// Sums over routes.
#include "serve/request_statistics.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace meterhound::serve {
namespace {

// @param counts cumulative, by upper bound in seconds.
Json Percentile(const std::map<double, double>& counts, double share) {
  if (counts.empty() || counts.rbegin()->second <= 0) return nullptr;
  const double wanted = share * counts.rbegin()->second;
  double last = 0;
  for (const auto& [bound, count] : counts) {
    if (std::isfinite(bound)) last = bound;
    if (count >= wanted) break;
  }
  return 1000 * last;
}

bool IsStream(const prometheus::ClientMetric& metric) {
  return std::any_of(metric.label.begin(), metric.label.end(), [](const prometheus::ClientMetric::Label& label) {
    return label.name == "route" && label.value.ends_with("/events");
  });
}

}  // namespace

Json RequestStatistics(http::Metrics& metrics) {
  double total = 0;
  double errors = 0;
  std::map<double, double> buckets;
  for (const prometheus::MetricFamily& family : metrics.Collect()) {
    for (const prometheus::ClientMetric& metric : family.metric) {
      if (IsStream(metric)) continue;  // open for as long as their job takes
      if (family.name == "meterhound_http_requests_total") {
        total += metric.counter.value;
        for (const prometheus::ClientMetric::Label& label : metric.label) {
          if (label.name == "status" && label.value.starts_with("5")) errors += metric.counter.value;
        }
      } else if (family.name == "meterhound_http_request_duration_seconds") {
        for (const auto& bucket : metric.histogram.bucket) {
          buckets[bucket.upper_bound] += static_cast<double>(bucket.cumulative_count);
        }
      }
    }
  }
  return {{"total", total},
          {"errors", errors},
          {"p50_ms", Percentile(buckets, 0.5)},
          {"p99_ms", Percentile(buckets, 0.99)}};
}

}  // namespace meterhound::serve
