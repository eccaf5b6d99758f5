// Rows kept one by one say what the snapshot said.
#include "monitor/kept_rows.h"

#include "unit/monitor/monitor_support.h"

namespace meterhound::monitor {
namespace {

std::vector<std::string> Encode(const Snapshot& town, std::size_t begin = 0) {
  std::vector<std::string> rows;
  for (std::size_t row = begin; row < town.rows(); ++row) rows.push_back(EncodeRow(town, row));
  return rows;
}

Result<Snapshot> Decode(const std::vector<std::string>& rows, const Snapshot& like) {
  return DecodeRows(std::vector<std::string_view>(rows.begin(), rows.end()), like.features.columns,
                    like.usage->segmented_by, like.usage->scale, "rows");
}

Snapshot DatedTown(std::size_t rows, std::uint64_t seed) {
  Snapshot town = Town(rows, seed);
  town.window = Window{.first = 86'400.0 * static_cast<double>(seed), .last = 86'400.0 * 400, .longest = 300 + seed};
  town.usage->segment_of[7] = town.usage->segments.size();  // unknown
  return town;
}

TEST_F(MonitorTest, KeptRowsAreComparedAsTheSnapshotIs) {
  const std::string stored = MakeBaseline(DatedTown(900, 1), context_, Baseline::kKeptValues).value().Encode();
  const Baseline baseline = Baseline::Decode(stored, "b").value();
  Snapshot current = DatedTown(400, 2);
  for (std::size_t row = 0; row < 400; ++row) current.features.Row(row)[3] += 0.8;
  const auto compare = [&](const Snapshot& snapshot) {
    return ToJson(CompareWithBaseline(baseline, snapshot, {}, context_).value()).dump();
  };
  const std::string expected = compare(current);
  EXPECT_EQ(compare(Decode(Encode(current), current).value()), expected);
  std::vector<std::string> reversed = Encode(current);
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_EQ(compare(Decode(reversed, current).value()), expected);
  EXPECT_NE(compare(Decode(Encode(current, 200), current).value()), expected);
}

TEST_F(MonitorTest, KeptRowsOfTwoListsAreTheListsTogether) {
  const Snapshot first = DatedTown(30, 1);
  const Snapshot second = DatedTown(40, 2);
  Snapshot both = first;
  ASSERT_TRUE(Append(both, second).ok());
  std::vector<std::string> rows = Encode(first);
  for (std::string& row : Encode(second)) rows.push_back(std::move(row));
  const Snapshot read = Decode(rows, first).value();
  EXPECT_EQ(read.scores, both.scores);
  EXPECT_EQ(read.labels, both.labels);
  EXPECT_EQ(read.usage->level, both.usage->level);
  EXPECT_EQ(read.usage->missing, both.usage->missing);
  EXPECT_EQ(read.usage->segments, both.usage->segments);
  EXPECT_EQ(read.usage->segment_of, both.usage->segment_of);
  EXPECT_EQ(read.window->first, both.window->first);
  EXPECT_EQ(read.window->longest, both.window->longest);
  for (std::size_t i = 0; i < both.features.values.size(); ++i) {
    const double expected = static_cast<double>(static_cast<float>(both.features.values[i]));
    EXPECT_TRUE(read.features.values[i] == expected || std::isnan(expected));
  }
}

TEST_F(MonitorTest, KeptRowsHoldNoIdAndDamageIsNoticed) {
  const Snapshot town = Town(1, 1, 3);
  const std::string row = EncodeRow(town, 0);
  EXPECT_EQ(row.find(town.features.ids[0]), std::string::npos);
  for (std::size_t size = 0; size < row.size(); ++size) {
    const auto refused = Decode({row.substr(0, size)}, town);
    ASSERT_FALSE(refused.ok()) << size;
    EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);
  }
  EXPECT_FALSE(Decode({row + "x"}, town).ok());
  EXPECT_FALSE(Decode({EncodeRow(Town(1, 1, 4), 0)}, town).ok());
}

}  // namespace
}  // namespace meterhound::monitor
