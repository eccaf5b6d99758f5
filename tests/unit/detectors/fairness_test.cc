// Visits by category against counting by hand, and what must add up.
#include "detectors/fairness.h"

#include <gtest/gtest.h>

#include <map>

#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

struct Town {
  std::vector<std::string> categories = {"east", "north", "south", "west"};
  std::vector<double> codes;
  std::vector<double> probability;
  std::vector<std::int8_t> label;

  explicit Town(std::size_t consumers) {
    for (std::size_t i = 0; i < consumers; ++i) {
      const std::vector<double> u = Uniforms(4, i + 1);
      codes.push_back(u[0] < 0.1 ? NAN : std::floor(u[1] * 3));  // nobody lives in the west
      probability.push_back(std::floor(u[2] * 20) / 20);         // many ties
      label.push_back(u[3] < probability.back() / 3 ? 1 : 0);
    }
  }
  FairnessTable Table() const { return ComputeFairness("district", codes, categories, probability, label); }
};

TEST(Fairness, EverySharesVisitsAndFindsAddUpToOne) {
  const FairnessTable table = Town(1000).Table();
  ASSERT_EQ(table.categories.size(), 4U);
  EXPECT_EQ(table.categories.back().category, "unknown");
  for (std::size_t share = 0; share < 3; ++share) {
    double visits = 0;
    double found = 0;
    for (const CategoryFairness& one : table.categories) {
      visits += one.at_share[share].visits.value;
      found += one.at_share[share].found.value;
      EXPECT_LE(one.at_share[share].visits.low, one.at_share[share].visits.value);
      EXPECT_GE(one.at_share[share].visits.high, one.at_share[share].visits.value);
    }
    EXPECT_NEAR(visits, 1, 1e-12);
    EXPECT_NEAR(found, 1, 1e-12);
  }
}

TEST(Fairness, TiesAreTheMeanOverTheirOrders) {
  const Town town(300);
  const FairnessTable table = town.Table();
  // Ten percent of 300 is 30 visits; draw the order of equals many times and count.
  std::map<std::string, double> visits;
  constexpr int kOrders = 4000;
  for (int draw = 0; draw < kOrders; ++draw) {
    std::vector<std::size_t> order = ShuffledOrder(300, static_cast<std::uint64_t>(draw));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return town.probability[a] > town.probability[b]; });
    for (std::size_t i = 0; i < 30; ++i) {
      const double code = town.codes[order[i]];
      visits[std::isnan(code) ? "unknown" : town.categories[static_cast<std::size_t>(code)]] += 1.0 / (30 * kOrders);
    }
  }
  for (const CategoryFairness& one : table.categories) {
    EXPECT_NEAR(one.at_share[2].visits.value, visits[one.category], 0.005) << one.category;
  }
}

TEST(Fairness, TheOrderOfConsumersChangesNothing) {
  const Town town(500);
  Town permuted = town;
  const std::vector<std::size_t> order = ShuffledOrder(500, 8);
  for (std::size_t i = 0; i < 500; ++i) {
    permuted.codes[i] = town.codes[order[i]];
    permuted.probability[i] = town.probability[order[i]];
    permuted.label[i] = town.label[order[i]];
  }
  EXPECT_EQ(DumpJson(ToJson(std::vector{town.Table()})), DumpJson(ToJson(std::vector{permuted.Table()})));
}

TEST(Fairness, SmallCategoriesAreTakenTogether) {
  std::vector<std::string> categories;
  std::vector<double> codes;
  for (std::size_t i = 0; i < 30; ++i) {
    categories.push_back("street " + std::to_string(100 + i));
    for (std::size_t k = 0; k <= i; ++k) codes.push_back(static_cast<double>(i));
  }
  const std::vector<double> probability = Uniforms(codes.size(), 4);
  const std::vector<std::int8_t> label(codes.size(), 0);
  const FairnessTable table = ComputeFairness("street", codes, categories, probability, label);
  ASSERT_EQ(table.categories.size(), kFairnessCategories + 1);
  EXPECT_EQ(table.categories.front().category, "street 129");
  EXPECT_EQ(table.categories.back().category, "all others");
  EXPECT_EQ(table.categories.back().consumers, 55U);                          // 1 + ... + 10
  EXPECT_TRUE(std::isnan(table.categories.front().at_share[0].found.value));  // nobody steals
}

TEST(Fairness, JsonReadsBack) {
  const std::vector<FairnessTable> tables = {Town(200).Table()};
  const auto back = FairnessFromJson(ParseJson(DumpJson(ToJson(tables)), "x").value());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(DumpJson(ToJson(*back)), DumpJson(ToJson(tables)));
  EXPECT_FALSE(FairnessFromJson(Json::array({Json{{"attribute", "a"}}})).ok());
}

}  // namespace
}  // namespace meterhound::detectors
