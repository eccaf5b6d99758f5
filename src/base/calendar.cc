// Civil dates by std::chrono's calendar, which is exact and needs no time-zone data.
#include "base/calendar.h"

#include <chrono>
#include <cmath>
#include <cstdio>

namespace meterhound {
namespace {

std::chrono::year_month_day ToChrono(const CivilDate& date) {
  return {std::chrono::year(date.year), std::chrono::month(static_cast<unsigned>(date.month)),
          std::chrono::day(static_cast<unsigned>(date.day))};
}

}  // namespace

const char* CadenceName(Cadence cadence) {
  switch (cadence) {
    case Cadence::kSteps:
      return "steps";
    case Cadence::kQuarterHourly:
      return "quarter-hourly";
    case Cadence::kHalfHourly:
      return "half-hourly";
    case Cadence::kHourly:
      return "hourly";
    case Cadence::kDaily:
      return "daily";
    case Cadence::kWeekly:
      return "weekly";
    case Cadence::kMonthly:
      return "monthly";
    case Cadence::kIrregular:
      return "irregular";
  }
  return "unknown";
}

int ReadingsPerDay(Cadence cadence) {
  switch (cadence) {
    case Cadence::kQuarterHourly:
      return 96;
    case Cadence::kHalfHourly:
      return 48;
    case Cadence::kHourly:
      return 24;
    case Cadence::kDaily:
      return 1;
    default:
      return 0;
  }
}

bool IsValidDate(const CivilDate& date) {
  return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31 && ToChrono(date).ok();
}

std::int64_t DaysFromCivil(const CivilDate& date) {
  return std::chrono::sys_days(ToChrono(date)).time_since_epoch().count();
}

CivilDate CivilFromDays(std::int64_t days) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(days))};
  return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

std::int64_t DayOf(double seconds) { return static_cast<std::int64_t>(std::floor(seconds / kSecondsPerDay)); }

int WeekdayOf(std::int64_t day) {
  const std::int64_t since_monday = (day + 3) % 7;  // 1970-01-01 was a Thursday
  return static_cast<int>(since_monday < 0 ? since_monday + 7 : since_monday);
}

std::int64_t MonthIndexOf(std::int64_t day) {
  const CivilDate date = CivilFromDays(day);
  return (static_cast<std::int64_t>(date.year) - 1970) * 12 + date.month - 1;
}

std::string FormatDate(double seconds) {
  const CivilDate date = CivilFromDays(DayOf(seconds));
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
  return text;
}

std::string FormatDateTime(double seconds) {
  const auto of_day = static_cast<int>(seconds - static_cast<double>(DayOf(seconds)) * kSecondsPerDay);
  char text[32];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d", of_day / 3600, of_day / 60 % 60, of_day % 60);
  return FormatDate(seconds) + text;
}

}  // namespace meterhound
