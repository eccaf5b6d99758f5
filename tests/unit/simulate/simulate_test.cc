// A town keeps its promises: exact shares, one stream a consumer, the same for any number of threads, and refusals by
// name.
#include "simulate/simulate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>
#include <sstream>
#include <utility>

#include "base/file.h"
#include "simulate/attacks.h"
#include "simulate/honest_twins.h"

namespace meterhound::simulate {
namespace {

Result<Simulation> TryTown(const SimulationOptions& options, std::size_t threads = 1, std::stop_token stop = {}) {
  ThreadPool pool(threads);
  Progress progress;
  RunContext context{pool, progress, std::move(stop)};
  return Simulate(options, context);
}

Simulation Town(const SimulationOptions& options, std::size_t threads = 1) {
  auto simulation = TryTown(options, threads);
  EXPECT_TRUE(simulation.ok()) << simulation.error().ToString();
  return std::move(simulation).value();
}

/// What a row says about its consumer, NaN-safe, by id.
std::map<std::string, std::uint64_t> RowsById(const Simulation& simulation) {
  std::map<std::string, std::uint64_t> rows;
  for (std::size_t row = 0; row < simulation.panel.rows(); ++row) {
    rows[simulation.panel.ids[row]] =
        simulation.panel.ContentHash(row) + static_cast<std::uint64_t>(simulation.panel.labels[row]);
  }
  return rows;
}

SimulationOptions Small() {
  SimulationOptions options;
  options.consumers = 400;
  options.days = 400;
  return options;
}

TEST(Simulate, MakesAValidPanelOfTheSgccForm) {
  const Simulation town = Town({.consumers = 100});
  ASSERT_TRUE(town.panel.Validate().ok());
  ASSERT_EQ(town.panel.kinds.size(), 1U);
  EXPECT_EQ(town.panel.kinds[0].name, "value");
  const SeriesView view = town.panel.View(0, 0);
  ASSERT_EQ(view.size(), 1034U);
  EXPECT_EQ(FormatDate(view.times.front()), "2014-01-01");
  EXPECT_EQ(FormatDate(view.times.back()), "2016-10-31");
  for (const double time : view.times) EXPECT_NE(FormatDate(time), "2016-09-18");
  EXPECT_TRUE(std::is_sorted(town.panel.ids.begin(), town.panel.ids.end()));
  for (std::size_t row = 0; row < 100; ++row) {
    EXPECT_EQ(town.panel.ids[row].size(), 32U);
    EXPECT_TRUE(town.panel.ids[row].starts_with(kIdPrefix));
    EXPECT_EQ(town.panel.ids[row].find_first_not_of("0123456789ABCDEF", kIdPrefix.size()), std::string::npos);
    EXPECT_EQ(town.truth[row].consumer, town.panel.ids[row]);
    EXPECT_EQ(town.panel.labels[row] == 1, town.truth[row].kind == "theft");
    const SeriesView readings = town.panel.View(0, row);
    for (std::size_t i = 0; i < readings.size(); ++i) {
      if (readings.missing[i]) {
        EXPECT_TRUE(std::isnan(readings.values[i]));
      } else {
        EXPECT_GE(readings.values[i], 0);
        EXPECT_NEAR(readings.values[i] * 100, std::round(readings.values[i] * 100), 1e-6);
      }
    }
  }
}

TEST(Simulate, SharesAreExact) {
  for (const std::size_t consumers : {1UL, 5UL, 6UL, 97UL, 500UL}) {
    for (const double theft : {0.0, 0.0853, 0.5, 1.0}) {
      SimulationOptions options = Small();
      options.days = 60;
      options.consumers = consumers;
      options.theft_share = theft;
      options.twin_share = 0.25;
      const Simulation town = Town(options);
      const auto thieves = static_cast<std::size_t>(std::count(town.panel.labels.begin(), town.panel.labels.end(), 1));
      EXPECT_EQ(thieves, static_cast<std::size_t>(std::floor(theft * static_cast<double>(consumers) + 0.5)));
      const auto twins = std::count_if(town.truth.begin(), town.truth.end(), [](const Truth& truth) {
        return truth.kind == "twin" && truth.twin != kSwapVictim;
      });
      EXPECT_EQ(static_cast<std::size_t>(twins),
                static_cast<std::size_t>(std::floor(0.25 * static_cast<double>(consumers - thieves) + 0.5)));
    }
  }
}

TEST(Simulate, SameForAnyNumberOfThreads) {
  for (const Cadence cadence : {Cadence::kDaily, Cadence::kHalfHourly}) {
    SimulationOptions options = Small();
    options.cadence = cadence;
    options.days = cadence == Cadence::kDaily ? 400 : 60;
    const Simulation one = Town(options, 1);
    const Simulation four = Town(options, 4);
    EXPECT_EQ(one.panel.ids, four.panel.ids);
    EXPECT_EQ(RowsById(one), RowsById(four));
  }
}

TEST(Simulate, AnotherSeedIsAnotherTown) {
  SimulationOptions options = Small();
  const Simulation first = Town(options);
  options.seed = 2;
  const Simulation second = Town(options);
  EXPECT_NE(first.panel.ids, second.panel.ids);
  std::vector<std::uint64_t> hashes;
  for (const Simulation* town : {&first, &second}) {
    for (std::size_t row = 0; row < 400; ++row) hashes.push_back(town->panel.ContentHash(row));
  }
  // Only empty flats, all zeros without a gap, may be alike.
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  EXPECT_GT(hashes.size(), 780U);
}

TEST(Simulate, AConsumerIsTheSameInALargerTownApartFromSwaps) {
  SimulationOptions options = Small();
  options.attack_weights[kSwap - 1] = 0;
  const auto small = RowsById(Town(options));
  options.consumers = 650;
  const auto large = RowsById(Town(options));
  for (const auto& [id, hash] : small) {
    ASSERT_TRUE(large.contains(id));
    EXPECT_EQ(large.at(id), hash) << id;
  }
}

TEST(Simulate, RowsSayNothingAboutTheLabel) {
  SimulationOptions options = Small();
  options.consumers = 4000;
  options.days = 28;
  const Simulation town = Town(options);
  // Mean place of the thieves among the rows, in standard errors, and runs of thieves as in a shuffled list.
  double places = 0;
  double thieves = 0;
  double neighbours = 0;
  for (std::size_t row = 0; row < 4000; ++row) {
    if (town.panel.labels[row] != 1) continue;
    places += static_cast<double>(row) / 4000;
    thieves += 1;
    neighbours += row > 0 && town.panel.labels[row - 1] == 1;
  }
  EXPECT_LT(std::abs(places / thieves - 0.5) * std::sqrt(12 * thieves), 3.5);
  EXPECT_NEAR(neighbours / thieves, 0.0853, 0.06);
}

TEST(Simulate, GapsAndFaultsDoNotChangeWhatWasTaken) {
  SimulationOptions options = Small();
  const Simulation with = Town(options);
  options.gaps = false;
  options.faults = false;
  const Simulation without = Town(options);
  std::size_t lost = 0;
  for (std::size_t row = 0; row < 400; ++row) {
    EXPECT_EQ(with.truth[row].kwh_taken, without.truth[row].kwh_taken);
    EXPECT_EQ(with.truth[row].kwh_used, without.truth[row].kwh_used);
    EXPECT_NEAR(without.truth[row].kwh_taken_observed, without.truth[row].kwh_taken,
                1e-6 * (1 + std::abs(without.truth[row].kwh_used)));
    const SeriesView readings = without.panel.View(0, row);
    lost += static_cast<std::size_t>(std::accumulate(readings.missing.begin(), readings.missing.end(), 0));
    // Without faults and gaps, what is filed is what was used less what was taken, to the rounding of each reading.
    if (without.truth[row].twin == kSwapVictim) continue;
    const double filed = std::accumulate(readings.values.begin(), readings.values.end(), 0.0);
    EXPECT_NEAR(filed, without.truth[row].kwh_used - without.truth[row].kwh_taken, 0.005 * 400);
  }
  EXPECT_EQ(lost, 0U);
}

TEST(Simulate, HalfHoursAddUpToTheDays) {
  SimulationOptions options = Small();
  options.days = 60;
  options.theft_share = 0;
  options.twin_share = 0;
  options.gaps = false;
  options.faults = false;
  const Simulation daily = Town(options);
  options.cadence = Cadence::kHalfHourly;
  const Simulation half_hourly = Town(options);
  ASSERT_EQ(half_hourly.panel.View(0, 0).size(), 60U * 48);
  EXPECT_EQ(FormatDateTime(half_hourly.panel.View(0, 0).times[49]), "2014-01-02T00:30:00");
  for (std::size_t row = 0; row < 400; ++row) {
    const SeriesView days = daily.panel.View(0, row);
    const SeriesView readings = half_hourly.panel.View(0, row);
    for (std::size_t d = 0; d < 60; ++d) {
      const auto begin = readings.values.begin() + static_cast<std::ptrdiff_t>(48 * d);
      EXPECT_NEAR(std::accumulate(begin, begin + 48, 0.0), days.values[d], 0.25);
    }
  }
}

TEST(Simulate, ThievesStartAndStopAsTheOptionsSay) {
  SimulationOptions options = Small();
  options.theft_share = 1;
  options.early_start_share = 0.3;
  options.stop_share = 1;
  options.attack_weights = {1, 0, 1};
  const Simulation town = Town(options);
  const std::int64_t first = DaysFromCivil(options.first_day);
  int early = 0;
  for (const Truth& truth : town.truth) {
    ASSERT_FALSE(truth.attacks.empty());
    double taken = 0;
    for (const TruthAttack& attack : truth.attacks) {
      EXPECT_TRUE(attack.number == 1 || attack.number == 3);
      EXPECT_GT(attack.stop_day.value_or(attack.start_day + 1), attack.start_day);
      taken += attack.kwh_taken;
    }
    EXPECT_NEAR(taken, truth.kwh_taken, 1e-9);
    EXPECT_LE(truth.kwh_taken, truth.kwh_used);
    early += truth.attacks.front().start_day < first;
  }
  EXPECT_NEAR(early / 400.0, 0.3, 0.07);
}

TEST(Simulate, SwapsPairAThiefWithAConsumerWhoUsesLittle) {
  SimulationOptions options = Small();
  options.attack_weights = {};
  options.attack_weights[kSwap - 1] = 1;
  options.mixture_share = 0;
  options.gaps = false;
  options.faults = false;
  const Simulation town = Town(options);
  std::map<std::string, const Truth*> by_id;
  for (const Truth& truth : town.truth) by_id[truth.consumer] = &truth;
  int swaps = 0;
  for (const Truth& truth : town.truth) {
    if (truth.kind != "theft") continue;
    ASSERT_FALSE(truth.partner.empty());
    const Truth& victim = *by_id.at(truth.partner);
    EXPECT_EQ(victim.partner, truth.consumer);
    EXPECT_EQ(victim.kind, "twin");
    EXPECT_EQ(victim.twin, kSwapVictim);
    EXPECT_EQ(victim.kwh_taken, 0);
    EXPECT_GT(truth.kwh_taken, 0);
    ++swaps;
  }
  EXPECT_EQ(swaps, 34);
}

TEST(Simulate, AThiefWithoutNeighboursScalesInstead) {
  SimulationOptions options = Small();
  options.consumers = 1;
  options.theft_share = 1;
  options.attack_weights = {};
  options.attack_weights[kSwap - 1] = 1;
  const Simulation town = Town(options);
  EXPECT_EQ(town.truth[0].attacks.front().number, 1);
}

TEST(Simulate, RefusesBadOptionsByName) {
  const auto where = [](auto change) {
    SimulationOptions options = Small();
    change(options);
    const auto result = TryTown(options);
    EXPECT_FALSE(result.ok());
    if (result.ok()) return std::string();
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidInput);
    return result.error().where;
  };
  EXPECT_EQ(where([](auto& o) { o.consumers = 0; }), "consumers");
  EXPECT_EQ(where([](auto& o) { o.consumers = 1UL << 40; }), "consumers");
  EXPECT_EQ(where([](auto& o) { o.days = 27; }), "days");
  EXPECT_EQ(where([](auto& o) { o.days = 40000; }), "days");
  EXPECT_EQ(where([](auto& o) { o.first_day = {2014, 2, 30}; }), "first_day");
  EXPECT_EQ(where([](auto& o) { o.cadence = Cadence::kMonthly; }), "cadence");
  EXPECT_EQ(where([](auto& o) { o.theft_share = 1.01; }), "theft_share");
  EXPECT_EQ(where([](auto& o) { o.theft_share = std::nan(""); }), "theft_share");
  EXPECT_EQ(where([](auto& o) { o.twin_share = -0.1; }), "twin_share");
  EXPECT_EQ(where([](auto& o) { o.early_start_share = 2; }), "early_start_share");
  EXPECT_EQ(where([](auto& o) { o.stop_share = -1; }), "stop_share");
  EXPECT_EQ(where([](auto& o) { o.mixture_share = 7; }), "mixture_share");
  EXPECT_EQ(where([](auto& o) { o.attack_weights = {}; }), "attack_weights");
  EXPECT_EQ(where([](auto& o) { o.attack_weights[2] = -1; }), "attack_weights");
}

TEST(Simulate, StopsOnRequest) {
  std::stop_source source;
  source.request_stop();
  const auto result = TryTown(Small(), 2, source.get_token());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
}

TEST(Simulate, TruthIsWrittenForEveryConsumer) {
  SimulationOptions options = Small();
  options.theft_share = 0.5;
  options.mixture_share = 1;
  const Simulation town = Town(options);
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "meterhound_simulate_test" / "truth.csv";
  ASSERT_TRUE(WriteTruth(town, path).ok());
  const auto text = ReadFile(path);
  ASSERT_TRUE(text.ok());
  std::istringstream lines(*text);
  std::string line;
  std::getline(lines, line);
  const auto cells = std::count(line.begin(), line.end(), ',');
  std::size_t rows = 0;
  bool mixture = false;
  while (std::getline(lines, line)) {
    EXPECT_EQ(std::count(line.begin(), line.end(), ','), cells);
    EXPECT_TRUE(line.starts_with(town.truth[rows].consumer + "," + town.truth[rows].kind + ","));
    mixture = mixture || line.find('+') != std::string::npos;
    ++rows;
  }
  EXPECT_EQ(rows, 400U);
  EXPECT_TRUE(mixture);
  std::filesystem::remove_all(path.parent_path());
}

}  // namespace
}  // namespace meterhound::simulate
