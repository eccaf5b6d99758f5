// What every queue promises: in the store (both databases) and in Redis.
#include "store/queue.h"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <thread>

#include "store/redis_connection.h"
#include "support/store_backends.h"

namespace meterhound::store {
namespace {

constexpr std::int64_t kLease = 60'000;

class QueueTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const bool servers = TestServer("redis").has_value();
    if (GetParam() != "sqlite" && !servers) GTEST_SKIP() << "no servers: METERHOUND_TEST_SERVERS";
    store_ = std::make_unique<TestStore>(GetParam() == "postgresql" ? "postgresql" : "sqlite");
    Must(Migrate(*store_->database()));
    queue_ = Must(OpenQueue(GetParam() == "redis" ? TestServer("redis").value() : "store", store_->database()));
  }
  void Push(const std::string& job, std::int64_t priority = 0) { Must(queue_->Push({{name_, job, priority}})); }
  std::vector<Lease> Claim(std::int64_t max = 1, std::int64_t wait = 0, std::int64_t lease = kLease,
                           const std::string& worker = "w1") {
    return Must(queue_->Claim({name_}, worker, max, wait, lease));
  }
  static std::vector<std::string> Jobs(const std::vector<Lease>& leases) {
    std::vector<std::string> jobs;
    for (const Lease& lease : leases) jobs.push_back(lease.entry.job);
    return jobs;
  }

  const std::string name_ = "q" + NewId();  // Redis is shared by tests that run at once
  std::unique_ptr<TestStore> store_;
  std::shared_ptr<Queue> queue_;
};
INSTANTIATE_TEST_SUITE_P(Backends, QueueTest, testing::Values("sqlite", "postgresql", "redis"), BackendName);

using Names = std::vector<std::string>;

TEST_P(QueueTest, InOrderByPriorityThenAge) {
  Push("batch1", 1);
  Push("batch2", 1);
  Push("now1", 0);
  Push("now2", 0);
  EXPECT_EQ(Jobs(Claim(3)), (Names{"now1", "now2", "batch1"}));
  EXPECT_EQ(Jobs(Claim(3)), (Names{"batch2"}));
  EXPECT_TRUE(Claim(3).empty());
}

TEST_P(QueueTest, AnEntryIsThereOnceUntilItIsAcknowledged) {
  Push("a");
  Push("a");
  const auto leases = Claim(5);
  ASSERT_EQ(Jobs(leases), (Names{"a"}));
  Push("a");  // leased: known
  EXPECT_TRUE(Claim(5).empty());
  Must(queue_->Acknowledge(leases));
  EXPECT_TRUE(Claim(5).empty());
  Push("a");
  EXPECT_EQ(Jobs(Claim(5)), (Names{"a"}));
}

TEST_P(QueueTest, ALeaseThatEndsIsHandedOutAgain) {
  Push("a");
  const auto first = Claim(1, 0, 150, "w1");
  ASSERT_EQ(first.size(), 1U);
  EXPECT_TRUE(Claim(1, 0, 150, "w2").empty());
  const auto second = Claim(1, 3000, 150, "w2");
  ASSERT_EQ(Jobs(second), (Names{"a"}));
  // The first holder can neither acknowledge nor return what is another's.
  Must(queue_->Acknowledge(first));
  Must(queue_->Return(first[0], 0));
  EXPECT_EQ(Must(queue_->Depth(name_)).waiting + Must(queue_->Depth(name_)).leased, 1);
  Must(queue_->Acknowledge(second));
  EXPECT_EQ(Must(queue_->Depth(name_)).leased, 0);
}

TEST_P(QueueTest, ARenewedLeaseIsKept) {
  Push("a");
  const auto held = Claim(1, 0, 400, "w1");
  ASSERT_EQ(held.size(), 1U);
  for (int i = 0; i < 6; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    Must(queue_->Renew(held, 400));
    EXPECT_TRUE(Claim(1, 0, 400, "w2").empty());
  }
  EXPECT_EQ(Jobs(Claim(1, 3000, 400, "w2")), (Names{"a"}));
}

