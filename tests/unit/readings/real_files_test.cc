// Real files, where they are at hand: counts that their descriptions state.
#include <gtest/gtest.h>

#include <numeric>

#include "support/readings_support.h"

namespace meterhound::readings {
namespace {

const std::filesystem::path kData = std::filesystem::path(METERHOUND_SOURCE_DIR) / ".." / "shared" / "data";

#define REQUIRE_DATA(path) \
  if (!std::filesystem::exists(path)) GTEST_SKIP() << (path) << " is not here; the test needs it"

double MissingShare(const Panel& panel) {
  const auto& missing = panel.kinds[0].missing;
  return std::accumulate(missing.begin(), missing.end(), 0.0) / static_cast<double>(missing.size());
}

TEST(RealFiles, Sgcc191) {
  REQUIRE_DATA(kData / "sgcc191/recovered_wide.csv");
  const auto panel = testing::ReadPath(kData / "sgcc191/recovered_wide.csv");
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  EXPECT_EQ(panel->rows(), 191u);
  EXPECT_EQ(panel->View(0, 0).size(), 1034u);
  EXPECT_EQ(std::count(panel->labels.begin(), panel->labels.end(), 1), 97);
  EXPECT_NEAR(MissingShare(*panel), 0.269, 0.0006);
  EXPECT_EQ(panel->View(0, 0).cadence, Cadence::kDaily);
}

TEST(RealFiles, SgccExcerptWithMixedDatesAndIdsLast) {
  REQUIRE_DATA(kData / "sgcc_excerpt/sgcc_26day_excerpt.csv");
  const auto panel = testing::ReadPath(kData / "sgcc_excerpt/sgcc_26day_excerpt.csv");
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  EXPECT_EQ(panel->rows(), 14u);
  EXPECT_EQ(panel->View(0, 0).size(), 26u);
  EXPECT_EQ(FormatDate(panel->View(0, 0).times.back()), "2014-01-26");
  EXPECT_EQ(panel->ids[0].size(), 32u);
}

TEST(RealFiles, StegMonthlyPackedByZstd) {
  REQUIRE_DATA(kData / "steg/steg_monthly_wide.csv.zst");
  const auto panel = testing::ReadPath(kData / "steg/steg_monthly_wide.csv.zst");
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  EXPECT_EQ(panel->rows(), 102312u);
  EXPECT_EQ(panel->View(0, 0).cadence, Cadence::kMonthly);
  EXPECT_NEAR(MissingShare(*panel), 0.54, 0.006);
}

}  // namespace
}  // namespace meterhound::readings
