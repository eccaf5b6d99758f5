// Windows of the same season, and usage read from panels.
#include <numbers>

#include "monitor/same_season.h"
#include "unit/monitor/monitor_support.h"

namespace meterhound::monitor {
namespace {

double Day(int year, int month, int day) {
  return static_cast<double>(DaysFromCivil({year, month, day})) * kSecondsPerDay;
}

/// Daily readings that rise in winter; a third of the consumers lives in each district.
Panel Homes(double first, std::size_t days, std::uint64_t seed, bool shared = true) {
  numerics::Random random(seed);
  Panel panel;
  panel.source = "homes";
  auto timeline = std::make_shared<Timeline>();
  timeline->shared = shared;
  timeline->cadence = Cadence::kDaily;
  SeriesKind kind{.name = "kwh", .unit = "kWh", .timeline = timeline, .values = {}, .missing = {}};
  Attribute district{
      "district", Attribute::Type::kCategorical, FeatureGroup::kAttribute, {}, {"east", "north", "west"}};
  if (!shared) timeline->offsets.push_back(0);
  for (std::size_t row = 0; row < 60; ++row) {
    panel.ids.push_back("c" + std::to_string(row));
    panel.labels.push_back(kUnlabelled);
    const double level = random.Uniform(5, 20);
    for (std::size_t day = 0; day < days; ++day) {
      const double time = first + static_cast<double>(day) * kSecondsPerDay;
      if (!shared || row == 0) timeline->times.push_back(time);
      const double season =
          1.5 + std::cos(2 * std::numbers::pi * (time - Day(2014, 1, 15)) / (365.25 * kSecondsPerDay));
      const bool missing = random.Bernoulli(0.1);
      kind.missing.push_back(missing ? 1 : 0);
      kind.values.push_back(missing ? 0 : level * season * random.Uniform(0.9, 1.1));
    }
    if (!shared) timeline->offsets.push_back(timeline->times.size());
    district.values.push_back(static_cast<double>(row % 3));
  }
  panel.kinds = {kind};
  panel.attributes = {district};
  return panel;
}

TEST(Season, AYearsReferenceIsCutToTheSameDays) {
  for (const bool shared : {true, false}) {
    const Panel reference = Homes(Day(2013, 1, 1), 730, 1, shared);
    const SeasonalCut cut = CutToSeason(reference, Homes(Day(2015, 1, 10), 30, 2, shared));
    EXPECT_TRUE(cut.same_season);
    const Window window = WindowOf(cut.reference);
    EXPECT_EQ(FormatDate(window.first), "2014-01-10");
    EXPECT_EQ(FormatDate(window.last), "2014-02-08");
    EXPECT_EQ(window.longest, 30U);
    EXPECT_TRUE(cut.reference.Validate().ok());
    // What is kept is what was there.
    const SeriesView before = reference.View(0, 7);
    const SeriesView after = cut.reference.View(0, 7);
    for (std::size_t i = 0; i < 30; ++i) {
      EXPECT_EQ(after.values[i], before.values[374 + i]);
      EXPECT_EQ(after.missing[i], before.missing[374 + i]);
      EXPECT_EQ(after.times[i], before.times[374 + i]);
    }
  }
}

TEST_F(MonitorTest, WinterAloneIsNoDrift) {
  const Panel reference = Homes(Day(2013, 1, 1), 730, 1);
  const Panel winter = Homes(Day(2015, 1, 10), 30, 2);
  const auto level = [&](const Panel& before) {
    Snapshot from;
    Snapshot to;
    from.usage = DescribeUsage(before, "").value();
    to.usage = DescribeUsage(winter, "", from.usage->scale).value();
    return Compare(from, to);
  };
  EXPECT_TRUE(level(Between(reference, Day(2014, 6, 1), Day(2014, 7, 1))).Has(DriftKind::kCovariate));
  EXPECT_FALSE(level(CutToSeason(reference, winter).reference).drift);
}

TEST(Season, AShortReferenceGivesItsLatestDays) {
  const SeasonalCut cut = CutToSeason(Homes(Day(2014, 3, 1), 120, 1), Homes(Day(2015, 1, 10), 30, 2));
  EXPECT_FALSE(cut.same_season);
  EXPECT_FALSE(cut.note.empty());
  EXPECT_EQ(FormatDate(WindowOf(cut.reference).last), "2014-06-28");
  EXPECT_EQ(WindowOf(cut.reference).longest, 30U);
}

TEST(Season, EqualLengthsAndNoCalendarStayAsTheyAre) {
  const Panel reference = Homes(Day(2014, 3, 1), 30, 1);
  EXPECT_TRUE(CutToSeason(reference, Homes(Day(2015, 1, 10), 30, 2)).note.empty());
  Panel steps = Homes(Day(2013, 1, 1), 400, 1);
  auto timeline = std::make_shared<Timeline>(*steps.kinds[0].timeline);
  timeline->cadence = Cadence::kSteps;
  steps.kinds[0].timeline = timeline;
  EXPECT_EQ(WindowOf(CutToSeason(steps, reference).reference).longest, 400U);
}

TEST(Season, TheLeapDayHasAYearToo) {
  const SeasonalCut cut = CutToSeason(Homes(Day(2014, 1, 1), 730, 1), Homes(Day(2016, 2, 29), 10, 2));
  EXPECT_TRUE(cut.same_season);
  EXPECT_EQ(FormatDate(WindowOf(cut.reference).first), "2015-02-28");
}

TEST(Usage, OnlyWhatWasReadCounts) {
  const Panel panel = Homes(Day(2014, 1, 1), 40, 1);
  const Usage usage = DescribeUsage(panel, "district").value();
  const SeriesView view = panel.View(0, 3);
  double sum = 0;
  double read = 0;
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.missing[i] != 0) continue;
    sum += view.values[i];
    ++read;
  }
  EXPECT_NEAR(usage.level[3], std::log(sum / read + usage.scale), 1e-12);
  EXPECT_NEAR(usage.missing[3], 1 - read / 40, 1e-12);
  EXPECT_EQ(usage.segments[usage.segment_of[4]], "north");
  const auto none = DescribeUsage(panel, "zone");
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.error().message.find("'district'"), std::string::npos);
}

}  // namespace
}  // namespace meterhound::monitor
