// Measurements: what /metrics tells of queues, jobs, scores, drift, feedback and the model, besides requests.
#pragma once

#include <memory>
#include <string>

#include "serve/service.h"

namespace meterhound::serve {

/// From now on /metrics tells what happens in the store, whichever process did it; read at most every five seconds.
/// docs/operations.md lists the names. Jobs and lists count from now on, a quarter of a minute after they have ended.
void Measure(const std::shared_ptr<Service>& service);

/// Counts a consumer that this process scored by itself and left out of the store.
void CountScored(http::Metrics& metrics, const std::string& tier, double probability);

}  // namespace meterhound::serve
