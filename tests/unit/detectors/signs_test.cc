// A sign's rarity is a count among the honest; what is common, missing or unknown is not strange.
#include "detectors/signs.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

namespace meterhound::detectors {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Honest rows 0 to 999 have plateaus 0, 1, ... 999; their zeros are all the same.
FeatureTable Honest() {
  FeatureTable table;
  table.columns = {{"kwh__mean", FeatureGroup::kBehaviour},
                   {"kwh__longest_plateau__stat_\"longest_share\"", FeatureGroup::kBehaviour},
                   {"kwh__zero_streaks__stat_\"longest_share\"", FeatureGroup::kBehaviour}};
  for (int row = 0; row < 1000; ++row) {
    table.ids.push_back("h" + std::to_string(row));
    table.values.insert(table.values.end(), {7, static_cast<double>(row), 0});
  }
  return table;
}

FeatureTable One(double plateau, double zeros) {
  FeatureTable table = Honest();
  table.ids = {"x"};
  table.values = {1e9, plateau, zeros};
  return table;
}

const std::vector<std::size_t> kAll = {0, 1, 2};

Signs Learnt() {
  const FeatureTable honest = Honest();
  std::vector<std::size_t> rows(honest.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return Signs::Learn(honest, rows, kAll);
}

TEST(Signs, RarityIsTheShareOfTheHonestWithAsMuch) {
  const Signs signs = Learnt();
  EXPECT_DOUBLE_EQ(signs.Of(One(5000, 0), 0, kAll).rarest_share, 1.0 / 1001);
  EXPECT_DOUBLE_EQ(signs.Of(One(990, 0), 0, kAll).rarest_share, 11.0 / 1001);  // 990 to 999, and itself
  EXPECT_EQ(signs.Of(One(990, 0), 0, kAll).sign, "equal_readings");
}

TEST(Signs, WhatManyShowIsNotStrange) {
  const Signs signs = Learnt();
  for (const double plateau : {0.0, 500.0, 949.0, kNone}) {
    const Strangeness none = signs.Of(One(plateau, 0), 0, kAll);
    EXPECT_EQ(none.rarest_share, 1) << plateau;
    EXPECT_TRUE(none.sign.empty());
  }
  EXPECT_DOUBLE_EQ(signs.Of(One(0, 0.1), 0, kAll).rarest_share, 1.0 / 1001);  // nobody honest has a zero
}

TEST(Signs, OtherSignsDecideBetweenEquallyRareOnes) {
  const Signs signs = Learnt();
  const Strangeness one = signs.Of(One(5000, 0), 0, kAll);
  const Strangeness both = signs.Of(One(5000, 0.1), 0, kAll);
  EXPECT_EQ(one.rarest_share, both.rarest_share);
  EXPECT_TRUE(both.StrangerThan(one));
  EXPECT_FALSE(one.StrangerThan(both));
}

TEST(Signs, StoredAndBackTheySayTheSame) {
  const Signs signs = Learnt();
  const auto again = Signs::FromJson(signs.ToJson(), 3);
  ASSERT_TRUE(again.ok());
  for (const double plateau : {900.0, 960.5, 1e4}) {
    EXPECT_EQ(signs.Of(One(plateau, 0), 0, kAll).rarest_share, again->Of(One(plateau, 0), 0, kAll).rarest_share);
  }
  EXPECT_FALSE(Signs::FromJson(signs.ToJson(), 1).ok());
  Json damaged = signs.ToJson();
  damaged[0]["feature"] = "__mean";
  EXPECT_FALSE(Signs::FromJson(damaged, 3).ok());
}

TEST(Signs, ATableWithoutSignsHasNothingStrange) {
  FeatureTable bills = Honest();
  for (FeatureColumn& column : bills.columns) column.name = "elec__" + column.name + "__bill";
  const std::vector<std::size_t> rows = {0, 1, 2};
  const Signs signs = Signs::Learn(bills, rows, kAll);
  EXPECT_TRUE(signs.empty());
  EXPECT_EQ(signs.Of(bills, 1, kAll).rarest_share, 1);
}

}  // namespace
}  // namespace meterhound::detectors
