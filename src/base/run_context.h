// What long work is given: threads, somewhere to report progress, and a way to be stopped.
#pragma once

#include <stop_token>
#include <string_view>

#include "base/result.h"
#include "base/thread_pool.h"

namespace meterhound {

/// Receives progress; called from several threads at once. The default ignores everything.
class Progress {
 public:
  virtual ~Progress() = default;
  /// A stage begins. @param total items to come, 0 when unknown. @param unit plural noun, e.g. "consumers".
  virtual void Begin(std::string_view stage, std::size_t total, std::string_view unit) {
    (void)stage, (void)total, (void)unit;
  }
  virtual void Advance(std::size_t items) { (void)items; }
  virtual void End() {}
};

struct RunContext {
  ThreadPool& pool;
  Progress& progress;
  std::stop_token stop;

  /// kCancelled once a stop was requested: long functions return it between pieces of work.
  Status CheckStopped() const { return stop.stop_requested() ? Status(Cancelled()) : Status(); }
};

}  // namespace meterhound
