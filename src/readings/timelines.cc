// Counting months by the calendar, everything else in seconds.
#include "readings/timelines.h"

#include <algorithm>

namespace meterhound::readings {
namespace {

constexpr NamedCadence kCadences[] = {
    {"daily", Cadence::kDaily},   {"half_hourly", Cadence::kHalfHourly}, {"quarter_hourly", Cadence::kQuarterHourly},
    {"hourly", Cadence::kHourly}, {"weekly", Cadence::kWeekly},          {"monthly", Cadence::kMonthly}};

double SecondsBetween(Cadence cadence) {
  const int a_day = ReadingsPerDay(cadence);
  return a_day > 0 ? kSecondsPerDay / a_day : 7 * kSecondsPerDay;
}

}  // namespace

std::span<const NamedCadence> NamedCadences() { return kCadences; }

std::optional<Cadence> FindNamedCadence(std::string_view name) {
  for (const NamedCadence& one : kCadences) {
    if (one.name == name) return one.cadence;
  }
  return std::nullopt;
}

void AppendEvenTimes(double start, Cadence cadence, std::size_t count, std::vector<double>& times) {
  if (cadence != Cadence::kMonthly) {
    for (std::size_t i = 0; i < count; ++i) times.push_back(start + static_cast<double>(i) * SecondsBetween(cadence));
    return;
  }
  CivilDate date = CivilFromDays(DayOf(start));
  for (std::size_t i = 0; i < count; ++i) {
    times.push_back(static_cast<double>(DaysFromCivil(date)) * kSecondsPerDay);
    date.month = date.month % 12 + 1;
    if (date.month == 1) ++date.year;
  }
}

void ShareEqualTimes(Timeline& timeline, std::size_t rows) {
  const std::size_t length = timeline.Length(0);
  for (std::size_t row = 1; row < rows; ++row) {
    const auto begin = timeline.times.begin() + static_cast<std::ptrdiff_t>(timeline.offsets[row]);
    if (timeline.Length(row) != length ||
        !std::equal(begin, begin + static_cast<std::ptrdiff_t>(length), timeline.times.begin())) {
      return;
    }
  }
  timeline.shared = true;
  timeline.times.resize(length);
  timeline.offsets.clear();
}

}  // namespace meterhound::readings
