// The worker's loop against real queues: every job's effects once, whatever its handler does.
#include "store/job_runner.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "store/worker_registry.h"
#include "support/store_backends.h"

namespace meterhound::store {
namespace {

using std::chrono::milliseconds;

class JobRunnerTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() != "sqlite" && !TestServer("redis")) GTEST_SKIP() << "no servers: METERHOUND_TEST_SERVERS";
    store_ = std::make_unique<TestStore>(GetParam() == "postgresql" ? "postgresql" : "sqlite");
    Must(Migrate(database()));
    Must(database().Write([](Transaction& t) { return t.Script("CREATE TABLE effects (id {SERIAL}, job TEXT)"); }));
    queue_ = Must(OpenQueue(GetParam() == "redis" ? TestServer("redis").value() : "store", store_->database()));
  }

  Database& database() { return *store_->database(); }
  JobStore Jobs() { return JobStore(store_->database()); }
  std::string Submit(const std::string& kind, const Json& request = {}, std::int64_t max_attempts = 5) {
    return Must(store::Submit(database(), *queue_,
                              {.kind = kind,
                               .queue = name_,
                               .title = "",
                               .owner = "",
                               .request = request,
                               .input = {},
                               .max_attempts = max_attempts}))
        .job.id;
  }
  static Effects WriteRow(const Job& job) {
    return {{{"done", job.id}},
            [id = job.id](Transaction& t) { return Done(t.Execute("INSERT INTO effects (job) VALUES (?)", {id})); }};
  }
  RunnerOptions Options() {
    RunnerOptions options;
    options.queues = {name_};
    options.threads = 3;
    options.lease_milliseconds = 2000;
    options.renew_milliseconds = 100;
    options.backoff_milliseconds = 20;
    options.sweep_milliseconds = 200;
    options.lost_milliseconds = 300;
    return options;
  }
  std::unique_ptr<JobRunner> Make(std::map<std::string, Handler> handlers, RunnerOptions options) {
    return std::make_unique<JobRunner>(store_->database(), queue_, std::move(handlers), std::move(options));
  }
  /// Until every job has ended, or a time that only a broken runner needs.
  void WaitForEnd(const std::vector<std::string>& jobs) {
    for (const std::string& id : jobs) WaitFor(id, [](const Job& job) { return HasEnded(job.state); });
  }
  void WaitFor(const std::string& id, const std::function<bool(const Job&)>& so) {
    for (int i = 0; i < 3000; ++i) {
      if (so(Must(Jobs().Find(id)))) return;
      std::this_thread::sleep_for(milliseconds(10));
    }
    FAIL() << "job " << id << " is " << JobStateName(Must(Jobs().Find(id)).state);
  }
  std::int64_t EffectsOf(const std::string& id) {
    return Must(database().QueryOne("SELECT COUNT(*) FROM effects WHERE job=?", {id}))->Int(0);
  }

  const std::string name_ = "q" + NewId();
  std::unique_ptr<TestStore> store_;
  std::shared_ptr<Queue> queue_;
};
INSTANTIATE_TEST_SUITE_P(Backends, JobRunnerTest, testing::Values("sqlite", "postgresql", "redis"), BackendName);

TEST_P(JobRunnerTest, EveryJobOnceByTwoRunners) {
  std::vector<std::string> jobs;
  for (int i = 0; i < 60; ++i) jobs.push_back(Submit("write"));
  const Handler handler = [](const Job& job, JobContext&) -> Result<Effects> { return WriteRow(job); };
  auto one = Make({{"write", handler}}, Options());
  auto two = Make({{"write", handler}}, Options());
  {
    std::jthread first([&](std::stop_token stop) { one->Run(stop); });
    std::jthread second([&](std::stop_token stop) { two->Run(stop); });
    WaitForEnd(jobs);
  }
  for (const std::string& id : jobs) {
    EXPECT_EQ(EffectsOf(id), 1);
    EXPECT_EQ(Must(Jobs().Find(id)).result.at("done"), id);
  }
  EXPECT_EQ(one->statistics().done + two->statistics().done, 60);
  const QueueDepth depth = Must(queue_->Depth(name_));
  EXPECT_EQ(depth.waiting + depth.leased + depth.delayed, 0);
  EXPECT_TRUE(Must(WorkerRegistry(store_->database()).List()).empty());  // both have signed off
}

