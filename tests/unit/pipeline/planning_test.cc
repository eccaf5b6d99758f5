// Plans: what they promise of costs, of the draw and of outcomes, against counting and exact probabilities.
#include "pipeline/planning.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/file.h"
#include "numerics/random.h"
#include "support/readings_support.h"

namespace meterhound::pipeline {
namespace {

using explain::Estimate;
using readings::testing::TextFile;

ScoredList MakeList(std::size_t consumers, std::uint64_t seed, std::size_t districts = 4) {
  numerics::Random random(seed);
  ScoredList list{.further = {"district"}, .consumers = {}};
  for (std::size_t i = 0; i < consumers; ++i) {
    const double p = std::pow(random.Uniform(), 4);
    const double kwh = std::exp(6 + random.Normal());
    ScoredConsumer one{.id = "c" + std::to_string(i),
                       .probability = {p, 0.8 * p, std::min(1.0, 1.2 * p)},
                       .tier = "low",
                       .anomaly_score = random.Uniform(),
                       .missing_kwh = std::nullopt,
                       .listed_for_sign = i % 20 == 19,
                       .further = {"D" + std::to_string(random.Below(districts))}};
    if (random.Bernoulli(0.6)) one.missing_kwh = Estimate{kwh, 0.6 * kwh, 1.4 * kwh};
    list.consumers.push_back(one);
  }
  std::sort(list.consumers.begin(), list.consumers.end(),
            [](const auto& a, const auto& b) { return a.probability.value > b.probability.value; });
  return list;
}

PlanOptions Terms(std::optional<std::size_t> visits, std::optional<double> budget) {
  PlanOptions options;
  options.terms = {.visits = visits,
                   .budget = budget,
                   .visit_cost = 20,
                   .tariff = 0.2,
                   .currency = "EUR",
                   .travel_by = "district",
                   .random_share = 0.1,
                   .seed = 5};
  options.travel_cost = 30;
  options.travel_costs = {{"D0", 0}, {"D1", 200}};
  return options;
}

report::VisitPlan Plan(const ScoredList& list, const PlanOptions& options, const Feedback& feedback = {}) {
  const auto plan = MakePlan(list, feedback, options, std::nullopt);
  EXPECT_TRUE(plan.ok()) << plan.error().ToString();
  return *plan;
}

TEST(Planning, KeepsTheBudgetAndAddsUp) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const ScoredList list = MakeList(300, seed);
    for (const bool money : {false, true}) {
      const PlanOptions options = money ? Terms({}, 200 + 40.0 * static_cast<double>(seed)) : Terms(3 + seed, {});
      const report::VisitPlan plan = Plan(list, options);
      std::set<std::string> ids;
      std::set<std::string> travelled;
      double cost = 0;
      double hits = 0;
      double net = 0;
      double ranked = 0;
      double last = INFINITY;
      for (const report::PlannedVisit& visit : plan.visits) {
        EXPECT_TRUE(ids.insert(visit.consumer_id).second);
        const bool first = travelled.insert(visit.district).second;
        const double travel = visit.district == "D0" ? 0 : visit.district == "D1" ? 200 : 30;
        EXPECT_EQ(visit.cost, 20 + (first ? travel : 0));
        EXPECT_NEAR(visit.net.value, visit.kwh.value * 0.2 - visit.cost, 1e-9);
        EXPECT_LE(visit.kwh.low, visit.kwh.value);
        EXPECT_GE(visit.kwh.high, visit.kwh.value);
        cost += visit.cost;
        hits += visit.probability.value;
        net += visit.net.value;
        if (visit.drawn) continue;
        ranked += visit.net.value;
        const double gain = visit.kwh.value * 0.2 - 20;
        EXPECT_GT(gain, 0);
        EXPECT_LE(gain, last);
        last = gain;
        EXPECT_EQ(visit.selection_probability, 1);
      }
      EXPECT_NEAR(plan.cost, cost, 1e-9);
      EXPECT_NEAR(plan.hits.value, hits, 1e-9);
      EXPECT_NEAR(plan.net.value, net, 1e-6);
      EXPECT_NEAR(plan.ranked_net, ranked, 1e-6);
      EXPECT_GE(plan.at_most, plan.ranked_net - 1e-9);
      EXPECT_EQ(plan.districts, travelled.size());
      EXPECT_LE(money ? plan.cost : static_cast<double>(plan.visits.size()),
                money ? *options.terms.budget + 1e-6 : static_cast<double>(*options.terms.visits));
    }
  }
}

TEST(Planning, NeitherTheOrderOfTheListNorReadingItBackChangesThePlan) {
  ScoredList list = MakeList(400, 3);
  const std::string plan = report::PlanCsv(Plan(list, Terms({}, 1500)));
  const TextFile file("");
  ASSERT_TRUE(WriteScoredList(file.path(), list).ok());
  EXPECT_EQ(report::PlanCsv(Plan(ReadScoredList(file.path()).value(), Terms({}, 1500))), plan);
  numerics::Random(8).Shuffle(list.consumers);
  EXPECT_EQ(report::PlanCsv(Plan(list, Terms({}, 1500))), plan);
}

