// Attacks on real readings: nothing changes but what the truth says was taken, and every gap stays.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "numerics/random.h"
#include "simulate/simulate.h"

namespace meterhound::simulate {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Honest homes with two decimals, one reading in nine lost; the first home begins ten days late.
Panel Homes(std::size_t rows, std::size_t days, int per_day) {
  Panel panel;
  panel.source = "homes.csv";
  auto timeline = std::make_shared<Timeline>();
  timeline->cadence = per_day == 1 ? Cadence::kDaily : Cadence::kHalfHourly;
  const std::size_t readings = days * static_cast<std::size_t>(per_day);
  for (std::size_t i = 0; i < readings; ++i)
    timeline->times.push_back((16000 + static_cast<double>(i) / per_day) * kSecondsPerDay);
  SeriesKind kind{.name = "kwh", .unit = "kWh", .timeline = timeline, .values = {}, .missing = {}};
  numerics::Random random(3);
  for (std::size_t row = 0; row < rows; ++row) {
    panel.ids.push_back("home" + std::to_string(row));
    const double level = row % 3 == 0 ? 2 : 20;  // every third one is a victim that swapping pays with
    for (std::size_t i = 0; i < readings; ++i) {
      const bool lost = random.Bernoulli(1.0 / 9) || (row == 0 && i < 10 * static_cast<std::size_t>(per_day));
      kind.missing.push_back(lost ? 1 : 0);
      kind.values.push_back(lost ? kNone : std::round(100 * level * random.Uniform(0.5, 1.5)) / 100);
    }
  }
  panel.labels.assign(rows, kUnlabelled);
  panel.kinds.push_back(std::move(kind));
  return panel;
}

Result<Simulation> TryInject(const Panel& homes, const SimulationOptions& options, std::size_t threads = 1) {
  ThreadPool pool(threads);
  Progress progress;
  return InjectAttacks(homes, options, RunContext{pool, progress, {}});
}

Simulation Inject(const Panel& homes, const SimulationOptions& options, std::size_t threads = 1) {
  auto simulation = TryInject(homes, options, threads);
  EXPECT_TRUE(simulation.ok()) << simulation.error().ToString();
  return std::move(simulation).value();
}

SimulationOptions Only(int number) {
  SimulationOptions options{.theft_share = 0.25, .mixture_share = 0};
  options.attack_weights = {};
  options.attack_weights[static_cast<std::size_t>(number - 1)] = 1;
  return options;
}

class EveryAttack : public testing::TestWithParam<std::tuple<int, int>> {};

TEST_P(EveryAttack, ChangesItsDaysAndKeepsTheGaps) {
  const auto [number, per_day] = GetParam();
  const Panel homes = Homes(40, 90, per_day);
  const Simulation town = Inject(homes, Only(number));
  ASSERT_TRUE(town.panel.Validate().ok());
  std::size_t thefts = 0;
  for (std::size_t row = 0; row < homes.rows(); ++row) {
    const SeriesView before = homes.View(0, row);
    const SeriesView after = town.panel.View(0, row);
    const Truth& truth = town.truth[row];
    EXPECT_EQ(town.panel.ids[row], "SIM-" + homes.ids[row]);
    EXPECT_EQ(town.panel.labels[row], truth.kind == "theft" ? 1 : 0);
    ASSERT_TRUE(std::equal(before.missing.begin(), before.missing.end(), after.missing.begin(), after.missing.end()));
    const std::int64_t start = truth.attacks.empty() ? truth.twin_day.value_or(0) : truth.attacks[0].start_day;
    const std::int64_t stop =
        truth.attacks.empty() || !truth.attacks[0].stop_day ? 1000000 : *truth.attacks[0].stop_day;
    double taken = 0;
    std::size_t changed = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before.missing[i] != 0) continue;
      taken += before.values[i] - after.values[i];
      if (before.values[i] == after.values[i]) continue;
      ++changed;
      EXPECT_GE(DayOf(before.times[i]), start);
      EXPECT_LT(DayOf(before.times[i]), stop);
      EXPECT_EQ(after.values[i], std::round(after.values[i] * 100) / 100);  // no digit that honest readings lack
    }
    if (truth.kind == "honest") {
      EXPECT_EQ(changed, 0U);
    }
    if (truth.kind != "theft") continue;
    ++thefts;
    if (number != 9) {  // a bypass that is set and removed may be off for all of a short attack
      EXPECT_GT(changed, 0U);
    }
    EXPECT_NEAR(taken, truth.kwh_taken_observed, 0.005 * static_cast<double>(before.size()));
  }
  EXPECT_EQ(thefts, 10U);
}

INSTANTIATE_TEST_SUITE_P(InjectAttacks, EveryAttack,
                         testing::Combine(testing::Range(1, kAttacks + 1), testing::Values(1, 48)));

