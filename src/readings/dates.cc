// Splitting a date into numbers first, deciding what they mean second.
#include "readings/dates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "readings/csv.h"

namespace meterhound::readings {
namespace {

// Three (or two) numbers and what stands between them.
struct Pieces {
  std::array<int, 3> number{};
  std::array<std::size_t, 3> digits{};
  std::size_t count = 0;
  char separator = 0;
  double seconds_of_day = 0;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes up to `most` digits.
bool TakeNumber(std::string_view& text, std::size_t most, int& number, std::size_t& digits) {
  number = 0;
  digits = 0;
  while (!text.empty() && IsDigit(text.front()) && digits < most) {
    number = number * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  return digits > 0;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// 12:30[:45[.5]][Z|+08:00|+0800]; empty stays midnight.
bool TakeTimeOfDay(std::string_view text, double& seconds) {
  seconds = 0;
  if (text.empty()) return true;
  if (!TakeChar(text, 'T') && !TakeChar(text, ' ')) return false;
  int hour = 0, minute = 0, second = 0;
  std::size_t digits = 0;
  if (!TakeNumber(text, 2, hour, digits) || !TakeChar(text, ':') || !TakeNumber(text, 2, minute, digits)) return false;
  if (TakeChar(text, ':') && !TakeNumber(text, 2, second, digits)) return false;
  double fraction = 0;
  if (TakeChar(text, '.')) {
    double scale = 0.1;
    if (text.empty() || !IsDigit(text.front())) return false;
    for (; !text.empty() && IsDigit(text.front()); text.remove_prefix(1), scale /= 10)
      fraction += scale * (text.front() - '0');
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  seconds = hour * 3600.0 + minute * 60.0 + second + fraction;
  if (text.empty() || text == "Z") return true;
  if (text.front() != '+' && text.front() != '-') return false;
  text.remove_prefix(1);
  int offset = 0;
  if (!TakeNumber(text, 2, offset, digits) || digits != 2) return false;
  TakeChar(text, ':');
  return text.empty() || (TakeNumber(text, 2, offset, digits) && text.empty());
}

std::optional<Pieces> Split(std::string_view text) {
  text = Trim(text);
  Pieces pieces;
  while (pieces.count < 3) {
    if (!TakeNumber(text, 4, pieces.number[pieces.count], pieces.digits[pieces.count])) return std::nullopt;
    ++pieces.count;
    if (pieces.count == 3 || text.empty()) break;
    const char c = text.front();
    if (c != '/' && c != '-' && c != '.') return std::nullopt;
    if (pieces.separator != 0 && c != pieces.separator) return std::nullopt;
    pieces.separator = c;
    text.remove_prefix(1);
  }
  if (pieces.count < 2 || pieces.separator == 0) return std::nullopt;
  if (pieces.count == 2) {  // 2005-01, but not 2.5
    return text.empty() && pieces.digits[0] == 4 && pieces.separator != '.' ? std::optional(pieces) : std::nullopt;
  }
  if (!TakeTimeOfDay(text, pieces.seconds_of_day)) return std::nullopt;
  const bool year_first = pieces.digits[0] == 4 && pieces.digits[1] <= 2 && pieces.digits[2] <= 2;
  const bool year_last = pieces.digits[2] == 4 && pieces.digits[0] <= 2 && pieces.digits[1] <= 2;
  return year_first || year_last ? std::optional(pieces) : std::nullopt;
}

std::optional<double> Seconds(const CivilDate& date, double of_day) {
  if (!IsValidDate(date)) return std::nullopt;
  return static_cast<double>(DaysFromCivil(date)) * kSecondsPerDay + of_day;
}

std::optional<double> Read(const Pieces& p, bool month_first) {
  if (month_first) return Seconds({p.number[2], p.number[0], p.number[1]}, p.seconds_of_day);
  return Seconds({p.number[2], p.number[1], p.number[0]}, p.seconds_of_day);
}

// Share of steps that equal the most frequent one, or -1 when two texts mean the same time.
double Evenness(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  std::map<double, std::size_t> steps;
  std::size_t most = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (times[i] == times[i - 1]) return -1;
    most = std::max(most, ++steps[times[i] - times[i - 1]]);
  }
  return times.size() < 2 ? 0 : static_cast<double>(most) / static_cast<double>(times.size() - 1);
}

}  // namespace

Result<DateOrder> ParseDateOrder(std::string_view name) {
  if (name == "auto") return DateOrder::kAuto;
  if (name == "mdy") return DateOrder::kMonthDayYear;
  if (name == "dmy") return DateOrder::kDayMonthYear;
  return InvalidInput("found " + Quote(name) + ", expected auto, mdy or dmy", "readings.date_order");
}

Result<double> ParseDay(std::string_view text, const std::string& where) {
  const std::string_view texts[] = {text};
  const auto format = DateFormat::Decide(texts, DateOrder::kAuto, [&](std::size_t) { return where; });
  const auto day = format.ok() ? format->Parse(text) : std::nullopt;
  if (!day) return InvalidInput("found '" + std::string(text) + "', expected a day such as 2019-12-31", where);
  return *day;
}

bool LooksLikeDate(std::string_view text) { return Split(text).has_value(); }

Result<DateFormat> DateFormat::Decide(std::span<const std::string_view> texts, DateOrder order,
                                      const std::function<std::string(std::size_t)>& place) {
  DateFormat format;
  std::optional<Form> form;
  const auto name = [](Form f) {
    return f == Form::kYearFirst ? "year first" : f == Form::kYearMonth ? "year and month" : "year last";
  };
  std::vector<Pieces> year_last;
  bool dots = false;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto pieces = Split(texts[i]);
    if (!pieces) return InvalidInput("found " + Quote(texts[i]) + ", expected a date such as 2014-01-31", place(i));
    const Form found = pieces->count == 2       ? Form::kYearMonth
                       : pieces->digits[0] == 4 ? Form::kYearFirst
                                                : Form::kMonthFirst;
    if (form && *form != found) {
      return InvalidInput("found " + Quote(texts[i]) + " (" + name(found) +
                              "), expected the form of the dates before (" + name(*form) + ")",
                          place(i));
    }
    form = found;
    if (found == Form::kMonthFirst) {
      year_last.push_back(*pieces);
      dots = dots || pieces->separator == '.';
    }
  }
  format.form_ = form.value_or(Form::kYearFirst);
  if (!year_last.empty()) {
    std::size_t bad_month_first = texts.size();
    std::size_t bad_day_first = texts.size();
    std::vector<double> as_month_first, as_day_first;
    for (std::size_t i = 0; i < year_last.size(); ++i) {
      const auto month_first = Read(year_last[i], true);
      const auto day_first = Read(year_last[i], false);
      if (!month_first && bad_month_first == texts.size()) bad_month_first = i;
      if (!day_first && bad_day_first == texts.size()) bad_day_first = i;
      as_month_first.push_back(month_first.value_or(0));
      as_day_first.push_back(day_first.value_or(0));
    }
    const bool can_month_first = bad_month_first == texts.size();
    const bool can_day_first = bad_day_first == texts.size();
    if (order == DateOrder::kMonthDayYear || order == DateOrder::kDayMonthYear) {
      format.form_ = order == DateOrder::kMonthDayYear ? Form::kMonthFirst : Form::kDayFirst;
    } else if (can_month_first != can_day_first) {
      format.form_ = can_month_first ? Form::kMonthFirst : Form::kDayFirst;
    } else if (!can_month_first) {
      return InvalidInput("found " + Quote(texts[bad_month_first]) + " (no month/day/year) and " +
                              Quote(texts[bad_day_first]) + " (no day/month/year), expected one order for all dates",
                          place(std::max(bad_month_first, bad_day_first)));
    } else if (dots) {
      format.form_ = Form::kDayFirst;
    } else {
      const double even_month_first = Evenness(as_month_first);
      const double even_day_first = Evenness(as_day_first);
      constexpr double kEven = 0.9;
      if (as_month_first != as_day_first && (even_month_first >= kEven) == (even_day_first >= kEven)) {
        return InvalidInput("found " + Quote(texts.front()) +
                                ", which may be month/day/year or day/month/year, as may all dates here; expected "
                                "--date-order mdy or --date-order dmy to decide",
                            place(0));
      }
      format.form_ = even_month_first >= kEven ? Form::kMonthFirst : Form::kDayFirst;
    }
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!format.Parse(texts[i])) {
      return InvalidInput("found " + Quote(texts[i]) + ", which is no day of the calendar", place(i));
    }
  }
  return format;
}

std::optional<double> DateFormat::Parse(std::string_view text) const {
  const auto pieces = Split(text);
  if (!pieces) return std::nullopt;
  const bool year_first = pieces->count == 3 && pieces->digits[0] == 4;
  switch (form_) {
    case Form::kYearMonth:
      if (pieces->count != 2) return std::nullopt;
      return Seconds({pieces->number[0], pieces->number[1], 1}, 0);
    case Form::kYearFirst:
      if (!year_first) return std::nullopt;
      return Seconds({pieces->number[0], pieces->number[1], pieces->number[2]}, pieces->seconds_of_day);
    case Form::kMonthFirst:
    case Form::kDayFirst:
      if (pieces->count != 3 || year_first) return std::nullopt;
      return Read(*pieces, form_ == Form::kMonthFirst);
  }
  return std::nullopt;
}

double ExchangeDayAndMonth(double seconds) {
  const double day = std::floor(seconds / kSecondsPerDay);
  const CivilDate date = CivilFromDays(static_cast<std::int64_t>(day));
  if (date.day > 12) return seconds;
  const auto exchanged = static_cast<double>(DaysFromCivil({date.year, date.day, date.month}));
  return seconds + (exchanged - day) * kSecondsPerDay;
}

Cadence FindCadence(std::span<const double> times) {
  if (times.size() < 2) return Cadence::kIrregular;
  struct Step {
    Cadence cadence;
    double low, high;
  };
  constexpr std::array<Step, 6> kSteps = {{
      {Cadence::kQuarterHourly, 900, 900},
      {Cadence::kHalfHourly, 1800, 1800},
      {Cadence::kHourly, 3600, 3600},
      {Cadence::kDaily, kSecondsPerDay, kSecondsPerDay},
      {Cadence::kWeekly, 7 * kSecondsPerDay, 7 * kSecondsPerDay},
      {Cadence::kMonthly, 28 * kSecondsPerDay, 31 * kSecondsPerDay},
  }};
  for (const Step& step : kSteps) {
    std::size_t count = 0;
    for (std::size_t i = 1; i < times.size(); ++i) {
      const double gap = times[i] - times[i - 1];
      if (gap >= step.low && gap <= step.high) ++count;
    }
    if (3 * count >= 2 * (times.size() - 1)) return step.cadence;
  }
  return Cadence::kIrregular;
}

}  // namespace meterhound::readings