TEST_P(JobRunnerTest, FailuresAreTriedAgainInputsFaultsAreNot) {
  std::atomic<int> flaky = 0;
  auto runner = Make(
      {{"flaky",
        [&](const Job& job, JobContext&) -> Result<Effects> {
          if (++flaky < 3) return Unavailable("not now");
          return WriteRow(job);
        }},
       {"bad", [](const Job&, JobContext&) -> Result<Effects> { return InvalidInput("no such column", "a.csv:1"); }},
       {"throws", [](const Job&, JobContext&) -> Result<Effects> { throw std::runtime_error("oh"); }},
       {"effect fails",
        [](const Job&, JobContext&) -> Result<Effects> {
          return Effects{{}, [](Transaction& t) { return Done(t.Execute("INSERT INTO nowhere VALUES (1)")); }};
        }}},
      Options());
  const std::string good = Submit("flaky");
  const std::string bad = Submit("bad");
  const std::string throwing = Submit("throws", {}, 2);
  const std::string effect = Submit("effect fails", {}, 2);
  const std::string unknown = Submit("nobody knows");
  {
    std::jthread run([&](std::stop_token stop) { runner->Run(stop); });
    WaitForEnd({good, bad, throwing, effect, unknown});
  }
  EXPECT_EQ(EffectsOf(good), 1);
  EXPECT_EQ(Must(Jobs().Find(good)).attempts, 3);
  EXPECT_EQ(Must(Jobs().Find(good)).error, std::nullopt);
  EXPECT_EQ(Must(Jobs().Find(bad)).state, JobState::kFailed);
  EXPECT_EQ(Must(Jobs().Find(bad)).error->where, "a.csv:1");
  EXPECT_EQ(Must(Jobs().Find(throwing)).state, JobState::kDead);
  EXPECT_EQ(Must(Jobs().Find(throwing)).error->message, "oh");
  EXPECT_EQ(Must(Jobs().Find(effect)).state, JobState::kDead);
  EXPECT_EQ(Must(Jobs().Find(unknown)).state, JobState::kFailed);
}

