// Progress on a terminal: one line with count, rate and time left. Says nothing when standard error is not a terminal.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "base/run_context.h"

namespace meterhound::cli {

class TerminalProgress final : public Progress {
 public:
  explicit TerminalProgress(bool enabled);
  ~TerminalProgress() override;

  /// A stage inside a stage is counted but not shown: the outer one is what the user waits for.
  void Begin(std::string_view stage, std::size_t total, std::string_view unit) override;
  void Advance(std::size_t items) override;
  void End() override;

 private:
  using Clock = std::chrono::steady_clock;
  void Draw(Clock::time_point now);
  void Erase();

  const bool enabled_;
  std::mutex mutex_;
  int depth_ = 0;
  std::string stage_;
  std::string unit_;
  std::size_t total_ = 0;
  std::size_t done_ = 0;
  Clock::time_point begun_;
  Clock::time_point drawn_;
};

}  // namespace meterhound::cli
