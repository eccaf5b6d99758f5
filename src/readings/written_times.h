// Times as text: numbers or dates, one form for a whole column.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "readings/dates.h"

namespace meterhound::readings {

/// The form of the dates is decided from so many times; the rest must follow it.
inline constexpr std::size_t kTimesToDecide = 100'000;

/// How the times of a column are written.
class WrittenTimes {
 public:
  /// Numbers where the first text is one, else dates in the one form that all of these texts have (see DateFormat).
  static Result<WrittenTimes> Decide(const std::vector<std::string>& texts, DateOrder order,
                                     const std::function<std::string(std::size_t)>& place);

  /// True for dates: times are seconds since 1970-01-01.
  bool calendar() const { return calendar_; }

  /// A text of another form is an error without a place.
  Result<double> Parse(std::string_view field) const;

 private:
  bool calendar_ = false;
  DateFormat format_;
};

}  // namespace meterhound::readings
