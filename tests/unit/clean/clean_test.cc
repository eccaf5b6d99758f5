// Filling gaps: what was read stays, what was not is filled as the policy says, and the mask never changes.
#include "clean/clean.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

#include "clean/outliers.h"
#include "numerics/random.h"

namespace meterhound::clean {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr Policy kPolicies[] = {Policy::kForwardBackwardZero, Policy::kNone, Policy::kSeasonalMedian};

struct Workplace {
  explicit Workplace(std::size_t threads = 2) : pool(threads) {}
  ThreadPool pool;
  Progress progress;
  RunContext context() { return {.pool = pool, .progress = progress, .stop = {}}; }
};

/// One consumer, one kind; NaN = missing.
Panel OneSeries(const std::vector<double>& values, const std::vector<double>& times, Cadence cadence) {
  Panel panel;
  panel.ids = {"a"};
  panel.labels = {kUnlabelled};
  auto timeline = std::make_shared<Timeline>();
  timeline->times = times;
  timeline->cadence = cadence;
  SeriesKind kind{.name = "kwh", .unit = "kWh", .timeline = timeline, .values = values, .missing = {}};
  for (const double value : values) kind.missing.push_back(std::isnan(value) ? 1 : 0);
  panel.kinds.push_back(std::move(kind));
  return panel;
}

std::vector<double> Days(std::size_t count, std::int64_t first) {
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    times.push_back(static_cast<double>(first + static_cast<std::int64_t>(i)) * kSecondsPerDay);
  }
  return times;
}

std::vector<double> Filled(const std::vector<double>& values, Policy policy) {
  Workplace workplace;
  Panel panel = OneSeries(values, Days(values.size(), 0), Cadence::kSteps);
  EXPECT_TRUE(Clean(panel, policy, workplace.context()).ok());
  return panel.kinds[0].values;
}

TEST(Clean, FillsForwardThenBackwardThenZero) {
  EXPECT_EQ(Filled({kNaN, kNaN, 3, kNaN, 5, kNaN}, Policy::kForwardBackwardZero),
            (std::vector<double>{3, 3, 3, 3, 5, 5}));
  EXPECT_EQ(Filled({kNaN, kNaN}, Policy::kForwardBackwardZero), (std::vector<double>{0, 0}));
  EXPECT_TRUE(Filled({}, Policy::kForwardBackwardZero).empty());
}

TEST(Clean, LeavesGapsWhenAskedTo) {
  const auto values = Filled({kNaN, 2, kNaN}, Policy::kNone);
  EXPECT_TRUE(std::isnan(values[0]) && std::isnan(values[2]));
  EXPECT_EQ(values[1], 2);
}

TEST(Clean, FillsDailyGapsWithTheSameWeekdayOfTheSameMonth) {
  // 1-28 January 1970 (a Thursday first), then February. Thursdays read 10, 20, 30, other days 1.
  const auto times = Days(59, 0);
  std::vector<double> values;
  for (std::size_t i = 0; i < times.size(); ++i)
    values.push_back(i % 7 == 0 ? 10.0 * (static_cast<double>(i) / 7 + 1) : 1);
  values[21] = kNaN;  // 22 January, a Thursday: the others of January read 10, 20, 30, 50
  values[3] = kNaN;   // a Sunday of January
  Workplace workplace;
  Panel panel = OneSeries(values, times, Cadence::kDaily);
  ASSERT_TRUE(Clean(panel, Policy::kSeasonalMedian, workplace.context()).ok());
  EXPECT_EQ(panel.kinds[0].values[21], 25);
  EXPECT_EQ(panel.kinds[0].values[3], 1);
}

TEST(Clean, FillsHalfHoursWithTheSameSlotOfTheWeek) {
  std::vector<double> times, values;
  for (int i = 0; i < 48 * 21; ++i) {
    times.push_back(i * 1800.0);
    values.push_back(i % (48 * 7));
  }
  values[48 * 8 + 5] = kNaN;
  Workplace workplace;
  Panel panel = OneSeries(values, times, Cadence::kHalfHourly);
  ASSERT_TRUE(Clean(panel, Policy::kSeasonalMedian, workplace.context()).ok());
  EXPECT_EQ(panel.kinds[0].values[48 * 8 + 5], 48 + 5);
}

TEST(Clean, FillsBillsWithTheSameMonthElseTheMedianElseZero) {
  std::vector<double> times;
  for (int year = 2010; year < 2013; ++year) {
    for (int month = 1; month <= 12; month += 4) {
      times.push_back(static_cast<double>(DaysFromCivil({year, month, 5})) * kSecondsPerDay);
    }
  }
  Workplace workplace;
  // January 10, 12, missing; May 1, 2, 3; September never read.
  Panel panel = OneSeries({10, 1, kNaN, 12, 2, kNaN, kNaN, 3, kNaN}, times, Cadence::kIrregular);
  ASSERT_TRUE(Clean(panel, Policy::kSeasonalMedian, workplace.context()).ok());
  EXPECT_EQ(panel.kinds[0].values, (std::vector<double>{10, 1, 3, 12, 2, 3, 11, 3, 3}));
  Panel empty = OneSeries({kNaN, kNaN}, {times[0], times[1]}, Cadence::kIrregular);
  ASSERT_TRUE(Clean(empty, Policy::kSeasonalMedian, workplace.context()).ok());
  EXPECT_EQ(empty.kinds[0].values, (std::vector<double>{0, 0}));
}

