// Evidence on load curves whose story is known: what is found, when, how much, and what is left unsaid.
#include "explain/evidence.h"

#include <gtest/gtest.h>

#include <cmath>

#include "numerics/random.h"

namespace meterhound::explain {
namespace {

constexpr double kFirst = 16071 * kSecondsPerDay;  // 2014-01-01

struct Curve {
  std::vector<double> values;
  std::vector<std::uint8_t> missing;
  std::vector<double> times;
  SeriesView View() const { return {values, missing, times, Cadence::kDaily}; }
};

// Two years of 10 kWh a day with a weekly rhythm and 10 % noise.
Curve Honest(std::uint64_t seed) {
  numerics::Random random(seed);
  Curve curve;
  for (int day = 0; day < 730; ++day) {
    const double week = day % 7 >= 5 ? 1.3 : 0.88;
    curve.values.push_back(10 * week * (1 + 0.1 * random.Normal()));
    curve.missing.push_back(0);
    curve.times.push_back(kFirst + day * kSecondsPerDay);
  }
  return curve;
}

const Finding* Find(const Evidence& evidence, const std::string& code) {
  for (const Finding& finding : evidence.findings) {
    if (finding.code == code) return &finding;
  }
  return nullptr;
}

TEST(Evidence, SteadyUseSpeaksAgainstTheft) {
  const Evidence evidence = FindEvidence(Honest(1).View(), {});
  EXPECT_FALSE(evidence.missing_kwh.has_value());
  EXPECT_EQ(Find(evidence, "level_drop"), nullptr);
  EXPECT_NE(Find(evidence, "steady_year"), nullptr);
  EXPECT_NEAR(evidence.mean_per_day, 10, 0.3);
  EXPECT_EQ(evidence.observed_share, 1);
  for (const Finding& finding : evidence.findings) EXPECT_EQ(finding.direction, Direction::kAgainst) << finding.code;
}

TEST(Evidence, ADropIsDatedAndReckoned) {
  int within = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Curve curve = Honest(seed);
    double taken = 0;
    for (std::size_t day = 400; day < 730; ++day) {
      taken += 0.6 * curve.values[day];
      curve.values[day] *= 0.4;
    }
    const Evidence evidence = FindEvidence(curve.View(), {.tariff = 0.2});
    ASSERT_TRUE(evidence.change.has_value());
    EXPECT_NEAR((evidence.change->time - kFirst) / kSecondsPerDay, 400, 7);
    EXPECT_LE(evidence.change->earliest, evidence.change->time);
    EXPECT_GE(evidence.change->latest, evidence.change->time);
    EXPECT_NEAR(evidence.change->before_per_day, 10, 0.5);
    EXPECT_NEAR(evidence.change->after_per_day, 4, 0.3);
    ASSERT_TRUE(evidence.missing_kwh.has_value());
    EXPECT_NEAR(evidence.missing_kwh->value, taken, 0.1 * taken);
    EXPECT_NEAR(evidence.missing_money->value, 0.2 * evidence.missing_kwh->value, 1e-9);
    within += evidence.missing_kwh->low <= taken && taken <= evidence.missing_kwh->high ? 1 : 0;
    const Finding* drop = Find(evidence, "level_drop");
    ASSERT_NE(drop, nullptr);
    EXPECT_EQ(drop->direction, Direction::kFor);
  }
  EXPECT_GE(within, 18);
}

TEST(Evidence, WinterIsNotATheft) {
  Curve curve = Honest(3);
  for (std::size_t day = 0; day < 730; ++day)
    curve.values[day] *= 1 + 0.6 * std::cos(2 * M_PI * static_cast<double>(day) / 365.25);
  const Evidence evidence = FindEvidence(curve.View(), {});
  EXPECT_EQ(Find(evidence, "level_drop"), nullptr);
}

TEST(Evidence, ZeroStreaksAndFlatReadingsAreNamed) {
  Curve curve = Honest(4);
  for (std::size_t day = 200; day < 260; ++day) curve.values[day] = 0;
  for (std::size_t day = 500; day < 520; ++day) curve.values[day] = 7.25;
  const Evidence evidence = FindEvidence(curve.View(), {});
  ASSERT_FALSE(evidence.zero_streaks.empty());
  EXPECT_EQ(evidence.zero_streaks[0].readings, 60U);
  EXPECT_EQ(evidence.zero_streaks[0].begin, curve.times[200]);
  EXPECT_EQ(evidence.zero_streaks[0].end, curve.times[259]);
  const Finding* flat = Find(evidence, "flat_readings");
  ASSERT_NE(flat, nullptr);
  const std::vector<std::pair<std::string, double>> numbers = {{"same_readings", 20}, {"kwh", 7.25}};
  EXPECT_EQ(flat->numbers, numbers);
}

TEST(Evidence, MissingReadingsNeverSpeak) {
  Curve curve = Honest(5);
  Curve filled = curve;
  for (std::size_t day = 300; day < 380; ++day) {
    curve.missing[day] = filled.missing[day] = 1;
    curve.values[day] = NAN;
    filled.values[day] = 1000;  // whatever a gap was filled with
  }
  const Evidence a = FindEvidence(curve.View(), {});
  const Evidence b = FindEvidence(filled.View(), {});
  EXPECT_EQ(a.mean_per_day, b.mean_per_day);
  ASSERT_EQ(a.gaps.size(), 1U);
  EXPECT_EQ(a.gaps[0].readings, 80U);
  ASSERT_EQ(a.findings.size(), b.findings.size());
  for (std::size_t i = 0; i < a.findings.size(); ++i) {
    EXPECT_EQ(a.findings[i].code, b.findings[i].code);
    EXPECT_EQ(a.findings[i].numbers, b.findings[i].numbers);
    EXPECT_EQ(a.findings[i].begin, b.findings[i].begin);
  }
  EXPECT_DOUBLE_EQ(a.observed_share, 650.0 / 730);
}

TEST(Evidence, ALostRhythmIsNoticed) {
  Curve curve = Honest(6);
  numerics::Random random(7);
  for (std::size_t day = 380; day < 730; ++day) curve.values[day] = 4 * (1 + 0.1 * random.Normal());
  const Evidence evidence = FindEvidence(curve.View(), {});
  EXPECT_NE(Find(evidence, "weekday_pattern_lost"), nullptr);
}

TEST(Evidence, ReturnToTheOldLevelEndsTheReckoning) {
  Curve curve = Honest(8);
  for (std::size_t day = 250; day < 450; ++day) curve.values[day] *= 0.2;
  const Evidence evidence = FindEvidence(curve.View(), {});
  ASSERT_TRUE(evidence.change.has_value());
  EXPECT_NEAR((evidence.change->time - kFirst) / kSecondsPerDay, 250, 7);
  EXPECT_NEAR(evidence.change->before_per_day, 10, 0.3);
  EXPECT_NEAR(evidence.change->after_per_day, 2, 0.2);
  ASSERT_TRUE(evidence.change->recovered.has_value());
  EXPECT_NEAR((*evidence.change->recovered - kFirst) / kSecondsPerDay, 450, 7);
  EXPECT_NEAR(evidence.missing_kwh->value, 200 * 8, 250);
}

TEST(Evidence, NothingToSeeIsNoCrash) {
  Curve none;
  EXPECT_TRUE(FindEvidence(none.View(), {}).findings.empty());
  Curve hidden = Honest(9);
  std::fill(hidden.missing.begin(), hidden.missing.end(), std::uint8_t{1});
  const Evidence evidence = FindEvidence(hidden.View(), {});
  EXPECT_FALSE(evidence.change.has_value());
  EXPECT_EQ(evidence.observed_share, 0);
}

}  // namespace
}  // namespace meterhound::explain
