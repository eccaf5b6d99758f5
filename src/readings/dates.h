// Dates in readings: one way of writing, decided for a whole header or column, then parsed strictly.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "base/result.h"

namespace meterhound::readings {

enum class DateOrder : std::uint8_t {
  kAuto,  ///< year first is read as such; 1/13/2014 decides for its whole file; dots mean day first
  kMonthDayYear,
  kDayMonthYear,
};
/// "auto", "mdy", "dmy".
Result<DateOrder> ParseDateOrder(std::string_view name);

/// The way all dates of one header or column are written.
class DateFormat {
 public:
  /// Decides from all texts at once: year-month-day, month/day/year or day/month/year, or year-month for monthly data.
  /// Where month and day could be either way round in every text, the order in which the texts form an even axis (all
  /// steps equal but for a few) decides; when neither or both do, that is an error that says so and names
  /// `--date-order`. A text that is no date, or of another form than the rest, is an error that quotes it.
  /// @param place `place(i)` names the i-th text's place for errors.
  static Result<DateFormat> Decide(std::span<const std::string_view> texts, DateOrder order,
                                   const std::function<std::string(std::size_t)>& place);

  /// Seconds since 1970-01-01. Accepts a time of day after a blank or T: 12:30, 12:30:00, 12:30:00.5, then Z or an
  /// offset such as +08:00, which is left out of the count (readings are kept in local time). Nothing when `text` is no
  /// such date.
  std::optional<double> Parse(std::string_view text) const;

 private:
  enum class Form : std::uint8_t { kYearFirst, kMonthFirst, kDayFirst, kYearMonth };
  Form form_ = Form::kYearFirst;
};

/// Undoes what happens to dates such as 09/02/2011 (9 February) in a program that takes the first number for the month
/// but accepts the other order where it must: 9 February becomes 2 September, 25 February stays. So of every date whose
/// day is 12 or less, day and month change places.
double ExchangeDayAndMonth(double seconds);

/// One date as a person gives it to a flag or setting: 2019-12-31.
Result<double> ParseDay(std::string_view text, const std::string& where);

/// True when the text looks like a date of any known form: how date columns are told from others.
bool LooksLikeDate(std::string_view text);

/// The usual step of ascending times: the cadence of most gaps, kIrregular when no step has a majority of two thirds.
Cadence FindCadence(std::span<const double> times);

}  // namespace meterhound::readings