TEST(Clean, KeepsWhatWasReadAndTheMaskAndIsDoneAfterOnce) {
  EXPECT_TRUE(rc::check([] {
    const auto cadence = *rc::gen::element(Cadence::kSteps, Cadence::kHourly, Cadence::kDaily, Cadence::kMonthly);
    const auto readings = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-5, 100));
    std::vector<double> values, times;
    for (std::size_t i = 0; i < readings.size(); ++i) {
      values.push_back(readings[i] < 0 ? kNaN : readings[i]);
      times.push_back(static_cast<double>(i) * (cadence == Cadence::kHourly ? 3600 : kSecondsPerDay * 3));
    }
    for (const Policy policy : kPolicies) {
      Panel panel = OneSeries(values, times, cadence);
      const auto mask = panel.kinds[0].missing;
      Workplace workplace(1 + readings.size() % 3);
      RC_ASSERT(Clean(panel, policy, workplace.context()).ok());
      RC_ASSERT(panel.kinds[0].missing == mask);
      const auto once = panel.kinds[0].values;
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (!mask[i]) RC_ASSERT(once[i] == values[i]);
        RC_ASSERT(std::isnan(once[i]) == (mask[i] && policy == Policy::kNone));
      }
      RC_ASSERT(Clean(panel, policy, workplace.context()).ok());
      for (std::size_t i = 0; i < once.size(); ++i) {
        RC_ASSERT(panel.kinds[0].values[i] == once[i] || std::isnan(once[i]));
      }
    }
  }));
}

TEST(Clean, TreatsEveryConsumerOfARaggedPanelAlone) {
  Panel panel;
  auto timeline = std::make_shared<Timeline>();
  timeline->shared = false;
  timeline->cadence = Cadence::kIrregular;
  timeline->offsets = {0, 2, 2, 5};
  timeline->times = {0, 86400, 0, 86400, 172800};
  panel.ids = {"a", "b", "c"};
  panel.labels = {0, 0, 1};
  panel.kinds.push_back({.name = "kwh",
                         .unit = "",
                         .timeline = timeline,
                         .values = {7, kNaN, kNaN, 4, kNaN},
                         .missing = {0, 1, 1, 0, 1}});
  Workplace workplace;
  ASSERT_TRUE(Clean(panel, Policy::kForwardBackwardZero, workplace.context()).ok());
  EXPECT_EQ(panel.kinds[0].values, (std::vector<double>{7, 7, 4, 4, 4}));
}

TEST(Clean, RefusesANaNThatTheMaskCallsRead) {
  Panel panel = OneSeries({1, 2}, {0, 1}, Cadence::kSteps);
  panel.kinds[0].values[1] = kNaN;
  Workplace workplace;
  const Status status = Clean(panel, Policy::kForwardBackwardZero, workplace.context());
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kInternal);
}

TEST(Clean, StopsWhenAsked) {
  Panel panel = OneSeries({1, kNaN}, {0, 1}, Cadence::kSteps);
  ThreadPool pool(1);
  Progress progress;
  std::stop_source stop;
  stop.request_stop();
  const Status status =
      Clean(panel, Policy::kForwardBackwardZero, {.pool = pool, .progress = progress, .stop = stop.get_token()});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kCancelled);
}

TEST(Clean, KnowsItsPoliciesByName) {
  for (const Policy policy : kPolicies) {
    const auto parsed = ParsePolicy(PolicyName(policy));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, policy);
  }
  EXPECT_NE(ParsePolicy("zeros").error().message.find("forward_backward_zero"), std::string::npos);
  for (const OutlierPolicy policy : {OutlierPolicy::kNone, OutlierPolicy::kClipSpikes}) {
    EXPECT_EQ(*ParseOutlierPolicy(OutlierPolicyName(policy)), policy);
  }
  EXPECT_FALSE(ParseOutlierPolicy("winsorise").ok());
}

TEST(LimitOutliers, ClipsSpikesOnceAndLeavesTheRest) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6, 7, kNaN, 92713.9};
  Workplace workplace;
  Panel panel = OneSeries(values, Days(values.size(), 0), Cadence::kDaily);
  EXPECT_EQ(*LimitOutliers(panel, OutlierPolicy::kNone, workplace.context()), 0u);
  EXPECT_EQ(*LimitOutliers(panel, OutlierPolicy::kClipSpikes, workplace.context()), 1u);
  EXPECT_EQ(panel.kinds[0].values[8], 7 + 10 * (7 - 3));  // read: 8 values, places 2 and 6
  EXPECT_EQ(panel.kinds[0].values[6], 7);
  EXPECT_EQ(*LimitOutliers(panel, OutlierPolicy::kClipSpikes, workplace.context()), 0u);
}

TEST(LimitOutliers, IsDoneAfterOnceAndNeverRaises) {
  EXPECT_TRUE(rc::check([] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1u << 20);
    const auto count = *rc::gen::inRange<std::size_t>(0, 60);
    numerics::Random random(seed);
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
      values.push_back(random.Bernoulli(0.1) ? kNaN : std::pow(10, random.Uniform(-1, random.Bernoulli(0.3) ? 5 : 1)));
    }
    Workplace workplace;
    Panel panel = OneSeries(values, Days(count, 0), Cadence::kDaily);
    RC_ASSERT(LimitOutliers(panel, OutlierPolicy::kClipSpikes, workplace.context()).ok());
    for (std::size_t i = 0; i < count; ++i) {
      RC_ASSERT(panel.kinds[0].values[i] <= values[i] || std::isnan(values[i]));
    }
    RC_ASSERT(*LimitOutliers(panel, OutlierPolicy::kClipSpikes, workplace.context()) == 0u);
  }));
}

}  // namespace
}  // namespace meterhound::clean
