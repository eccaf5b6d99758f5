// Reads the five fields of cron and walks over days.
#include "monitor/schedule.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <span>
#include <vector>

#include "base/calendar.h"

namespace meterhound::monitor {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::int64_t kMinutesPerDay = 1440;
// The 29th of February on a given weekday comes again after at most 40 years.
constexpr std::int64_t kMostDays = 41 * 366;

struct Field {
  std::string_view name;
  int low;
  int high;
  std::span<const std::string_view> names = {};
  int first_name = 0;
};

std::vector<std::string_view> Split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> Number(std::string_view text, const Field& field) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  for (std::size_t i = 0; i < field.names.size(); ++i) {
    if (lower == field.names[i]) return static_cast<int>(i) + field.first_name;
  }
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < field.low || number > field.high) {
    return std::nullopt;
  }
  return number;
}

// One part of a list: *, a, a-b, each with /step.
std::optional<std::vector<int>> Part(std::string_view text, const Field& field) {
  const auto slash = Split(text, '/');
  if (slash.size() > 2) return std::nullopt;
  int step = 1;
  if (slash.size() == 2) {
    const auto number = Number(slash[1], {.name = {}, .low = 1, .high = field.high});
    if (!number) return std::nullopt;
    step = *number;
  }
  int low = field.low;
  int high = field.high;
  if (slash[0] != "*") {
    const auto ends = Split(slash[0], '-');
    const auto first = Number(ends[0], field);
    const auto last = ends.size() == 2 ? Number(ends[1], field) : first;
    if (ends.size() > 2 || !first || !last || *first > *last || (slash.size() == 2 && ends.size() == 1)) {
      return std::nullopt;
    }
    low = *first;
    high = *last;
  }
  std::vector<int> numbers;
  for (int number = low; number <= high; number += step) numbers.push_back(number);
  return numbers;
}

Result<std::vector<int>> ParseField(std::string_view text, const Field& field, std::string_view where) {
  std::vector<int> numbers;
  for (const std::string_view part : Split(text, ',')) {
    const auto more = Part(part, field);
    if (!more) {
      return InvalidInput("found '" + std::string(part) + "' for the " + std::string(field.name) + ", expected *, " +
                              std::to_string(field.low) + "-" + std::to_string(field.high) +
                              ", a range or a step such as */2",
                          std::string(where));
    }
    numbers.insert(numbers.end(), more->begin(), more->end());
  }
  return numbers;
}

std::string_view CronOf(std::string_view text) {
  if (text == "hourly") return "0 * * * *";
  if (text == "daily") return "0 0 * * *";
  if (text == "weekly") return "0 0 * * 1";
  return text;
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : Split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

}  // namespace

Result<Schedule> Schedule::Parse(std::string_view text, std::string_view where) {
  static const std::array<Field, 5> kFields = {{{"minute", 0, 59},
                                                {"hour", 0, 23},
                                                {"day of the month", 1, 31},
                                                {"month", 1, 12, kMonths, 1},
                                                {"day of the week", 0, 7, kWeekdays, 0}}};
  const auto words = Words(CronOf(text));
  if (words.size() != kFields.size()) {
    return InvalidInput("found '" + std::string(text) +
                            "', expected hourly, daily, weekly or the five fields of cron (minute, hour, day of the "
                            "month, month, day of the week)",
                        std::string(where));
  }
  std::array<std::vector<int>, 5> fields;
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    METERHOUND_ASSIGN_OR_RETURN(fields[i], ParseField(words[i], kFields[i], where));
  }
  Schedule to;
  for (const int minute : fields[0]) to.minutes_.set(static_cast<std::size_t>(minute));
  for (const int hour : fields[1]) to.hours_.set(static_cast<std::size_t>(hour));
  for (const int day : fields[2]) to.days_.set(static_cast<std::size_t>(day));
  for (const int month : fields[3]) to.months_.set(static_cast<std::size_t>(month));
  for (const int weekday : fields[4]) to.weekdays_.set(static_cast<std::size_t>(weekday % 7));
  to.any_day_ = words[2].starts_with('*');
  to.any_weekday_ = words[4].starts_with('*');
  for (std::int64_t day = 0; day < kMostDays; ++day) {
    if (to.DayDue(day)) return to;
  }
  return InvalidInput("found '" + std::string(text) + "', expected a day that some year has", std::string(where));
}

bool Schedule::DayDue(std::int64_t day) const {
  const CivilDate date = CivilFromDays(day);
  if (!months_[static_cast<std::size_t>(date.month)]) return false;
  const bool by_day = days_[static_cast<std::size_t>(date.day)];
  const bool by_weekday = weekdays_[static_cast<std::size_t>((WeekdayOf(day) + 1) % 7)];
  if (any_day_ || any_weekday_) return by_day && by_weekday;
  return by_day || by_weekday;
}

std::int64_t Schedule::Next(std::int64_t seconds) const {
  std::int64_t minute = (seconds >= 0 ? seconds / 60 : (seconds - 59) / 60) + 1;
  std::int64_t day = DayOf(static_cast<double>(minute * 60));
  for (std::int64_t left = kMostDays; left > 0; --left, ++day, minute = day * kMinutesPerDay) {
    if (!DayDue(day)) continue;
    for (std::int64_t at = minute - day * kMinutesPerDay; at < kMinutesPerDay; ++at) {
      if (hours_[static_cast<std::size_t>(at / 60)] && minutes_[static_cast<std::size_t>(at % 60)]) {
        return (day * kMinutesPerDay + at) * 60;
      }
    }
  }
  return seconds;  // not reached: Parse has seen a day
}

}  // namespace meterhound::monitor
