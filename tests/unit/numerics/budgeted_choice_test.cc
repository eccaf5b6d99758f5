// Choices under a budget against every possible one, on problems small enough to try them all.
#include "numerics/budgeted_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "numerics/random.h"

namespace meterhound::numerics {
namespace {

struct Sum {
  double profit = 0;
  double weight = 0;
};

Sum Of(const ChoiceProblem& problem, const std::vector<std::size_t>& items) {
  Sum sum;
  std::set<std::size_t> groups;
  for (const std::size_t item : items) {
    sum.profit += problem.profit[item];
    sum.weight += problem.item_weight;
    if (groups.insert(problem.group[item]).second) {
      sum.profit -= problem.opening_loss[problem.group[item]];
      sum.weight += problem.opening_weight[problem.group[item]];
    }
  }
  return sum;
}

double Best(const ChoiceProblem& problem) {
  double best = 0;
  for (std::size_t set = 0; set < std::size_t{1} << problem.profit.size(); ++set) {
    std::vector<std::size_t> items;
    for (std::size_t item = 0; item < problem.profit.size(); ++item) {
      if (set >> item & 1) items.push_back(item);
    }
    const Sum sum = Of(problem, items);
    if (sum.weight <= problem.budget) best = std::max(best, sum.profit);
  }
  return best;
}

// Whole numbers, so that no sum rounds. @param travel what opening a group may cost at most.
ChoiceProblem RandomProblem(Random& random, std::uint64_t travel) {
  ChoiceProblem problem;
  const std::size_t items = 1 + random.Below(12);
  const std::size_t groups = 1 + random.Below(4);
  for (std::size_t i = 0; i < items; ++i) {
    problem.profit.push_back(static_cast<double>(random.Below(60)) - 10);
    problem.group.push_back(random.Below(groups));
  }
  problem.item_weight = static_cast<double>(1 + random.Below(10));
  for (std::size_t group = 0; group < groups; ++group) {
    const bool counted = random.Bernoulli(0.5);  // a budget of money knows travel, one of visits does not
    problem.opening_loss.push_back(static_cast<double>(random.Below(travel + 1)));
    problem.opening_weight.push_back(counted ? problem.opening_loss.back() : 0);
  }
  problem.budget = static_cast<double>(random.Below(80));
  return problem;
}

TEST(BudgetedChoice, IsNeverBelowHalfOfTheBestAndRarelyBelowIt) {
  Random random(11);
  double share = 0;
  std::size_t best_found = 0;
  constexpr std::size_t kProblems = 3000;
  for (std::size_t i = 0; i < kProblems; ++i) {
    const ChoiceProblem problem = RandomProblem(random, 40);
    const Choice choice = ChooseUnderBudget(problem);
    const double best = Best(problem);
    const Sum sum = Of(problem, choice.items);
    EXPECT_EQ(std::set<std::size_t>(choice.items.begin(), choice.items.end()).size(), choice.items.size());
    EXPECT_NEAR(sum.profit, choice.profit, 1e-9);
    EXPECT_NEAR(sum.weight, choice.weight, 1e-9);
    EXPECT_LE(choice.weight, problem.budget);
    EXPECT_LE(choice.profit, best + 1e-9);
    EXPECT_GE(choice.at_most, best - 1e-9);
    EXPECT_GE(2 * choice.profit, choice.at_most - 1e-9);
    share += best > 0 ? choice.profit / best : 1;
    best_found += choice.profit >= best - 1e-9 ? 1 : 0;
  }
  EXPECT_GT(share / kProblems, 0.995);
  EXPECT_GT(static_cast<double>(best_found) / kProblems, 0.97);
}

TEST(BudgetedChoice, IsTheBestWithoutOpenings) {
  Random random(12);
  for (int i = 0; i < 500; ++i) {
    ChoiceProblem problem = RandomProblem(random, 0);
    const Choice choice = ChooseUnderBudget(problem);
    EXPECT_EQ(choice.profit, Best(problem));
    problem.budget = std::floor(problem.budget / problem.item_weight) * problem.item_weight;
    EXPECT_NEAR(ChooseUnderBudget(problem).at_most, choice.profit, 1e-9);
  }
}

TEST(BudgetedChoice, AFarGroupIsOpenedOnlyWhenItPays) {
  ChoiceProblem problem{.profit = {10, 9, 8, 30, 29, 28},
                        .group = {0, 0, 0, 1, 1, 1},
                        .item_weight = 1,
                        .opening_loss = {0, 50},
                        .opening_weight = {0, 0},
                        .budget = 3};
  EXPECT_EQ(ChooseUnderBudget(problem).items, (std::vector<std::size_t>{3, 4, 5}));
  problem.opening_loss[1] = 61;
  EXPECT_EQ(ChooseUnderBudget(problem).items, (std::vector<std::size_t>{0, 1, 2}));
  problem.budget = 6;
  EXPECT_EQ(ChooseUnderBudget(problem).profit, 27 + 87 - 61);
  problem.budget = 0;
  EXPECT_TRUE(ChooseUnderBudget(problem).items.empty());
}

TEST(BudgetedChoice, PricesThatRoundFillTheBudget) {
  const ChoiceProblem problem{.profit = std::vector<double>(20, 1.0),
                              .group = std::vector<std::size_t>(20, 0),
                              .item_weight = 0.1,
                              .opening_loss = {0},
                              .opening_weight = {0},
                              .budget = 0.1 + 0.1 + 0.1};
  EXPECT_EQ(ChooseUnderBudget(problem).items.size(), 3U);
}

}  // namespace
}  // namespace meterhound::numerics
