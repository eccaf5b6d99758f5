// Signals are waited for, not handled: nothing has to be async-signal-safe.
#include "cli/interrupt.h"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <string_view>

namespace meterhound::cli {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

void Say(std::string_view text) {
  // Nothing can be done when standard error is gone.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiter_ = std::jthread([this](const std::stop_token& done) {
    const sigset_t waited = StopSignals();
    const timespec pause{.tv_sec = 0, .tv_nsec = 50'000'000};
    while (!done.stop_requested()) {
      if (sigtimedwait(&waited, nullptr, &pause) < 0) continue;
      if (stop_.stop_requested()) ::_exit(130);
      Say("\nmeterhound: stopping; once more to stop at once\n");
      stop_.request_stop();
    }
  });
}

Interrupt::~Interrupt() { waiter_.request_stop(); }

}  // namespace meterhound::cli
