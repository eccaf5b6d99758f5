// Retraining in the service: ordering the job, doing it, and the way back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipeline/retraining.h"
#include "serve/service.h"
#include "store/job_runner.h"

namespace meterhound::serve {

// Why a retraining is ordered: Job::request["cause"].
inline constexpr const char* kByHand = "hand";
inline constexpr const char* kByDrift = "drift";
inline constexpr const char* kBySchedule = "schedule";
inline constexpr const char* kByFeedback = "feedback";

/// What a person adds to an order.
struct RetrainingDetails {
  std::string owner{};                 ///< id of the API key, or empty
  std::optional<std::string> input{};  ///< readings in the InputStore; without, retraining.data is read
  std::string title{};                 ///< empty: the name of the data
  store::IdempotencyKey key{};
};

/// Orders a retraining in the caller's transaction. One at a time: kInvalidInput, with the reason, when one is queued
/// or running, or nothing says what to learn from (retraining.data); and, unless by hand, within retraining.cool_down
/// of the last that was not by hand, or with fewer than retraining.least_labels visits told since the last. To a
/// trigger that is an answer and no fault: see OrderIfDue.
Result<store::Job> OrderRetraining(Service& service, store::Transaction& transaction, std::string_view cause,
                                   const RetrainingDetails& details = {});

/// The same by a trigger, which goes on where there is nothing to order.
Status OrderIfDue(Service& service, store::Transaction& transaction, std::string_view cause);

/// Visits told since the last retraining was ordered, whatever its cause and its end; all when there was none.
Result<std::int64_t> FeedbackSinceRetraining(store::Transaction& transaction);

/// The job: trains on the upload or on retraining.data with the store's feedback, compares with the active model, and
/// writes a challenger that may take its place (active at once, or waiting for POST /v1/models/{fingerprint}/activate).
/// When another model has become active meanwhile, nothing is written and the job is tried again.
Result<store::Effects> RetrainJob(Service& service, const store::Job& job, store::JobContext& context);

/// A challenger into the store, active at once where the verdict is to promote it, with the entries in the audit log.
/// kCancelled when the champion is no longer the active model: who compared must compare again. @param file its bundle.
Status KeepChallenger(store::Transaction& transaction, pipeline::Verdict verdict, const store::BundleInfo& info,
                      const std::string& file, const std::string& champion, const std::string& who, const Json& detail);

}  // namespace meterhound::serve
