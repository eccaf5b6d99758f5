// HeldJob: a job that this worker has claimed, with what its threads know about it.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/run_context.h"
#include "store/job_runner.h"

namespace meterhound::store {

/// Keeps the latest progress for whoever writes it down.
class ProgressBoard : public Progress {
 public:
  void Begin(std::string_view stage, std::size_t total, std::string_view unit) override;
  void Advance(std::size_t items) override;

  /// What is new since the last call.
  std::optional<JobProgress> TakeNews();

 private:
  std::mutex mutex_;
  JobProgress now_;
  bool news_ = false;
};

struct HeldJob {
  HeldJob(Job claimed, Lease of_queue)
      : job(std::move(claimed)), lease(std::move(of_queue)), claim{job.id, job.worker, job.fence} {}

  const Job job;
  const Lease lease;
  const Claim claim;
  ProgressBoard progress;
  std::stop_source stop;
  std::atomic<bool> lost = false;  ///< cancelled, or another worker's by now
};

/// A job whose handler is done and whose effects wait to be written.
struct ReadyJob {
  std::shared_ptr<HeldJob> held;
  Effects effects;
  std::chrono::steady_clock::time_point since;
};

/// True for errors that another attempt would meet again.
inline bool IsFinal(ErrorCode code) {
  return code == ErrorCode::kInvalidInput || code == ErrorCode::kCorrupt || code == ErrorCode::kUnsupported ||
         code == ErrorCode::kNotFound;
}

}  // namespace meterhound::store
