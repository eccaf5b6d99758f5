// When people are told: at the first time, again when it is worse or long ago, and of its end when they knew; in both
// databases.
#include "store/alert_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "support/store_backends.h"

namespace meterhound::store {
namespace {

constexpr std::int64_t kHour = 3'600'000;

Alert Drift(Severity severity = Severity::kWarning) {
  return {.key = "drift",
          .severity = severity,
          .title = "drift",
          .text = "everything has moved",
          .detail = {{"List", "may.csv"}},
          .link = "docs/operations.md#drift"};
}

class AlertStoreTest : public StoreTest {
 protected:
  AlertStore Alerts() { return AlertStore(shared()); }
  AlertChange Raise(const Alert& alert, bool told = true) {
    return Must(database().WriteFor<AlertChange>([&](Transaction& t) -> Result<AlertChange> {
      METERHOUND_ASSIGN_OR_RETURN(AlertChange change, AlertStore::Raise(t, alert, kHour));
      if (change.tell && told) METERHOUND_RETURN_IF_ERROR(AlertStore::MarkTold(t, alert.key));
      return change;
    }));
  }
  std::optional<AlertChange> Resolve() {
    return Must(database().WriteFor<std::optional<AlertChange>>(
        [&](Transaction& t) { return AlertStore::Resolve(t, "drift", "all is well"); }));
  }
  void LetPass(std::int64_t milliseconds) {
    Must(database().Execute("UPDATE alerts SET since=since-?, last_told=last_told-?", {milliseconds, milliseconds}));
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, AlertStoreTest, kBothDatabases, BackendName);

TEST_P(AlertStoreTest, WhatIsRaisedStandsThere) {
  EXPECT_TRUE(Must(Alerts().List()).empty());
  EXPECT_FALSE(Must(Alerts().Find("drift")));
  Raise(Drift());
  const AlertRecord record = Must(Alerts().List()).at(0);
  EXPECT_TRUE(record.firing);
  EXPECT_EQ(record.alert.title, "drift");
  EXPECT_EQ(record.alert.text, "everything has moved");
  EXPECT_EQ(record.alert.detail, Json({{"List", "may.csv"}}));
  EXPECT_EQ(record.alert.link, "docs/operations.md#drift");
  EXPECT_EQ(record.times, 1);
  EXPECT_TRUE(record.last_told);
  EXPECT_FALSE(record.resolved);
  EXPECT_NEAR(static_cast<double>(record.since), static_cast<double>(NowMilliseconds()), 60'000);
}

TEST_P(AlertStoreTest, IsToldOnceWhileItFires) {
  EXPECT_TRUE(Raise(Drift()).tell);
  EXPECT_FALSE(Raise(Drift()).tell);
  LetPass(kHour / 2);
  const AlertChange third = Raise(Drift());
  EXPECT_FALSE(third.tell);
  EXPECT_EQ(third.record.times, 3);
  LetPass(kHour / 2);
  EXPECT_TRUE(Raise(Drift()).tell);  // the cool-down is over
  EXPECT_FALSE(Raise(Drift()).tell);
}

TEST_P(AlertStoreTest, IsToldAgainWhenItIsWorseThanWasTold) {
  EXPECT_TRUE(Raise(Drift(Severity::kWarning)).tell);
  EXPECT_FALSE(Raise(Drift(Severity::kInfo)).tell);
  EXPECT_FALSE(Raise(Drift(Severity::kWarning)).tell);
  EXPECT_TRUE(Raise(Drift(Severity::kCritical)).tell);
  EXPECT_FALSE(Raise(Drift(Severity::kWarning)).tell);
  EXPECT_FALSE(Raise(Drift(Severity::kCritical)).tell);
}

TEST_P(AlertStoreTest, ItsEndIsToldToThoseWhoKnew) {
  EXPECT_FALSE(Resolve());
  Raise(Drift(), false);
  const auto silent = Resolve();
  ASSERT_TRUE(silent);
  EXPECT_FALSE(silent->tell);
  Raise(Drift());
  const auto told = Resolve();
  ASSERT_TRUE(told);
  EXPECT_TRUE(told->tell);
  EXPECT_FALSE(told->record.firing);
  EXPECT_EQ(told->record.alert.text, "all is well");
  EXPECT_TRUE(told->record.resolved);
  EXPECT_FALSE(Resolve());
  const AlertChange again = Raise(Drift());
  EXPECT_TRUE(again.tell);
  EXPECT_EQ(again.record.times, 1);
  EXPECT_FALSE(again.record.resolved);
}

TEST_P(AlertStoreTest, NobodyToTellIsNotHavingTold) {
  EXPECT_TRUE(Raise(Drift(), false).tell);
  EXPECT_TRUE(Raise(Drift(), false).tell);
  EXPECT_FALSE(Must(Alerts().Find("drift"))->last_told);
}

TEST_P(AlertStoreTest, FiringOnesComeFirstThenTheWorst) {
  for (const auto& [key, severity] : {std::pair{"a", Severity::kInfo}, std::pair{"b", Severity::kCritical},
                                      std::pair{"drift", Severity::kCritical}, std::pair{"d", Severity::kWarning}}) {
    Alert alert = Drift(severity);
    alert.key = key;
    Raise(alert);
  }
  Resolve();
  std::vector<std::string> keys;
  for (const AlertRecord& record : Must(Alerts().List())) keys.push_back(record.alert.key);
  EXPECT_EQ(keys, (std::vector<std::string>{"b", "d", "a", "drift"}));
}

TEST_P(AlertStoreTest, OneOfManyWhoRaiseAtOnceTells) {
  std::atomic<int> told = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] { told += Raise(Drift()).tell ? 1 : 0; });
  }
  EXPECT_EQ(told, 1);
  EXPECT_EQ(Must(Alerts().Find("drift"))->times, 8);
}

TEST_P(AlertStoreTest, WhatIsRolledBackWasNotRaised) {
  const Status failed = database().Write([&](Transaction& t) -> Status {
    METERHOUND_RETURN_IF_ERROR([&] {
      const auto raised = AlertStore::Raise(t, Drift(), kHour);
      return raised ? Status() : Status(raised.error());
    }());
    return InvalidInput("no");
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_FALSE(Must(Alerts().Find("drift")));
}

}  // namespace
}  // namespace meterhound::store
