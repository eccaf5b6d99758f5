// Draws at most ten times a second, so that progress costs nothing.
#include "cli/terminal_progress.h"

#include <unistd.h>

#include <cstdio>

#include "base/numbers.h"
#include "cli/format.h"

namespace meterhound::cli {

TerminalProgress::TerminalProgress(bool enabled) : enabled_(enabled && ::isatty(STDERR_FILENO) == 1) {}

TerminalProgress::~TerminalProgress() {
  if (enabled_ && depth_ > 0) Erase();
}

void TerminalProgress::Begin(std::string_view stage, std::size_t total, std::string_view unit) {
  const std::lock_guard lock(mutex_);
  if (depth_++ > 0) return;
  stage_ = stage;
  unit_ = unit;
  total_ = total;
  done_ = 0;
  begun_ = Clock::now();
  if (enabled_) Draw(begun_);
}

void TerminalProgress::Advance(std::size_t items) {
  const std::lock_guard lock(mutex_);
  if (depth_ != 1) return;
  done_ += items;
  const auto now = Clock::now();
  if (enabled_ && now - drawn_ >= std::chrono::milliseconds(100)) Draw(now);
}

void TerminalProgress::End() {
  const std::lock_guard lock(mutex_);
  if (depth_ == 0 || --depth_ > 0 || !enabled_) return;
  Erase();
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  std::string line = stage_;
  if (done_ > 0) line += ", " + WithThousands(done_) + " " + unit_;
  std::fprintf(stderr, "%s: %s\n", line.c_str(), Duration(seconds).c_str());
}

void TerminalProgress::Draw(Clock::time_point now) {
  drawn_ = now;
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  std::string line = stage_;
  if (total_ > 0) line += "  " + WithThousands(done_) + "/" + WithThousands(total_) + " " + unit_;
  if (done_ > 0 && seconds > 0.5) {
    const double rate = static_cast<double>(done_) / seconds;
    line += "  " + Rate(rate) + "/s";
    if (total_ > done_) line += "  " + Duration(static_cast<double>(total_ - done_) / rate) + " left";
  }
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
}

void TerminalProgress::Erase() {
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
}

}  // namespace meterhound::cli