// Everybody who is not ranked is drawn as often as the plan says, near or far.
TEST(Planning, TheDrawIsAsLikelyAsItSays) {
  const ScoredList list = MakeList(120, 9);
  constexpr int kSeeds = 3000;
  for (const bool money : {false, true}) {
    PlanOptions options = money ? Terms({}, 1800) : Terms(40, {});
    options.terms.random_share = 0.3;
    options.outcomes = 1;
    std::map<std::string, int> drawn;
    double probability = 0;
    std::set<std::string> ranked;
    for (int seed = 0; seed < kSeeds; ++seed) {
      options.terms.seed = static_cast<std::uint64_t>(seed);
      for (const report::PlannedVisit& visit : Plan(list, options).visits) {
        if (visit.drawn) {
          ++drawn[visit.consumer_id];
          probability = visit.selection_probability;
        } else {
          ranked.insert(visit.consumer_id);
        }
      }
    }
    ASSERT_GT(probability, 0.02);
    // Pearson's statistic over the consumers that can be drawn; about a standard normal after Wilson and Hilferty.
    double square = 0;
    for (const ScoredConsumer& one : list.consumers) {
      if (ranked.contains(one.id)) continue;
      const double expected = probability * kSeeds;
      square += (drawn[one.id] - expected) * (drawn[one.id] - expected) / expected / (1 - probability);
    }
    const double freedom = static_cast<double>(list.consumers.size() - ranked.size() - 1);
    const double z = (std::cbrt(square / freedom) - 1 + 2 / (9 * freedom)) / std::sqrt(2 / (9 * freedom));
    EXPECT_LT(std::abs(z), 4) << money;
  }
}

TEST(Planning, HitsAreThoseOfTheBinomialWhereProbabilitiesAreCertain) {
  ScoredList list{.further = {}, .consumers = {}};
  for (int i = 0; i < 200; ++i) {
    list.consumers.push_back({.id = "c" + std::to_string(i),
                              .probability = {0.3, 0.3, 0.3},
                              .tier = "high",
                              .missing_kwh = Estimate{500, 500, 500},
                              .further = {}});
  }
  PlanOptions options;
  options.terms = {.visits = 50,
                   .budget = {},
                   .visit_cost = 0,
                   .tariff = 1,
                   .currency = "",
                   .travel_by = "",
                   .random_share = 0,
                   .seed = 1};
  const report::VisitPlan plan = Plan(list, options);
  const auto at_most = [](int hits) {  // probability of so many or fewer among 50
    double sum = 0;
    double term = std::pow(0.7, 50);
    for (int k = 0; k <= hits; ++k) {
      sum += term;
      term *= 0.3 / 0.7 * (50 - k) / (k + 1);
    }
    return sum;
  };
  EXPECT_NEAR(at_most(static_cast<int>(plan.hits.low)), 0.025, 0.03);
  EXPECT_NEAR(at_most(static_cast<int>(plan.hits.high)), 0.975, 0.03);
  EXPECT_EQ(plan.kwh.low, 500 * plan.hits.low);
  EXPECT_EQ(plan.net.high, 500 * plan.hits.high);
  EXPECT_NEAR(plan.hits.value, 15, 1e-9);
}

// Towns whose truth follows the list: intervals hold it in about 95 of 100.
TEST(Planning, IntervalsHoldTheOutcome) {
  constexpr int kTowns = 200;
  int hits_held = 0;
  int kwh_held = 0;
  for (int town = 0; town < kTowns; ++town) {
    const auto seed = static_cast<std::uint64_t>(town);
    const ScoredList list = MakeList(300, 1000 + seed);
    PlanOptions options = Terms(60, {});
    options.typical_kwh = 400;
    options.terms.seed = seed;
    const report::VisitPlan plan = Plan(list, options);
    numerics::Random random(77, seed);
    const double off = 1 + 0.2 * random.Normal() / 1.96;  // of all probabilities, as their intervals say
    int hits = 0;
    double kwh = 0;
    for (const report::PlannedVisit& visit : plan.visits) {
      if (!random.Bernoulli(std::min(1.0, visit.probability.value * off))) continue;
      ++hits;
      const double missing = visit.kwh.value / visit.probability.value;
      kwh += visit.dated ? std::max(0.0, missing * (1 + 0.2 * random.Normal())) : missing;
    }
    hits_held += plan.hits.low <= hits && hits <= plan.hits.high ? 1 : 0;
    kwh_held += plan.kwh.low <= kwh && kwh <= plan.kwh.high ? 1 : 0;
  }
  EXPECT_GE(hits_held, 182);
  EXPECT_GE(kwh_held, 180);
  EXPECT_LE(kwh_held, 199);
}

