// When a retraining is ordered, when not and why, and that nobody takes the place of a model that is no longer the
// active one: on a real store.
#include "serve/retraining_jobs.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "serve/scheduler.h"
#include "store/identifiers.h"
#include "store/schema.h"

namespace meterhound::serve {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

class RetrainingOrders : public testing::Test {
 protected:
  void SetUp() override {
    const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("retraining-" + std::string(test->name()) + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    pipeline::Config config;
    config.service_store = "sqlite:" + (folder_ / "store.db").string();
    config.retraining_data = "/data/readings.csv";
    const auto database = store::Database::Open(config.service_store).value();
    ASSERT_TRUE(store::Migrate(*database).ok());
    service_ = Service::Open(config).value();
    AddModel("champion");
    Activate("champion");
  }
  void TearDown() override {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string FileOf(const std::string& name) {
    const std::filesystem::path file = folder_ / (name + ".mh");
    std::ofstream(file) << "the model " << name;
    return file.string();
  }
  static store::BundleInfo Info(const std::string& name) { return {.fingerprint = name, .name = name}; }
  void AddModel(const std::string& name) { ASSERT_TRUE(service_->bundles.Add(Info(name), FileOf(name)).ok()); }
  void Activate(const std::string& name) {
    ASSERT_TRUE(service_->database
                    ->Write([&](store::Transaction& transaction) {
                      return store::BundleStore::Activate(transaction, name, "test");
                    })
                    .ok());
  }

  Result<store::Job> Order(const std::string& cause, const RetrainingDetails& details = {}) {
    return service_->database->WriteFor<store::Job>(
        [&](store::Transaction& transaction) { return OrderRetraining(*service_, transaction, cause, details); });
  }
  /// The job is done, `hours` after it was ordered that long ago.
  void End(const store::Job& job, std::int64_t hours) {
    Change("UPDATE jobs SET state='done', created=? WHERE id=?", {store::NowMilliseconds() - hours * kHourMs, job.id});
  }
  void Tell(std::int64_t visits) {
    for (std::int64_t i = 0; i < visits; ++i) {
      Change(
          "INSERT INTO feedback (id, run, rank, consumer_id, outcome, visited_on, note, at, who) "
          "VALUES (?, 'r', 1, 'c', 'found', '2020-01-01', '', ?, '')",
          {store::NewId(), store::NowMilliseconds()});
    }
  }
  void Change(const char* sql, const store::Values& values) {
    ASSERT_TRUE(service_->database
                    ->Write([&](store::Transaction& transaction) -> Status {
                      const auto done = transaction.Execute(sql, values);
                      return done ? Status() : Status(done.error());
                    })
                    .ok());
  }
  std::int64_t Told() {
    return service_->database
        ->WriteFor<std::int64_t>([](store::Transaction& transaction) { return FeedbackSinceRetraining(transaction); })
        .value();
  }
  Status Keep(pipeline::Verdict verdict, const std::string& champion) {
    return service_->database->Write([&](store::Transaction& transaction) {
      return KeepChallenger(transaction, verdict, Info("challenger"), FileOf("challenger"), champion, "test", {});
    });
  }
  std::string Active() { return service_->bundles.Active().value().value_or("none"); }

  std::filesystem::path folder_;
  std::shared_ptr<Service> service_;
};

TEST_F(RetrainingOrders, OneAtATimeWhateverTheCause) {
  const auto first = Order(kByDrift);
  ASSERT_TRUE(first.ok()) << first.error().ToString();
  EXPECT_EQ(first->kind, kRetrain);
  EXPECT_EQ(first->queue, kMathQueue);
  EXPECT_EQ(first->request["cause"], kByDrift);
  EXPECT_EQ(first->title, "Retraining on readings.csv");
  EXPECT_EQ(service_->queue->Depth(kMathQueue)->waiting, 1);
  for (const char* cause : {kByHand, kByDrift, kBySchedule, kByFeedback}) {
    const auto second = Order(cause);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(second.error().where, kRetrain);
    EXPECT_NE(second.error().message.find("queued already"), std::string::npos);
  }
  EXPECT_EQ(service_->queue->Depth(kMathQueue)->waiting, 1);
}

TEST_F(RetrainingOrders, TriggersWaitForTheCoolDownAndPeopleDoNot) {
  End(Order(kByDrift).value(), 167);
  const auto early = Order(kBySchedule);
  ASSERT_FALSE(early.ok());
  EXPECT_NE(early.error().message.find("retraining.cool_down"), std::string::npos);
  const auto by_hand = Order(kByHand);
  ASSERT_TRUE(by_hand.ok());
  End(*by_hand, 0);  // by hand, so that it holds nobody back
  EXPECT_FALSE(Order(kByFeedback).ok());
  Change("UPDATE jobs SET created=created-? WHERE id<>?", {2 * kHourMs, by_hand->id});
  EXPECT_TRUE(Order(kByFeedback).ok());
}

TEST_F(RetrainingOrders, TriggersWaitForLabels) {
  service_->config.retraining_least_labels = 3;
  Tell(2);
  EXPECT_EQ(Told(), 2);
  const auto few = Order(kByDrift);
  ASSERT_FALSE(few.ok());
  EXPECT_NE(few.error().message.find("found 2 visits"), std::string::npos);
  Tell(1);
  const auto enough = Order(kByDrift);
  ASSERT_TRUE(enough.ok());
  EXPECT_EQ(Told(), 0);  // they have had their retraining
  End(*enough, 200);
  EXPECT_EQ(Told(), 3);
}

TEST_F(RetrainingOrders, SomethingToLearnFromAndSomeoneToReplace) {
  service_->config.retraining_data.clear();
  const auto nothing = Order(kByHand);
  ASSERT_FALSE(nothing.ok());
  EXPECT_EQ(nothing.error().where, "retraining.data");
  service_->config.retraining_data = "/data/readings.csv";
  Change("UPDATE model_activations SET undone=1", {});
  const auto nobody = Order(kByHand);
  ASSERT_FALSE(nobody.ok());
  EXPECT_NE(nobody.error().message.find("no model is active"), std::string::npos);
}

TEST_F(RetrainingOrders, TheSameRequestTwiceIsOneJob) {
  const RetrainingDetails details{.title = "new.csv", .key = {.scope = "s", .key = "k", .request_hash = "h"}};
  const auto first = Order(kByHand, details);
  const auto again = Order(kByHand, details);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(first->id, again->id);
}

TEST_F(RetrainingOrders, PromotedAtOnceOrKeptBeside) {
  ASSERT_TRUE(Keep(pipeline::Verdict::kAsk, "champion").ok());
  EXPECT_EQ(Active(), "champion");
  EXPECT_TRUE(service_->bundles.Find("challenger").ok());
  ASSERT_TRUE(Keep(pipeline::Verdict::kPromote, "champion").ok());
  EXPECT_EQ(Active(), "challenger");
  EXPECT_TRUE(service_->audit.Verify()->intact);
}

TEST_F(RetrainingOrders, NobodyTakesThePlaceOfAModelThatIsNotActive) {
  AddModel("newer");
  Activate("newer");
  const Status kept = Keep(pipeline::Verdict::kPromote, "champion");
  ASSERT_FALSE(kept.ok());
  EXPECT_EQ(kept.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(Active(), "newer");
  EXPECT_FALSE(service_->bundles.Find("challenger").ok());
}

TEST_F(RetrainingOrders, ByTheClockAndByVisitsToldWhereTheSettingsSaySo) {
  service_->config.retraining_schedule = "daily";
  service_->config.retraining_feedback_count = 3;
  const auto scheduler = Scheduler::Create(service_, [](std::string_view what) { ADD_FAILURE() << what; }).value();
  const auto causes = [&] {
    std::vector<std::string> found;
    store::JobFilter filter;
    filter.kind = kRetrain;
    const store::JobPage page = service_->jobs.List(filter).value();
    for (const store::Job& job : page.jobs) found.push_back(job.request.at("cause"));
    return found;
  };
  const std::int64_t now = service_->started / 1000;
  scheduler->Turn(now);
  Tell(2);
  scheduler->Turn(now + 15);
  EXPECT_EQ(causes(), std::vector<std::string>{});
  Tell(1);
  scheduler->Turn(now + 30);
  scheduler->Turn(now + 45);
  EXPECT_EQ(causes(), std::vector<std::string>{"feedback"});
  // A day later it is due by the clock, but one is under way, and then one was not long ago.
  scheduler->Turn(now + 86'400);
  EXPECT_EQ(causes().size(), 1U);
  End(service_->jobs.List({.kind = kRetrain}).value().jobs.front(), 48);
  scheduler->Turn(now + 2 * 86'400);
  EXPECT_EQ(causes().size(), 1U);
  service_->config.retraining_cool_down = 24;
  scheduler->Turn(now + 3 * 86'400);
  EXPECT_EQ(causes(), (std::vector<std::string>{"schedule", "feedback"}));
}

}  // namespace
}  // namespace meterhound::serve
