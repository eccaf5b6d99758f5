// The stored baseline: small, checked, and never mistaken for something else.
#include "monitor/baseline.h"

#include "unit/monitor/monitor_support.h"

namespace meterhound::monitor {
namespace {

TEST_F(MonitorTest, BaselineOfEightHundredFeaturesIsBelowFiveMegabytes) {
  const std::string bytes = MakeBaseline(Town(2500, 1, 800), context_, Baseline::kKeptValues).value().Encode();
  EXPECT_LT(bytes.size(), 5'000'000U);
  EXPECT_GT(bytes.size(), 3'000'000U);
}

TEST_F(MonitorTest, BaselineIsTheSameForAnyOrderOfRows) {
  const Snapshot town = Town(300, 1);
  Snapshot reversed = town;
  std::vector<std::size_t> order(300);
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = order.size() - 1 - i;
  reversed.features = town.features.SelectRows(order);
  std::reverse(reversed.scores.begin(), reversed.scores.end());
  std::reverse(reversed.labels.begin(), reversed.labels.end());
  for (auto* values : {&reversed.usage->level, &reversed.usage->missing}) std::reverse(values->begin(), values->end());
  std::reverse(reversed.usage->segment_of.begin(), reversed.usage->segment_of.end());
  EXPECT_EQ(MakeBaseline(town, context_, 100).value().Encode(), MakeBaseline(reversed, context_, 100).value().Encode());
}

TEST_F(MonitorTest, DamagedAndNewerBaselinesAreRefused) {
  const std::string bytes = MakeBaseline(Town(60, 1, 3), context_, 10).value().Encode();
  ASSERT_TRUE(Baseline::Decode(bytes, "b").ok());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string altered = bytes;
    altered[at] = static_cast<char>(altered[at] ^ 0x20);
    EXPECT_FALSE(Baseline::Decode(altered, "b").ok()) << at;
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(Baseline::Decode(bytes.substr(0, size), "b").ok());
  std::string newer = bytes;
  newer[8] = 2;
  const auto refused = Baseline::Decode(newer, "b");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_FALSE(Baseline::Decode(bytes + "x", "b").ok());
}

TEST_F(MonitorTest, NoIdIsStored) {
  const Snapshot town = Town(60, 1, 3);
  const std::string bytes = MakeBaseline(town, context_, 1000).value().Encode();
  EXPECT_EQ(bytes.find(town.usage->ids.front()), std::string::npos);
}

// Of a large reference a thousand evenly spaced values are kept; the index comes from its bins' full counts.
TEST_F(MonitorTest, AThinnedSampleKeepsTheIndexAndNearlyTheStatistic) {
  const Snapshot reference = Town(8000, 1);
  const Snapshot current = Town(2000, 2);
  const DriftReport whole = Compare(reference, current);
  const auto kept = MakeBaseline(reference, context_, Baseline::kKeptValues).value();
  const DriftReport thinned =
      CompareWithBaseline(Baseline::Decode(kept.Encode(), "b").value(), current, {}, context_).value();
  for (std::size_t i = 0; i < whole.columns.size(); ++i) {
    EXPECT_EQ(whole.columns[i].psi, thinned.columns[i].psi) << i;
    EXPECT_NEAR(whole.columns[i].ks, thinned.columns[i].ks, 0.001) << i;
    EXPECT_GE(thinned.columns[i].p, whole.columns[i].p * 0.5) << i;
  }
}

}  // namespace
}  // namespace meterhound::monitor
