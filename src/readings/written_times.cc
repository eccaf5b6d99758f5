// The first text tells numbers from dates; DateFormat does the rest.
#include "readings/written_times.h"

#include <cmath>

#include "base/numbers.h"
#include "readings/csv.h"

namespace meterhound::readings {

Result<WrittenTimes> WrittenTimes::Decide(const std::vector<std::string>& texts, DateOrder order,
                                          const std::function<std::string(std::size_t)>& place) {
  WrittenTimes times;
  if (!texts.empty() && ParseDouble(texts.front())) return times;
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  METERHOUND_ASSIGN_OR_RETURN(times.format_, DateFormat::Decide(views, order, place));
  times.calendar_ = true;
  return times;
}

Result<double> WrittenTimes::Parse(std::string_view field) const {
  const auto time = calendar_ ? format_.Parse(field) : ParseDouble(Trim(field));
  if (time && std::isfinite(*time)) return *time;
  return InvalidInput(
      "found " + Quote(field) + ", expected a " +
      (calendar_ ? "date written as the ones before (see --date-order)" : "number, as the times before"));
}

}  // namespace meterhound::readings