TEST_P(QueueTest, ReturnedComesBackAfterItsDelay) {
  Push("a", 1);
  auto leases = Claim();
  Must(queue_->Return(leases.at(0), 0));
  leases = Claim();
  ASSERT_EQ(Jobs(leases), (Names{"a"}));
  EXPECT_EQ(leases[0].entry.priority, 1);
  Must(queue_->Return(leases[0], 500));
  EXPECT_TRUE(Claim().empty());
  const QueueDepth depth = Must(queue_->Depth(name_));
  EXPECT_EQ(depth.delayed, 1);
  EXPECT_EQ(depth.waiting, 0);
  Push("a");  // delayed: known
  leases = Claim(5, 5000);
  EXPECT_EQ(Jobs(leases), (Names{"a"}));
  EXPECT_EQ(leases.at(0).entry.priority, 1);
}

TEST_P(QueueTest, WaitsForAnEntry) {
  std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    Push("a");
  });
  EXPECT_EQ(Jobs(Claim(1, 10'000)), (Names{"a"}));
}

TEST_P(QueueTest, SeveralQueuesKeepApart) {
  const std::string other = name_ + "b";
  Must(queue_->Push({{name_, "a", 1}, {other, "b", 0}, {name_, "c", 0}}));
  EXPECT_EQ(Jobs(Must(queue_->Claim({other}, "w", 9, 0, kLease))), (Names{"b"}));
  const auto both = Must(queue_->Claim({other, name_}, "w", 9, 0, kLease));
  EXPECT_EQ(Jobs(both), (Names{"c", "a"}));
  for (const Lease& lease : both) EXPECT_EQ(lease.entry.queue, name_);
}

TEST_P(QueueTest, DepthCounts) {
  EXPECT_EQ(Must(queue_->Depth(name_)).oldest, std::nullopt);
  const std::int64_t before = NowMilliseconds();
  for (int i = 0; i < 5; ++i) Push("j" + std::to_string(i), i % 2);
  Claim(2);
  const QueueDepth depth = Must(queue_->Depth(name_));
  EXPECT_EQ(depth.waiting, 3);
  EXPECT_EQ(depth.leased, 2);
  EXPECT_GE(*depth.oldest, before);
  EXPECT_LE(*depth.oldest, NowMilliseconds());
}

TEST_P(QueueTest, ManyWorkersTakeEachEntryOnce) {
  constexpr int kJobs = 300;
  std::vector<QueueEntry> entries;
  for (int i = 0; i < kJobs; ++i) entries.push_back({name_, "j" + std::to_string(i), i % 2});
  Must(queue_->Push(entries));
  std::mutex mutex;
  std::map<std::string, int> taken;
  std::vector<std::jthread> workers;
  for (int w = 0; w < 6; ++w) {
    workers.emplace_back([&, w] {
      for (;;) {
        const auto leases = Claim(7, 0, kLease, "w" + std::to_string(w));
        if (leases.empty()) return;
        {
          const std::lock_guard lock(mutex);
          for (const Lease& lease : leases) ++taken[lease.entry.job];
        }
        Must(queue_->Acknowledge(leases));
      }
    });
  }
  workers.clear();
  EXPECT_EQ(taken.size(), static_cast<std::size_t>(kJobs));
  for (const auto& [job, times] : taken) EXPECT_EQ(times, 1) << job;
}

TEST_P(QueueTest, SubmitWritesRowAndEntry) {
  const NewJob job{.kind = "k", .queue = name_, .title = "", .owner = "", .request = {}, .input = {}};
  bool extra = false;
  const auto submitted = Must(Submit(*store_->database(), *queue_, job, {"s", "k", "h"}, [&](Transaction&) {
    extra = true;
    return Status();
  }));
  EXPECT_TRUE(extra);
  EXPECT_TRUE(submitted.queued);
  const auto again = Must(Submit(*store_->database(), *queue_, job, {"s", "k", "h"}));
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.job.id, submitted.job.id);
  EXPECT_EQ(Jobs(Claim(5)), (Names{submitted.job.id}));
}

TEST_P(QueueTest, AJobOfALargerTransactionIsHandedOutOnceItIsCommitted) {
  const NewJob job{.kind = "k", .queue = name_, .title = "", .owner = "", .request = {}, .input = {}};
  const auto accept = [&](bool fail) {
    return store_->database()->WriteFor<std::string>([&](Transaction& t) -> Result<std::string> {
      METERHOUND_ASSIGN_OR_RETURN(const CreatedJob made, Accept(t, *queue_, job));
      if (fail) return InvalidInput("no");
      return made.job.id;
    });
  };
  EXPECT_FALSE(accept(true).ok());
  EXPECT_TRUE(Claim().empty());
  const std::string accepted = Must(accept(false));
  EXPECT_EQ(Jobs(Claim(5)), (Names{accepted}));
}

TEST_P(QueueTest, WhatTheTransactionLosesTheQueueNeverHad) {
  const NewJob job{.kind = "k", .queue = name_, .title = "", .owner = "", .request = {}, .input = {}};
  EXPECT_FALSE(Submit(*store_->database(), *queue_, job, {}, [](Transaction&) { return InvalidInput("no"); }).ok());
  EXPECT_TRUE(Claim().empty());
  EXPECT_TRUE(Must(JobStore(store_->database()).List({})).jobs.empty());
}

TEST(RedisUrl, ReadsItsParts) {
  const RedisAddress full = Must(ParseRedisUrl("redis://me:se@cret@host:7000/3"));
  EXPECT_EQ(full.host, "host");
  EXPECT_EQ(full.port, 7000);
  EXPECT_EQ(full.user, "me");
  EXPECT_EQ(full.password, "se@cret");
  EXPECT_EQ(full.number, "3");
  EXPECT_EQ(full.name, "redis://host:7000");
  EXPECT_EQ(Must(ParseRedisUrl("redis+unix:/run/redis.sock")).socket, "/run/redis.sock");
  for (const char* wrong : {"", "http://x", "redis://", "redis://host:port", "redis+unix:"}) {
    EXPECT_EQ(ParseRedisUrl(wrong).error().code, ErrorCode::kInvalidInput) << wrong;
  }
}

TEST(RedisQueue, AServerThatIsGoneIsAnErrorAtOnceAndTheJobIsAcceptedStill) {
  const TestStore store("sqlite");
  Must(Migrate(*store.database()));
  const auto queue = Must(OpenQueue("redis://127.0.0.1:1", store.database()));
  EXPECT_EQ(queue->Ping().error().code, ErrorCode::kUnavailable);
  const NewJob job{.kind = "k", .queue = "q", .title = "", .owner = "", .request = {}, .input = {}};
  const auto submitted = Must(Submit(*store.database(), *queue, job));
  EXPECT_FALSE(submitted.queued);
  EXPECT_EQ(Must(JobStore(store.database()).Find(submitted.job.id)).state, JobState::kQueued);
}

TEST(RedisQueue, AWrongPasswordIsSaid) {
  if (!TestServer("redis")) GTEST_SKIP() << "no servers: METERHOUND_TEST_SERVERS";
  std::string url = *TestServer("redis");
  url.replace(url.find("loopback"), 8, "wrong");
  const auto queue = Must(OpenQueue(url, nullptr));
  const Error error = queue->Ping().error();
  EXPECT_NE(error.message.find("WRONGPASS"), std::string::npos) << error.message;
  EXPECT_EQ(error.ToString().find("wrong@"), std::string::npos);
}

}  // namespace
}  // namespace meterhound::store
