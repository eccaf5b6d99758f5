// Progress is added up here and read by the heartbeat.
#include "store/held_job.h"

namespace meterhound::store {

void ProgressBoard::Begin(std::string_view stage, std::size_t total, std::string_view unit) {
  const std::lock_guard lock(mutex_);
  now_ = {std::string(stage), 0, static_cast<std::int64_t>(total), std::string(unit)};
  news_ = true;
}

void ProgressBoard::Advance(std::size_t items) {
  const std::lock_guard lock(mutex_);
  now_.done += static_cast<std::int64_t>(items);
  news_ = true;
}

std::optional<JobProgress> ProgressBoard::TakeNews() {
  const std::lock_guard lock(mutex_);
  if (!news_) return std::nullopt;
  news_ = false;
  return now_;
}

}  // namespace meterhound::store
