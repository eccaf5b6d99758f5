// Service: what API and workers share: settings, store, queue, models, measurements.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/metrics.h"
#include "pipeline/config.h"
#include "serve/loaded_models.h"
#include "serve/scored_lists.h"
#include "serve/scored_samples.h"
#include "store/alert_store.h"
#include "store/audit_log.h"
#include "store/bundle_store.h"
#include "store/case_store.h"
#include "store/drift_store.h"
#include "store/feedback_store.h"
#include "store/input_store.h"
#include "store/job_store.h"
#include "store/key_store.h"
#include "store/queue.h"
#include "store/run_store.h"
#include "store/scored_store.h"
#include "store/worker_registry.h"

namespace meterhound::serve {

inline constexpr const char* kMathQueue = "math_queue";
inline constexpr const char* kLlmQueue = "llm_queue";
inline constexpr const char* kAlertQueue = "alert_queue";
inline constexpr std::array kQueues = {kMathQueue, kLlmQueue, kAlertQueue};
inline constexpr const char* kDetect = "detect";  ///< kinds of job
inline constexpr const char* kReport = "report";
inline constexpr const char* kDrift = "drift";
inline constexpr const char* kTell = "alert";
inline constexpr const char* kRetrain = "retrain";
/// Each kind with its queue.
inline constexpr std::array<std::pair<const char*, const char*>, 5> kKinds = {
    {{kDetect, kMathQueue}, {kDrift, kMathQueue}, {kRetrain, kMathQueue}, {kReport, kLlmQueue}, {kTell, kAlertQueue}}};

struct Service {
  /// @param config whose service.store and service.queue say where; the store must be migrated.
  static Result<std::shared_ptr<Service>> Open(const pipeline::Config& config);
  Service(const pipeline::Config& settings, std::shared_ptr<store::Database> opened, std::shared_ptr<store::Queue> of);

  pipeline::Config config;
  std::shared_ptr<store::Database> database;
  std::shared_ptr<store::Queue> queue;
  store::JobStore jobs;
  store::RunStore runs;
  store::CaseStore cases;
  store::FeedbackStore feedback;
  store::InputStore inputs;
  store::BundleStore bundles;
  store::KeyStore keys;
  store::AuditLog audit;
  store::DriftStore drift;
  store::ScoredStore scored;
  store::AlertStore alerts;
  store::WorkerRegistry workers;
  LoadedModels models;
  ScoredLists lists;
  ScoredSamples samples;
  http::Metrics metrics;
  std::int64_t started;  ///< milliseconds since 1970
};

}  // namespace meterhound::serve
