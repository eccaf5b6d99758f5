// Token buckets against arithmetic, with a clock of the test's own.
#include "http/rate_limit.h"

#include <gtest/gtest.h>

namespace meterhound::http {
namespace {

using namespace std::chrono_literals;

TEST(RateLimit, AdmitsTheBurstAndThenTheRate) {
  RateLimiter limiter({.per_second = 2, .burst = 5});
  const RateLimiter::Clock::time_point start{1h};
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(limiter.Take("a", start).admitted);
  const auto refused = limiter.Take("a", start);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.retry_after, 1s);
  EXPECT_EQ(refused.reset, 3s);  // 5 tokens at 2 a second
  EXPECT_TRUE(limiter.Take("b", start).admitted);
  EXPECT_FALSE(limiter.Take("a", start + 499ms).admitted);
  EXPECT_TRUE(limiter.Take("a", start + 501ms).admitted);
  // Over ten seconds: twenty and no more.
  int admitted = 0;
  for (int i = 0; i < 1000; ++i) admitted += limiter.Take("a", start + 501ms + 10ms * i).admitted ? 1 : 0;
  EXPECT_NEAR(admitted, 20, 1);
}

TEST(RateLimit, NeverHoldsMoreThanTheBurst) {
  RateLimiter limiter({.per_second = 10, .burst = 3});
  const RateLimiter::Clock::time_point start{1h};
  limiter.Take("a", start);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.Take("a", start + 24h).admitted);
  EXPECT_FALSE(limiter.Take("a", start + 24h).admitted);
  EXPECT_FALSE(limiter.Take("a", start).admitted);  // a clock that steps back gives nothing
}

TEST(RateLimit, ForgetsFullBuckets) {
  RateLimiter limiter({.per_second = 1, .burst = 2});
  const RateLimiter::Clock::time_point start{1h};
  for (int i = 0; i < 200000; ++i) limiter.Take("caller " + std::to_string(i), start + 10ms * i);
  EXPECT_LT(limiter.size(), 40000U);
  RateLimiter none({});
  EXPECT_TRUE(none.Take("a").admitted);
  EXPECT_EQ(none.size(), 0U);
}

}  // namespace
}  // namespace meterhound::http
