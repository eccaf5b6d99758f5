// The town's calendar and weather, honest twins, gaps and faults: what each promises about the readings.
#include "simulate/town.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "simulate/gap_process.h"
#include "simulate/honest_twins.h"
#include "simulate/load_profile.h"
#include "simulate/meter_faults.h"

namespace meterhound::simulate {
namespace {

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(Town, SpringFestivalIsChineseNewYear) {
  // Dates of Chinese New Year as published; the mean moon is right to a day.
  const std::vector<CivilDate> published = {{2013, 2, 10}, {2014, 1, 31}, {2015, 2, 19}, {2016, 2, 8},
                                            {2017, 1, 28}, {2020, 1, 25}, {2023, 1, 22}};
  for (const CivilDate& date : published) {
    EXPECT_LE(std::abs(SpringFestival(date.year) - DaysFromCivil(date)), 1) << date.year;
  }
}

TEST(Town, WeatherFollowsTheYearAndRemembers) {
  const Town town = BuildTown({});
  ASSERT_EQ(town.days.size(), 1034U);
  double winter_heating = 0;
  double summer_heating = 0;
  double summer_cooling = 0;
  for (std::size_t d = 0; d < town.days.size(); ++d) {
    EXPECT_GE(town.heating[d], 0);
    EXPECT_TRUE(town.heating[d] == 0 || town.cooling[d] == 0);
    const int month = CivilFromDays(town.days[d]).month;
    if (month == 1) winter_heating += town.heating[d] / 93;
    if (month == 7) summer_heating += town.heating[d] / 93;
    if (month == 7) summer_cooling += town.cooling[d] / 93;
  }
  EXPECT_NEAR(winter_heating, 1, 0.4);
  EXPECT_NEAR(summer_heating, 0, 0.01);
  EXPECT_NEAR(summer_cooling, 1, 0.4);
}

TEST(Town, AbsentDayCanBeKept) {
  const auto day = DaysFromCivil({2016, 9, 18});
  Town town = BuildTown({});
  EXPECT_EQ(std::count(town.days.begin(), town.days.end(), day), 0);
  EXPECT_EQ(town.days.back(), DaysFromCivil({2016, 10, 31}));
  EXPECT_EQ(FormatDate(static_cast<double>(town.days[town.archive_begin]) * kSecondsPerDay), "2016-01-01");
  town = BuildTown({.skip_absent_day = false});
  EXPECT_EQ(std::count(town.days.begin(), town.days.end(), day), 1);
  EXPECT_EQ(town.days.size(), 1034U);
}

TEST(LoadProfile, ConsumersDifferAndSomeRespondToWeather) {
  const Town town = BuildTown({});
  std::vector<double> logs;
  int summer_peaks = 0;
  for (std::uint64_t i = 0; i < 500; ++i) {
    numerics::Random random(3, i);
    const LoadProfile profile = DrawProfile(random, false);
    std::vector<double> use(town.days.size());
    DrawDailyUse(profile, town, random, use);
    EXPECT_GE(*std::min_element(use.begin(), use.end()), 0);
    logs.push_back(std::log(Mean(use) + 1e-3));
    double summer = 0;
    double spring = 0;
    for (std::size_t d = 0; d < use.size(); ++d) {
      const int month = CivilFromDays(town.days[d]).month;
      if (month == 7) summer += use[d];
      if (month == 5) spring += use[d];
    }
    summer_peaks += summer > 1.3 * spring;
  }
  double spread = 0;
  for (const double x : logs) spread += (x - Mean(logs)) * (x - Mean(logs)) / 500;
  EXPECT_NEAR(std::sqrt(spread), 1.5, 0.5);  // SGCC: 1.4 over its 191
  EXPECT_GT(summer_peaks, 100);
  EXPECT_LT(summer_peaks, 400);
}

TEST(HonestTwins, EachChangesWhatItsNameSays) {
  const Town town = BuildTown({.days = 730});
  const auto apply = [&](TwinKind kind, double amount) {
    std::vector<double> days(730, 10.0);
    ApplyTwin({.kind = kind, .begin = 100, .end = 160, .amount = amount, .unread = 0}, town, days);
    return days;
  };
  const std::vector<double> vacancy = apply(TwinKind::kVacancy, 0.1);
  EXPECT_EQ(vacancy[99], 10);
  EXPECT_DOUBLE_EQ(vacancy[100], 1);
  EXPECT_EQ(vacancy[160], 10);
  EXPECT_DOUBLE_EQ(apply(TwinKind::kMovedOut, 0.1)[729], 1);
  EXPECT_DOUBLE_EQ(apply(TwinKind::kMeterExchange, 0.95)[400], 9.5);
  const std::vector<double> season = apply(TwinKind::kClosedSeason, 0.2);
  EXPECT_DOUBLE_EQ(season[120], 2);
  EXPECT_DOUBLE_EQ(season[120 + 365], 2);
  EXPECT_EQ(season[300], 10);
  const std::vector<double> tenant = apply(TwinKind::kNewTenant, 0.5);
  EXPECT_DOUBLE_EQ(tenant[130], 0.3);
  EXPECT_DOUBLE_EQ(tenant[500], 5);
  const std::vector<double> saving = apply(TwinKind::kEnergySaving, 0.6);
  EXPECT_NEAR(saving[130], 8, 0.1);
  EXPECT_DOUBLE_EQ(saving[500], 6);
  const std::vector<double> solar = apply(TwinKind::kSolarPanels, 0.8);
  EXPECT_EQ(solar[99], 10);
  const double summer = std::accumulate(solar.begin() + 515, solar.begin() + 575, 0.0);
  const double winter = std::accumulate(solar.begin() + 335, solar.begin() + 395, 0.0);
  EXPECT_LT(summer, 0.9 * winter);
}

TEST(HonestTwins, SolarPanelsWorkByDay) {
  const Town town = BuildTown({.days = 100, .cadence = Cadence::kHalfHourly});
  std::vector<double> readings(town.readings(), 0.5);
  ApplyTwin({.kind = TwinKind::kSolarPanels, .begin = 10, .end = 100, .amount = 1, .unread = 0}, town, readings);
  for (std::size_t i = 10 * 48; i < readings.size(); ++i) {
    const bool dark = i % 48 < 12 || i % 48 >= 36;
    EXPECT_TRUE(dark ? readings[i] == 0.5 : readings[i] < 0.5) << i;
  }
}

TEST(GapProcess, LosesAsMuchAsTheRealFile) {
  const Town town = BuildTown({});
  double lost = 0;
  double early = 0;
  double late = 0;
  int over_half = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    numerics::Random random(8, i);
    std::vector<std::uint8_t> missing(1034, 0);
    LoseDays(town, i % 12 == 0, random, missing);
    const auto count = [&](std::size_t a, std::size_t b) {
      return static_cast<double>(std::accumulate(missing.begin() + static_cast<std::ptrdiff_t>(a),
                                                 missing.begin() + static_cast<std::ptrdiff_t>(b), 0));
    };
    lost += count(0, 1034) / 1034 / 2000;
    early += count(0, 730) / 730 / 2000;
    late += count(730, 1034) / 304 / 2000;
    over_half += count(0, 1034) > 517;
  }
  EXPECT_NEAR(lost, 0.256, 0.03);   // SGCC in full
  EXPECT_NEAR(early, 0.375, 0.05);  // its 191: 35 % in 2014, 40 % in 2015
  EXPECT_NEAR(late, 0.013, 0.008);  // 1.3 % in 2016
  EXPECT_NEAR(over_half / 2000.0, 0.26, 0.06);
}

TEST(GapProcess, SpreadsDaysOverTheirReadings) {
  const Town town = BuildTown({.days = 50, .cadence = Cadence::kHalfHourly});
  std::vector<std::uint8_t> days(50, 0);
  days[7] = 1;
  std::vector<std::uint8_t> readings(town.readings(), 0);
  numerics::Random random(4);
  LoseReadings(town, days, random, readings);
  EXPECT_EQ(std::accumulate(readings.begin() + 7 * 48, readings.begin() + 8 * 48, 0), 48);
  const int lost = std::accumulate(readings.begin(), readings.end(), 0) - 48;
  EXPECT_LT(lost, 60);
}

TEST(MeterFaults, ZerosAreCommonAndSpikesRare) {
  const Town town = BuildTown({});
  double zeros = 0;
  int spikes = 0;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    numerics::Random random(2, i);
    std::vector<double> readings(1034, 7.0);
    AddFaults(town, random, readings);
    for (const double x : readings) {
      EXPECT_TRUE(x == 0 || x == 7 || (x >= 500 && x <= 100000));
      zeros += x == 0;
      spikes += x >= 500;
    }
  }
  EXPECT_NEAR(zeros / 3000 / 1034, 0.02, 0.015);
  EXPECT_GT(spikes, 5);
  EXPECT_LT(spikes, 40);
}

}  // namespace
}  // namespace meterhound::simulate
