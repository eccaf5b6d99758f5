// Schedules: what is accepted, and that each next minute is the first due one.
#include "monitor/schedule.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/calendar.h"

namespace meterhound::monitor {
namespace {

std::string NextOf(const std::string& text, double from) {
  return FormatDateTime(static_cast<double>(Schedule::Parse(text, "t").value().Next(static_cast<std::int64_t>(from))));
}

double At(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) {
  return static_cast<double>(DaysFromCivil({year, month, day})) * kSecondsPerDay + hour * 3600 + minute * 60 + second;
}

TEST(Schedule, NamesAndCron) {
  const double now = At(2014, 1, 31, 12, 30, 5);  // a Friday
  EXPECT_EQ(NextOf("hourly", now), "2014-01-31T13:00:00");
  EXPECT_EQ(NextOf("daily", now), "2014-02-01T00:00:00");
  EXPECT_EQ(NextOf("weekly", now), "2014-02-03T00:00:00");
  EXPECT_EQ(NextOf("*/15 * * * *", now), "2014-01-31T12:45:00");
  EXPECT_EQ(NextOf("0 6 1 * *", now), "2014-02-01T06:00:00");
  EXPECT_EQ(NextOf("30 4 * * mon-wed,SUN", now), "2014-02-02T04:30:00");
  EXPECT_EQ(NextOf("0 0 29 2 *", now), "2016-02-29T00:00:00");
  EXPECT_EQ(NextOf("0 0 13 * 5", now), "2014-02-07T00:00:00");  // the 13th, or a Friday
  EXPECT_EQ(NextOf("0 0 * * 7", now), "2014-02-02T00:00:00");
  EXPECT_EQ(NextOf("0 12 31 1 *", At(2014, 1, 31, 12)), "2015-01-31T12:00:00");
}

TEST(Schedule, RefusesWhatNeverComes) {
  for (const char* text :
       {"", "never", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "*/0 * * * *", "5-1 * * * *",
        "* * * *", "* * * * * *", "1,,2 * * * *", "0 0 30 2 *", "1/2 * * * *", "0 0 * foo *", "-1 * * * *"}) {
    const auto schedule = Schedule::Parse(text, "monitoring.check_frequency");
    ASSERT_FALSE(schedule.ok()) << text;
    EXPECT_EQ(schedule.error().where, "monitoring.check_frequency");
  }
}

// By the definition: no earlier minute is due.
RC_GTEST_PROP(Schedule, NextIsTheFirst, ()) {
  const int minute = *rc::gen::inRange(0, 60);
  const int hour = *rc::gen::inRange(0, 24);
  const int weekday = *rc::gen::inRange(0, 7);
  const auto now = static_cast<std::int64_t>(*rc::gen::inRange(-2'000'000'000, 2'000'000'000));
  const auto schedule =
      Schedule::Parse(std::to_string(minute) + " " + std::to_string(hour) + " * * " + std::to_string(weekday), "t")
          .value();
  const std::int64_t next = schedule.Next(now);
  RC_ASSERT(next > now && next - now <= 7 * 86400);
  const std::int64_t day = DayOf(static_cast<double>(next));
  RC_ASSERT((WeekdayOf(day) + 1) % 7 == weekday);
  RC_ASSERT(next - day * 86400 == hour * 3600 + minute * 60);
}

}  // namespace
}  // namespace meterhound::monitor
