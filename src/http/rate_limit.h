// Token buckets by name: how many requests a caller may make.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace meterhound::http {

struct RateLimit {
  double per_second = 0;  ///< tokens that come back each second; 0: no limit
  double burst = 100;     ///< tokens of a full bucket
};

/// Thread-safe; memory is bounded: buckets that are full again are forgotten.
class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;
  struct Answer {
    bool admitted = true;
    std::size_t remaining = 0;            ///< whole tokens left
    std::chrono::seconds retry_after{0};  ///< until one token is there, when not admitted
    std::chrono::seconds reset{0};        ///< until the bucket is full
  };

  explicit RateLimiter(RateLimit limit);
  ~RateLimiter();
  const RateLimit& limit() const { return limit_; }
  /// Takes a token from the bucket of `name`.
  Answer Take(std::string_view name, Clock::time_point now = Clock::now());
  /// Buckets held now.
  std::size_t size() const;

 private:
  struct Shard;
  RateLimit limit_;
  std::unique_ptr<Shard[]> shards_;
};

}  // namespace meterhound::http