TEST_P(JobRunnerTest, CancelStopsTheHandlerAndKeepsItsEffectsOut) {
  std::atomic<bool> stopped = false;
  auto runner = Make({{"long",
                       [&](const Job& job, JobContext& context) -> Result<Effects> {
                         context.progress.Begin("wait", 10, "steps");
                         while (!context.stop.stop_requested()) std::this_thread::sleep_for(milliseconds(5));
                         stopped = true;
                         return WriteRow(job);  // even then nothing is written
                       }}},
                     Options());
  const std::string id = Submit("long");
  {
    std::jthread run([&](std::stop_token stop) { runner->Run(stop); });
    WaitFor(id, [](const Job& job) { return job.progress.stage == "wait"; });
    Must(Jobs().Cancel(id, 1000));
    for (int i = 0; i < 1000 && !stopped; ++i) std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_TRUE(stopped);
  EXPECT_EQ(EffectsOf(id), 0);
  EXPECT_EQ(Must(Jobs().Find(id)).state, JobState::kCancelled);
}

TEST_P(JobRunnerTest, DrainFinishesWhatRunsAndReturnsTheRest) {
  std::atomic<int> begun = 0;
  RunnerOptions options = Options();
  options.threads = 1;
  options.grace_milliseconds = 300;
  auto runner = Make({{"quick",
                       [&](const Job& job, JobContext&) -> Result<Effects> {
                         ++begun;
                         std::this_thread::sleep_for(milliseconds(100));
                         return WriteRow(job);
                       }},
                      {"endless",
                       [&](const Job&, JobContext& context) -> Result<Effects> {
                         ++begun;
                         while (!context.stop.stop_requested()) std::this_thread::sleep_for(milliseconds(5));
                         return Cancelled();
                       }}},
                     options);
  const std::string quick = Submit("quick");
  {
    std::jthread run([&](std::stop_token stop) { runner->Run(stop); });
    while (begun == 0) std::this_thread::sleep_for(milliseconds(2));
  }
  EXPECT_EQ(EffectsOf(quick), 1);
  const std::string endless = Submit("endless");
  const std::string behind = Submit("quick");
  {
    std::jthread run([&](std::stop_token stop) { runner->Run(stop); });
    while (begun == 1) std::this_thread::sleep_for(milliseconds(2));
  }
  for (const std::string& id : {endless, behind}) {
    const Job job = Must(Jobs().Find(id));
    EXPECT_EQ(job.state, JobState::kQueued) << job.request;
    EXPECT_EQ(job.attempts, 0);
  }
  EXPECT_EQ(Must(queue_->Depth(name_)).waiting, 2);
}

TEST_P(JobRunnerTest, AJobThatItsWorkerLostIsRunByAnother) {
  const std::string id = Submit("write");
  // A worker that claims and is never heard of again.
  const auto leases = Must(queue_->Claim({name_}, "dead", 1, 5000, 300));
  ASSERT_EQ(leases.size(), 1U);
  ASSERT_EQ(Must(Jobs().ClaimAll({id}, "dead", 300)).size(), 1U);
  RunnerOptions options = Options();
  options.lease_milliseconds = 300;
  auto runner =
      Make({{"write", [](const Job& job, JobContext&) -> Result<Effects> { return WriteRow(job); }}}, options);
  {
    std::jthread run([&](std::stop_token stop) { runner->Run(stop); });
    WaitForEnd({id});
  }
  EXPECT_EQ(EffectsOf(id), 1);
  EXPECT_EQ(Must(Jobs().Find(id)).attempts, 2);
}

TEST_P(JobRunnerTest, AnEntryThatTheQueueLostIsFoundByTheSweep) {
  const std::string id = Submit("write");
  Must(queue_->Acknowledge(Must(queue_->Claim({name_}, "w", 1, 5000, 60'000))));  // as if it had never been pushed
  auto runner =
      Make({{"write", [](const Job& job, JobContext&) -> Result<Effects> { return WriteRow(job); }}}, Options());
  {
    std::jthread run([&](std::stop_token stop) { runner->Run(stop); });
    WaitForEnd({id});
  }
  EXPECT_EQ(EffectsOf(id), 1);
}

TEST_P(JobRunnerTest, QuickJobsEndWhileASlowOneOfTheirBatchRuns) {
  std::atomic<bool> release = false;
  RunnerOptions options = Options();
  options.threads = 1;
  auto runner = Make({{"quick", [](const Job& job, JobContext&) -> Result<Effects> { return WriteRow(job); }},
                      {"slow",
                       [&](const Job& job, JobContext&) -> Result<Effects> {
                         while (!release) std::this_thread::sleep_for(milliseconds(5));
                         return WriteRow(job);
                       }}},
                     options);
  std::vector<std::string> jobs;
  for (int i = 0; i < 20; ++i) jobs.push_back(Submit("quick"));  // so that it claims several at once
  std::jthread run([&](std::stop_token stop) { runner->Run(stop); });
  WaitForEnd(jobs);
  const std::string before = Submit("quick");
  const std::string slow = Submit("slow");
  const std::string behind = Submit("quick");
  WaitForEnd({before});
  WaitFor(slow, [](const Job& job) { return job.state == JobState::kRunning; });
  // What was claimed with the slow one goes back and another worker takes it.
  auto helper =
      Make({{"quick", [](const Job& job, JobContext&) -> Result<Effects> { return WriteRow(job); }}}, options);
  std::jthread helping([&](std::stop_token stop) { helper->Run(stop); });
  WaitForEnd({behind});
  EXPECT_FALSE(HasEnded(Must(Jobs().Find(slow)).state));
  release = true;
  WaitForEnd({slow});
  EXPECT_EQ(EffectsOf(slow), 1);
}

}  // namespace
}  // namespace meterhound::store
