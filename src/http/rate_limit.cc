// Buckets in shards, so that callers of different names seldom wait for one another.
#include "http/rate_limit.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <mutex>
#include <unordered_map>

namespace meterhound::http {
namespace {

constexpr std::size_t kShards = 16;
constexpr std::size_t kSweepAt = 1024;    // buckets of a shard
constexpr std::size_t kMostKept = 65536;  // buckets of a shard; only a flood of addresses reaches it

struct Bucket {
  double tokens = 0;
  RateLimiter::Clock::time_point at;
};

std::chrono::seconds WholeSeconds(double seconds) {
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(std::clamp(seconds, 0.0, 86400.0))));
}

}  // namespace

struct RateLimiter::Shard {
  mutable std::mutex mutex;
  std::unordered_map<std::string, Bucket> buckets;
  std::size_t sweep_at = kSweepAt;

  void Sweep(const RateLimit& limit, Clock::time_point now) {
    std::erase_if(buckets, [&](const auto& entry) {
      const double idle = std::chrono::duration<double>(now - entry.second.at).count();
      return entry.second.tokens + idle * limit.per_second >= limit.burst;
    });
    while (buckets.size() > kMostKept) buckets.erase(buckets.begin());
    sweep_at = std::max(kSweepAt, std::min(2 * buckets.size(), kMostKept));
  }
};

RateLimiter::RateLimiter(RateLimit limit) : limit_(limit), shards_(std::make_unique<Shard[]>(kShards)) {
  limit_.burst = std::max(limit_.burst, 1.0);
}
RateLimiter::~RateLimiter() = default;

RateLimiter::Answer RateLimiter::Take(std::string_view name, Clock::time_point now) {
  if (limit_.per_second <= 0) return {};
  std::string key(name);
  Shard& shard = shards_[std::hash<std::string>{}(key) % kShards];
  const std::lock_guard lock(shard.mutex);
  if (shard.buckets.size() >= shard.sweep_at) shard.Sweep(limit_, now);
  Bucket& bucket = shard.buckets.try_emplace(std::move(key), Bucket{limit_.burst, now}).first->second;
  const double idle = std::max(std::chrono::duration<double>(now - bucket.at).count(), 0.0);
  bucket.tokens = std::min(limit_.burst, bucket.tokens + idle * limit_.per_second);
  bucket.at = now;
  Answer answer;
  answer.admitted = bucket.tokens >= 1;
  if (answer.admitted) bucket.tokens -= 1;
  answer.remaining = static_cast<std::size_t>(bucket.tokens);
  if (!answer.admitted)
    answer.retry_after = std::max(WholeSeconds((1 - bucket.tokens) / limit_.per_second), std::chrono::seconds(1));
  answer.reset = WholeSeconds((limit_.burst - bucket.tokens) / limit_.per_second);
  return answer;
}

std::size_t RateLimiter::size() const {
  std::size_t total = 0;
  for (std::size_t i = 0; i < kShards; ++i) {
    const std::lock_guard lock(shards_[i].mutex);
    total += shards_[i].buckets.size();
  }
  return total;
}

}  // namespace meterhound::http
