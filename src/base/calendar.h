// Civil dates as the whole program counts them: seconds since 1970-01-01, without time zones or daylight saving.
#pragma once

#include <cstdint>
#include <string>

namespace meterhound {

inline constexpr double kSecondsPerDay = 86400.0;

/// How often a meter was read. Decides which calculators make sense and how numbers are worded (kWh a day, a bill).
enum class Cadence : std::uint8_t {
  kSteps,          ///< numeric times without a calendar
  kQuarterHourly,  ///< 96 a day
  kHalfHourly,     ///< 48 a day
  kHourly,         ///< 24 a day
  kDaily,
  kWeekly,
  kMonthly,
  kIrregular,  ///< calendar times without a fixed step (bills)
};

/// "daily", "half-hourly", ...
const char* CadenceName(Cadence cadence);
/// Readings in a day (96, 48, 24, 1), or 0 when a day holds less than one or there is no calendar.
int ReadingsPerDay(Cadence cadence);
/// True when times are seconds since 1970-01-01.
inline bool HasCalendar(Cadence cadence) { return cadence != Cadence::kSteps; }

/// A proleptic Gregorian date.
struct CivilDate {
  int year = 1970;
  int month = 1;  ///< 1-12
  int day = 1;    ///< 1-31
  bool operator==(const CivilDate&) const = default;
};

/// False for dates such as 2014-02-30.
bool IsValidDate(const CivilDate& date);
/// Days since 1970-01-01 (negative before).
std::int64_t DaysFromCivil(const CivilDate& date);
CivilDate CivilFromDays(std::int64_t days);

/// The day number of a time in seconds.
std::int64_t DayOf(double seconds);
/// 0 = Monday ... 6 = Sunday.
int WeekdayOf(std::int64_t day);
/// Months since 1970-01: year and month in one number.
std::int64_t MonthIndexOf(std::int64_t day);

/// "2014-01-31" of a time in seconds.
std::string FormatDate(double seconds);
/// "2014-01-31T12:30:00" of a time in seconds.
std::string FormatDateTime(double seconds);

}  // namespace meterhound
