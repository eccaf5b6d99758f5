// Schedule: when the next check is due, from hourly, daily, weekly or a cron expression.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace meterhound::monitor {

/// Times are UTC. hourly = "0 * * * *", daily = "0 0 * * *", weekly = "0 0 * * 1".
class Schedule {
 public:
  /// "hourly", "daily", "weekly", or the five fields of cron: minute, hour, day of the month, month, day of the week
  /// (0 and 7 are Sunday). A field is *, a number, a range a-b, a step */n or a-b/n, a name (jan, mon), or several of
  /// these joined by commas. As in cron, a day is due by either of the two day fields when both are restricted.
  /// kInvalidInput names the field. An expression that no day ever meets (30 February) is refused.
  static Result<Schedule> Parse(std::string_view text, std::string_view where);

  /// The first due minute after `seconds` since 1970.
  std::int64_t Next(std::int64_t seconds) const;

 private:
  bool DayDue(std::int64_t day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool any_day_ = true;
  bool any_weekday_ = true;
};

}  // namespace meterhound::monitor
