// StopWatch: seconds since it was made, or since the last lap.
#pragma once

#include <chrono>
#include <utility>

namespace meterhound {

class StopWatch {
 public:
  double Seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count(); }
  /// Seconds since the last lap, or since the beginning; starts the next one.
  double Lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(lap_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point lap_ = begun_;
};

}  // namespace meterhound
