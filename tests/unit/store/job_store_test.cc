// The life of a job, and that of two who try to write its end only one can.
#include "store/job_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "store/input_store.h"
#include "support/store_backends.h"

namespace meterhound::store {
namespace {

constexpr std::int64_t kLease = 60'000;
constexpr std::int64_t kKeep = 1'000'000;

class JobStoreTest : public StoreTest {
 protected:
  JobStore Jobs() { return JobStore(shared()); }
  Job Create(
      NewJob job = {.kind = "detect", .queue = "math_queue", .title = "one", .owner = "", .request = {}, .input = {}},
      const IdempotencyKey& key = {}) {
    return Must(database().WriteFor<CreatedJob>([&](Transaction& t) { return JobStore::Create(t, job, key); })).job;
  }
  Job ClaimOne(const std::string& id, const std::string& worker = "w1", std::int64_t lease = kLease) {
    auto jobs = Must(Jobs().ClaimAll({id}, worker, lease));
    EXPECT_EQ(jobs.size(), 1U);
    return jobs.at(0);
  }
  Result<JobStore::Ending> Finish(const Claim& claim) {
    return database().WriteFor<JobStore::Ending>([&](Transaction& t) {
      return JobStore::Finish(t, claim, {{"run", "r1"}}, kKeep);
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, JobStoreTest, kBothDatabases, BackendName);

TEST_P(JobStoreTest, RunsToItsEnd) {
  const Job made = Create({.kind = "detect",
                           .queue = "math_queue",
                           .priority = 1,
                           .title = "T",
                           .owner = "key1",
                           .request = {{"language", "en"}},
                           .input = {}});
  Job job = Must(Jobs().Find(made.id));
  EXPECT_EQ(job.state, JobState::kQueued);
  EXPECT_EQ(job.request, made.request);
  EXPECT_EQ(job.priority, 1);
  EXPECT_EQ(job.started, std::nullopt);
  const Job claimed = ClaimOne(made.id);
  EXPECT_EQ(claimed.attempts, 1);
  const Claim claim{claimed.id, "w1", claimed.fence};
  EXPECT_TRUE(Must(Jobs().Report(claim, {"score", 3, 10, "consumers"})));
  job = Must(Jobs().Find(made.id));
  EXPECT_EQ(job.progress, (JobProgress{"score", 3, 10, "consumers"}));
  EXPECT_GT(job.version, claimed.version);
  EXPECT_EQ(Must(Finish(claim)), JobStore::Ending::kFinished);
  job = Must(Jobs().Find(made.id));
  EXPECT_EQ(job.state, JobState::kDone);
  EXPECT_EQ(job.result.at("run"), "r1");
  EXPECT_EQ(*job.expires, *job.finished + kKeep);
  EXPECT_EQ(Must(Finish(claim)), JobStore::Ending::kFinishedBefore);
  EXPECT_FALSE(Must(Jobs().Report(claim, {})));
}

TEST_P(JobStoreTest, OneOfManyClaims) {
  const Job job = Create();
  std::atomic<int> claimed = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      claimed += static_cast<int>(Must(Jobs().ClaimAll({job.id}, "w" + std::to_string(i), kLease)).size());
    });
  }
  threads.clear();
  EXPECT_EQ(claimed, 1);
}

TEST_P(JobStoreTest, WhoLostTheLeaseWritesNothing) {
  const Job job = Create();
  const Job first = ClaimOne(job.id, "w1", -1);  // a lease that has ended when it begins
  const Job second = ClaimOne(job.id, "w2");
  EXPECT_GT(second.fence, first.fence);
  const Claim lost{job.id, "w1", first.fence};
  EXPECT_EQ(Must(Finish(lost)), JobStore::Ending::kLost);
  EXPECT_EQ(Must(Jobs().Fail(lost, {{ErrorCode::kInternal, "x", ""}}, kKeep)), std::nullopt);
  EXPECT_FALSE(Must(Jobs().Release(lost)));
  const Claim held{job.id, "w2", second.fence};
  const auto not_held = Must(Jobs().Heartbeat({lost, held}, kLease));
  ASSERT_EQ(not_held.size(), 1U);
  EXPECT_EQ(not_held[0].worker, "w1");
  EXPECT_EQ(Must(Finish(held)), JobStore::Ending::kFinished);
}

TEST_P(JobStoreTest, FailsUntilItIsDeadAndLivesAgain) {
  Job job = Create();
  for (int attempt = 1; attempt <= 5; ++attempt) {
    const Job claimed = ClaimOne(job.id);
    EXPECT_EQ(claimed.attempts, attempt);
    const auto state = Must(Jobs().Fail({job.id, "w1", claimed.fence}, {Unavailable("no luck", "disk")}, kKeep));
    EXPECT_EQ(state, attempt < 5 ? JobState::kQueued : JobState::kDead);
  }
  job = Must(Jobs().Find(job.id));
  EXPECT_EQ(job.error->code, ErrorCode::kUnavailable);
  EXPECT_EQ(job.error->where, "disk");
  EXPECT_EQ(job.expires, std::nullopt);  // the dead wait for a person
  EXPECT_EQ(Must(Jobs().Count("math_queue")).dead, 1);
  EXPECT_TRUE(Must(Jobs().ClaimAll({job.id}, "w1", kLease)).empty());
  Must(database().WriteFor<Job>([&](Transaction& t) { return JobStore::Revive(t, job.id); }));
  EXPECT_EQ(ClaimOne(job.id).attempts, 1);
}

TEST_P(JobStoreTest, TheInputsFaultIsFinalAndADelayIsKept) {
  const Job bad = Create();
  const Job claimed = ClaimOne(bad.id);
  EXPECT_EQ(Must(Jobs().Fail({bad.id, "w1", claimed.fence}, {InvalidInput("x"), true}, kKeep)), JobState::kFailed);
  const Job later = Create();
  const Job first = ClaimOne(later.id);
  EXPECT_EQ(Must(Jobs().Fail({later.id, "w1", first.fence}, {Unavailable("x"), false, 60'000}, kKeep)),
            JobState::kQueued);
  EXPECT_TRUE(Must(Jobs().ClaimAll({later.id}, "w1", kLease)).empty());
}

TEST_P(JobStoreTest, AWorkerThatDiesEachTimeMakesItDead) {
  Job job = Create();
  for (int attempt = 0; attempt < 5; ++attempt) ClaimOne(job.id, "w", -1);
  EXPECT_TRUE(Must(Jobs().ClaimAll({job.id}, "w", -1)).empty());
  job = Must(Jobs().Find(job.id));
  EXPECT_EQ(job.state, JobState::kDead);
  EXPECT_EQ(job.attempts, 5);
}

TEST_P(JobStoreTest, CancelEndsItForTheWorkerToo) {
  const Job job = Create();
  const Job claimed = ClaimOne(job.id);
  EXPECT_EQ(Must(Jobs().Cancel(job.id, kKeep)).state, JobState::kCancelled);
  EXPECT_EQ(Must(Jobs().Heartbeat({{job.id, "w1", claimed.fence}}, kLease)).size(), 1U);
  EXPECT_EQ(Must(Finish({job.id, "w1", claimed.fence})), JobStore::Ending::kLost);
  EXPECT_EQ(Jobs().Cancel(job.id, kKeep).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(Jobs().Cancel("none", kKeep).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Jobs().Find("none").error().code, ErrorCode::kNotFound);
}

TEST_P(JobStoreTest, ReleasedUnharmed) {
  const Job job = Create();
  const Job claimed = ClaimOne(job.id);
  EXPECT_TRUE(Must(Jobs().Release({job.id, "w1", claimed.fence})));
  EXPECT_EQ(ClaimOne(job.id).attempts, 1);
}

TEST_P(JobStoreTest, AnIdempotencyKeyMakesOneJob) {
  const NewJob job{.kind = "detect", .queue = "math_queue", .title = "", .owner = "", .request = {}, .input = {}};
  const IdempotencyKey key{"key1 /v1/detect", "abc", "hash"};
  const std::string id = Create(job, key).id;
  EXPECT_EQ(Create(job, key).id, id);
  EXPECT_NE(Create(job, {"key2 /v1/detect", "abc", "hash"}).id, id);
  const auto other = database().WriteFor<CreatedJob>([&](Transaction& t) {
    return JobStore::Create(t, job, {"key1 /v1/detect", "abc", "another"});
  });
  EXPECT_EQ(other.error().where, "Idempotency-Key");
  // At once from many threads: one job, and the others get it or are told to ask again.
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      (void)database().WriteFor<CreatedJob>([&](Transaction& t) { return JobStore::Create(t, job, {"s", "k", "h"}); });
    });
  }
  threads.clear();
  EXPECT_EQ(Must(Jobs().List({})).jobs.size(), 3U);
}

TEST_P(JobStoreTest, PagesHoldEachJobOnceLatestFirst) {
  std::vector<std::string> ids;
  for (int i = 0; i < 23; ++i) {
    ids.push_back(Create({.kind = i % 2 == 0 ? "detect" : "report",
                          .queue = "q",
                          .title = "",
                          .owner = "",
                          .request = {},
                          .input = {}})
                      .id);
  }
  std::vector<std::string> seen;
  JobFilter filter;
  filter.limit = 5;
  for (;;) {
    const JobPage page = Must(Jobs().List(filter));
    for (const Job& job : page.jobs) seen.push_back(job.id);
    if (!page.next) break;
    filter.cursor = *page.next;
  }
  std::sort(ids.rbegin(), ids.rend());
  EXPECT_EQ(seen, ids);
  EXPECT_EQ(Must(Jobs().List({.state = JobState::kQueued, .kind = "report", .owner = "", .queue = "q", .cursor = ""}))
                .jobs.size(),
            11U);
  EXPECT_TRUE(
      Must(Jobs().List({.state = JobState::kDone, .kind = "", .owner = "", .queue = "", .cursor = ""})).jobs.empty());
}

TEST_P(JobStoreTest, ExpiredJobsAndTheirInputsGo) {
  InputStore inputs(shared());
  auto writer = Must(inputs.Begin("a.csv", "text/csv"));
  Must(writer.Write("id,1\n"));
  const Input input = Must(writer.Finish());
  const Job job = Create({.kind = "detect", .queue = "q", .title = "", .owner = "", .request = {}, .input = input.id});
  const Job claimed = ClaimOne(job.id);
  EXPECT_EQ(Must(inputs.DeleteUnused(NowMilliseconds() + 1000)), 0);
  Must(database().WriteFor<JobStore::Ending>([&](Transaction& t) {
    return JobStore::Finish(t, {job.id, "w1", claimed.fence}, {}, -1);
  }));
  EXPECT_EQ(Must(Jobs().DeleteExpired()), 1);
  EXPECT_EQ(Must(inputs.DeleteUnused(NowMilliseconds() + 1000)), 1);
  EXPECT_EQ(inputs.Find(input.id).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Must(database().QueryOne("SELECT COUNT(*) FROM input_parts"))->Int(0), 0);
}

TEST_P(JobStoreTest, OverdueAreThoseThatNobodyHasTaken) {
  const Job waiting = Create();
  const Job abandoned = Create();
  const Job held = Create();
  ClaimOne(abandoned.id, "w", -1);
  ClaimOne(held.id, "w");
  std::set<std::string> ids;
  for (const auto& each : Must(Jobs().Overdue("math_queue", NowMilliseconds() + 1000))) ids.insert(each.id);
  EXPECT_EQ(ids, (std::set<std::string>{waiting.id, abandoned.id}));
  EXPECT_EQ(Must(Jobs().Overdue("math_queue", NowMilliseconds() - 60'000)).size(), 1U);
}

}  // namespace
}  // namespace meterhound::store
