// What is due by the clock is ordered once, whoever looks first, and what is sampled comes to the store.
#include "serve/scheduler.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "serve/alerting.h"
#include "serve/scored_samples.h"
#include "store/identifiers.h"
#include "store/schema.h"

namespace meterhound::serve {
namespace {

class SchedulerTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("scheduler-" + store::NewId());
    std::filesystem::create_directories(folder_);
    config_.service_store = "sqlite:" + (folder_ / "s.db").string();
    config_.check_frequency = "hourly";
    ASSERT_TRUE(store::Migrate(*store::Database::Open(config_.service_store).value()).ok());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::shared_ptr<Service> Open() { return Service::Open(config_).value(); }
  std::unique_ptr<Scheduler> SchedulerOf(const std::shared_ptr<Service>& service) {
    return Scheduler::Create(service, [](std::string_view what) { ADD_FAILURE() << what; }).value();
  }
  static std::size_t Ordered(Service& service) {
    store::JobFilter filter;
    filter.kind = kDrift;
    return service.jobs.List(filter).value().jobs.size();
  }

  std::filesystem::path folder_;
  pipeline::Config config_;
};

TEST_F(SchedulerTest, OnceWhenDueByWhicheverProcess) {
  const auto first = Open();
  const auto second = Open();
  const auto one = SchedulerOf(first);
  const auto other = SchedulerOf(second);
  const std::int64_t now = first->started / 1000;
  const std::int64_t due = now - now % 3600 + 3600;
  one->Turn(due - 1);
  EXPECT_EQ(Ordered(*first), 0U);
  one->Turn(due);
  other->Turn(due);
  one->Turn(due + 15);
  EXPECT_EQ(Ordered(*first), 1U);
  one->Turn(due + 3600);
  other->Turn(due + 3601);
  EXPECT_EQ(Ordered(*first), 2U);
}

TEST_F(SchedulerTest, WhatWasMissedIsMadeUpForOnce) {
  const auto service = Open();
  const auto scheduler = SchedulerOf(service);
  scheduler->Turn(service->started / 1000 + 5 * 3600);
  scheduler->Turn(service->started / 1000 + 5 * 3600 + 15);
  EXPECT_EQ(Ordered(*service), 1U);
}

TEST_F(SchedulerTest, DeadJobsRaiseAnAlertUntilNoneIsLeft) {
  const auto service = Open();
  const auto scheduler = SchedulerOf(service);
  const auto turn = [&] {
    scheduler->Turn(service->started / 1000);
    return service->alerts.Find(kDeadJobsAlert).value();
  };
  EXPECT_FALSE(turn());
  store::NewJob job;
  job.kind = kDetect;
  job.queue = kMathQueue;
  ASSERT_TRUE(store::Submit(*service->database, *service->queue, job).ok());
  EXPECT_FALSE(turn());
  ASSERT_TRUE(service->database->Execute("UPDATE jobs SET state='dead'").ok());
  const auto raised = turn();
  ASSERT_TRUE(raised && raised->firing);
  EXPECT_EQ(raised->alert.detail, Json({{"math_queue", 1}}));
  EXPECT_EQ(turn()->times, 1);  // nothing new
  ASSERT_TRUE(service->database->Execute("UPDATE jobs SET state='done'").ok());
  EXPECT_FALSE(turn()->firing);
}

monitor::Snapshot Consumers(std::size_t rows) {
  monitor::Snapshot snapshot;
  snapshot.features.columns = {{.name = "kwh__mean"}};
  snapshot.usage = monitor::Usage{.segments = {}, .scale = 1};
  for (std::size_t row = 0; row < rows; ++row) {
    snapshot.features.ids.push_back(std::to_string(row));
    snapshot.features.values.push_back(static_cast<double>(row));
    snapshot.scores.push_back(0.1);
    snapshot.usage->ids.push_back(std::to_string(row));
    snapshot.usage->level.push_back(1);
    snapshot.usage->missing.push_back(0);
    snapshot.usage->segment_of.push_back(0);
  }
  return snapshot;
}

TEST_F(SchedulerTest, WhatIsScoredAtOnceIsSampledAsItIsInLists) {
  const auto service = Open();
  const auto scheduler = SchedulerOf(service);
  constexpr std::size_t kRows = 5000;
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t i = 0; i < kRows; ++i) hashes.push_back((i + 1) * 0x9e3779b97f4a7c15ULL);
  const monitor::Snapshot all = Consumers(kRows);
  std::size_t described = 0;
  for (std::size_t begin = 0; begin < kRows; begin += 10) {  // ten a request, a turn now and then
    const auto describe = [&]() -> Result<monitor::Snapshot> {
      ++described;
      monitor::Snapshot ten = Consumers(10);
      for (std::size_t i = 0; i < 10; ++i) ten.features.values[i] = static_cast<double>(begin + i);
      return ten;
    };
    ASSERT_TRUE(service->samples.Offer("m", std::span(hashes).subspan(begin, 10), describe).ok());
    if (begin % 1000 == 0) scheduler->Turn(service->started / 1000);
  }
  scheduler->Turn(service->started / 1000);
  const std::size_t before = described;
  EXPECT_GE(before, 200U);
  const std::vector<std::uint64_t> beyond = {~std::uint64_t{0}};  // above the bar: nobody describes it
  ASSERT_TRUE(
      service->samples.Offer("m", beyond, [&] { return Result<monitor::Snapshot>(Consumers(1 + described++)); }).ok());
  EXPECT_EQ(described, before);
  const auto expected = RowsBelow(std::numeric_limits<std::int64_t>::max(), hashes, all);
  const auto kept = service->scored.Of("m").value().rows;
  ASSERT_EQ(kept.size(), static_cast<std::size_t>(store::ScoredStore::kMost));
  ASSERT_EQ(expected.size(), kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(kept[i].number, expected[i].number);
    EXPECT_EQ(kept[i].data, expected[i].data);
  }
}

}  // namespace
}  // namespace meterhound::serve