TEST(InjectAttacks, SwapGivesTheVictimTheThiefsReadings) {
  const Panel homes = Homes(40, 90, 1);
  const Simulation town = Inject(homes, Only(13));
  std::size_t victims = 0;
  for (std::size_t row = 0; row < homes.rows(); ++row) {
    if (town.truth[row].twin != "swap_victim") continue;
    ++victims;
    const auto thief = static_cast<std::size_t>(
        std::find(town.panel.ids.begin(), town.panel.ids.end(), town.truth[row].partner) - town.panel.ids.begin());
    ASSERT_EQ(town.truth[thief].partner, town.panel.ids[row]);
    const SeriesView metered = town.panel.View(0, row);
    const SeriesView used = homes.View(0, thief);
    const TruthAttack& attack = town.truth[thief].attacks[0];
    for (std::size_t i = 0; i < used.size(); ++i) {
      const std::int64_t day = DayOf(used.times[i]);
      if (day < attack.start_day || (attack.stop_day && day >= *attack.stop_day)) continue;
      if (metered.missing[i] == 0 && used.missing[i] == 0) {
        EXPECT_EQ(metered.values[i], used.values[i]);
      }
    }
  }
  EXPECT_GT(victims, 5U);
}

TEST(InjectAttacks, NeitherRowOrderNorThreadsChangeAConsumer) {
  const Panel homes = Homes(60, 60, 1);
  const Simulation plain = Inject(homes, {.theft_share = 0.2});
  std::vector<std::size_t> reversed(homes.rows());
  std::iota(reversed.rbegin(), reversed.rend(), std::size_t{0});
  const Simulation turned = Inject(homes.Select(reversed), {.theft_share = 0.2}, 4);
  for (std::size_t row = 0; row < homes.rows(); ++row) {
    const std::size_t there = homes.rows() - 1 - row;
    EXPECT_EQ(plain.panel.ids[row], turned.panel.ids[there]);
    EXPECT_EQ(plain.panel.labels[row], turned.panel.labels[there]);
    EXPECT_EQ(plain.panel.ContentHash(row), turned.panel.ContentHash(there));
  }
}

TEST(InjectAttacks, ConsumersWithTheirOwnTimesComeOnOneAxis) {
  const Panel wide = Homes(20, 60, 48);
  Panel ragged = wide;
  auto timeline = std::make_shared<Timeline>();
  timeline->shared = false;
  timeline->cadence = Cadence::kHalfHourly;
  timeline->offsets = {0};
  ragged.kinds[0].values.clear();
  ragged.kinds[0].missing.clear();
  for (std::size_t row = 0; row < wide.rows(); ++row) {
    const SeriesView view = wide.View(0, row);
    for (std::size_t i = 0; i < view.size(); ++i) {
      if (view.missing[i] != 0) continue;
      timeline->times.push_back(view.times[i]);
      ragged.kinds[0].values.push_back(view.values[i]);
      ragged.kinds[0].missing.push_back(0);
    }
    timeline->offsets.push_back(timeline->times.size());
  }
  ragged.kinds[0].timeline = timeline;
  const Simulation from_wide = Inject(wide, {.theft_share = 0.3});
  const Simulation from_ragged = Inject(ragged, {.theft_share = 0.3});
  ASSERT_EQ(from_ragged.panel.kinds[0].timeline->times, from_wide.panel.kinds[0].timeline->times);
  EXPECT_EQ(from_ragged.panel.kinds[0].missing, from_wide.panel.kinds[0].missing);
  for (std::size_t row = 0; row < wide.rows(); ++row)
    EXPECT_EQ(from_wide.panel.ContentHash(row), from_ragged.panel.ContentHash(row));
}

TEST(InjectAttacks, RefusesWhatItCannotUse) {
  Panel labelled = Homes(30, 60, 1);
  labelled.labels[4] = 1;
  const auto theft = TryInject(labelled, {});
  ASSERT_FALSE(theft.ok());
  EXPECT_NE(theft.error().ToString().find("home4"), std::string::npos);
  Panel two = Homes(30, 60, 1);
  two.kinds.push_back(two.kinds[0]);
  EXPECT_FALSE(TryInject(two, {}).ok());
  EXPECT_FALSE(TryInject(Homes(30, 60, 1), {.theft_share = 1.5}).ok());
  const Simulation brief = Inject(Homes(30, 20, 1), {.theft_share = 0.5});
  EXPECT_TRUE(std::all_of(brief.truth.begin(), brief.truth.end(), [](const Truth& t) { return t.kind == "honest"; }));
}

TEST(ParseAttacks, ReadsNumbersAndNames) {
  EXPECT_EQ(*ParseAttacks("scale, 7,on_off,7", "--attacks"), (std::vector<int>{1, 7, 9}));
  EXPECT_EQ(ParseAttacks("all", "--attacks")->size(), static_cast<std::size_t>(kAttacks));
  for (const char* wrong : {"", "0", "15", "1,,2", "1.5", "Scale"})
    EXPECT_FALSE(ParseAttacks(wrong, "x").ok()) << wrong;
  EXPECT_NE(ParseAttacks("on_of", "--attacks").error().ToString().find("did you mean 'on_off'"), std::string::npos);
}

}  // namespace
}  // namespace meterhound::simulate