TEST(Planning, WhomAVisitReachedIsLeftOut) {
  const ScoredList list = MakeList(100, 12);
  const TextFile file("consumer_id,visited_on,outcome\n" + list.consumers[0].id + ",2016-01-02,found\n" +
                      list.consumers[1].id + ",2016-01-02,not_found\n" + list.consumers[2].id +
                      ",2016-01-02,no_access\n");
  const Feedback feedback = ReadFeedback(file.path(), Config()).value();
  PlanOptions options = Terms(100, {});
  options.terms.visit_cost = 0;
  options.travel_costs.clear();
  options.travel_cost = 0;
  const report::VisitPlan plan = Plan(list, options, feedback);
  EXPECT_EQ(plan.visited_before, 2U);
  std::set<std::string> ids;
  for (const report::PlannedVisit& visit : plan.visits) ids.insert(visit.consumer_id);
  EXPECT_EQ(ids.size(), 98U);
  EXPECT_FALSE(ids.contains(list.consumers[0].id));
  EXPECT_FALSE(ids.contains(list.consumers[1].id));
  EXPECT_TRUE(ids.contains(list.consumers[2].id));
}

TEST(Planning, TypicalEnergyIsWhatVisitsFound) {
  ScoredList list = MakeList(50, 13);
  std::string text = "consumer_id,visited_on,outcome,kwh_found\n";
  for (int i = 0; i < 10; ++i) {
    text +=
        list.consumers[static_cast<std::size_t>(i)].id + ",2016-01-02,found," + std::to_string(100 * (i + 1)) + "\n";
  }
  const TextFile file(text);
  const report::VisitPlan plan = Plan(list, Terms(40, {}), ReadFeedback(file.path(), Config()).value());
  ASSERT_TRUE(plan.typical_kwh);
  EXPECT_NEAR(plan.typical_kwh->value, 550, 1e-9);  // the middle 80 % of 100, 200, ... 1,000
  EXPECT_EQ(plan.typical_kwh->low, 200);
  EXPECT_EQ(plan.typical_kwh->high, 900);
}

TEST(Planning, WhatIsMissingIsNamed) {
  const ScoredList list = MakeList(30, 14);
  const auto message = [&](const PlanOptions& options) {
    const auto plan = MakePlan(list, {}, options, std::nullopt);
    return plan.ok() ? "" : plan.error().ToString();
  };
  EXPECT_NE(message(Terms({}, {})).find("--visits N or --budget MONEY"), std::string::npos);
  EXPECT_NE(message(Terms(3, 4.0)).find("both"), std::string::npos);
  PlanOptions options = Terms({}, 100);
  options.terms.visit_cost = 0;
  EXPECT_NE(message(options).find("--visit-cost"), std::string::npos);
  options = Terms(3, {});
  options.terms.travel_by = "town";
  EXPECT_NE(message(options).find("further columns: district"), std::string::npos);
  options = Terms(3, {});
  options.travel_cost.reset();
  EXPECT_NE(message(options).find("found no cost for district"), std::string::npos);
  ScoredList undated = list;
  for (ScoredConsumer& one : undated.consumers) one.missing_kwh.reset();
  EXPECT_NE(MakePlan(undated, {}, Terms(3, {}), std::nullopt).error().ToString().find("--typical-kwh"),
            std::string::npos);
}

TEST(ScoredLists, BadOnesAreRefusedByPlace) {
  const std::string header =
      "consumer_id,probability,tier,anomaly_score,probability_low,probability_high,missing_kwh,missing_kwh_low,"
      "missing_kwh_high,listed_for\n";
  const auto refused = [&](const std::string& rows) {
    const TextFile file(header + rows);
    const auto list = ReadScoredList(file.path());
    return list.ok() ? "" : list.error().ToString();
  };
  EXPECT_EQ(refused("a,0.5,high,0.4,0.4,0.6,,,,probability\n"), "");
  EXPECT_NE(refused("a,1.5,high,0.4,0.4,0.6,,,,probability\n").find(".csv:2:3: found '1.5'"), std::string::npos);
  EXPECT_NE(refused("a,0.5,high,0.4,0.6,0.6,,,,probability\n").find(".csv:2:3: found '0.5'"), std::string::npos);
  EXPECT_NE(refused("a,0.5,high,0.4,0.4,0.6,12,,,sign\n").find(".csv:2:24: found '12'"), std::string::npos);
  EXPECT_NE(refused("a,0.5,high,0.4,0.4,0.6,,,,probability\na,0.5,high,0.4,0.4,0.6,,,,probability\n")
                .find(".csv:3:1: found consumer 'a' again"),
            std::string::npos);
  EXPECT_NE(refused("a,0.5,high,0.4,0.4,0.6,,,,signs\n").find(".csv:2:27: found 'signs', expected probability or sign"),
            std::string::npos);
  EXPECT_NE(refused("a,0.5,high\n").find("expected 10 as in the header"), std::string::npos);
  EXPECT_NE(refused("").find("no consumers"), std::string::npos);
}

}  // namespace
}  // namespace meterhound::pipeline
