// Alerting: what is found to be wrong becomes an alert, and, where people have to be told, a job for each channel.
#pragma once

#include <string>

#include "serve/service.h"
#include "store/alert_store.h"
#include "store/job_runner.h"

namespace meterhound::serve {

inline constexpr const char* kDriftAlert = "drift";  ///< keys of alerts
inline constexpr const char* kRetrainingAlert = "retraining";
inline constexpr const char* kDeadJobsAlert = "dead_jobs";

/// The thing is wrong: call it each time that it is found so. Who is told, and when, is AlertStore::Raise's word with
/// alerts.cool_down. Writes row and jobs in the transaction of what found it, so that none is without the other.
Status RaiseAlert(Service& service, store::Transaction& transaction, const store::Alert& alert);
/// The thing is well: call it each time that it is found so; does nothing unless the alert was firing.
Status ResolveAlert(Service& service, store::Transaction& transaction, const std::string& key, const std::string& text);

/// Something happened that people should know, and nobody has to end: it is told once and no row is kept. Its key is no
/// alert's.
Status Announce(Service& service, store::Transaction& transaction, const store::Alert& news);

/// An alert as the API and `meterhound alerts list` give it.
Json AlertJson(const store::AlertRecord& record);

/// The job of alert_queue: one message to one channel.
Result<store::Effects> Tell(Service& service, const store::Job& job, store::JobContext& context);

}  // namespace meterhound::serve
