// Ctrl-C: the first asks the work to stop and clean up, the second ends the process.
#pragma once

#include <stop_token>
#include <thread>

namespace meterhound::cli {

/// Blocks SIGINT and SIGTERM in this thread and those it starts later, and waits for them in one of its own. Make it
/// before any other thread.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::jthread waiter_;
};

}  // namespace meterhound::cli
