// Timelines cut short, and the series that lie on them.
#include "readings/cut_off.h"

#include <algorithm>
#include <limits>
#include <map>

#include "base/calendar.h"

namespace meterhound::readings {
namespace {

double EndOfDay(double time) { return static_cast<double>(DayOf(time) + 1) * kSecondsPerDay; }

double StartOfNextMonth(double time) {
  CivilDate date = CivilFromDays(DayOf(time));
  date.day = 1;
  if (++date.month > 12) {
    date.month = 1;
    ++date.year;
  }
  return static_cast<double>(DaysFromCivil(date)) * kSecondsPerDay;
}

/// How many of each row's readings stay; one entry for a shared timeline. Times ascend, and so does what is known.
std::vector<std::size_t> Kept(const Timeline& timeline, std::size_t rows, double until) {
  std::vector<std::size_t> kept;
  for (std::size_t row = 0; row < (timeline.shared ? 1 : rows); ++row) {
    const auto begin =
        timeline.times.begin() + static_cast<std::ptrdiff_t>(timeline.shared ? 0 : timeline.offsets[row]);
    const auto end = begin + static_cast<std::ptrdiff_t>(timeline.Length(row));
    kept.push_back(static_cast<std::size_t>(
        std::partition_point(begin, end, [&](double time) { return KnownAt(time, timeline.cadence) <= until; }) -
        begin));
  }
  return kept;
}

std::shared_ptr<const Timeline> Shorten(const Timeline& from, const std::vector<std::size_t>& kept) {
  auto to = std::make_shared<Timeline>();
  to->shared = from.shared;
  to->cadence = from.cadence;
  if (!from.shared) to->offsets.push_back(0);
  for (std::size_t row = 0; row < kept.size(); ++row) {
    const auto begin = from.times.begin() + static_cast<std::ptrdiff_t>(from.shared ? 0 : from.offsets[row]);
    to->times.insert(to->times.end(), begin, begin + static_cast<std::ptrdiff_t>(kept[row]));
    if (!from.shared) to->offsets.push_back(to->times.size());
  }
  return to;
}

template <typename T>
void Shorten(std::vector<T>& values, const Timeline& from, const std::vector<std::size_t>& kept, std::size_t rows) {
  std::size_t to = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(from.Offset(row));
    const std::size_t count = kept[from.shared ? 0 : row];
    std::copy(begin, begin + static_cast<std::ptrdiff_t>(count), values.begin() + static_cast<std::ptrdiff_t>(to));
    to += count;
  }
  values.resize(to);
}

}  // namespace

double KnownAt(double time, Cadence cadence) {
  switch (cadence) {
    case Cadence::kSteps:
      return time;
    case Cadence::kWeekly:
      return EndOfDay(time + 6 * kSecondsPerDay);
    case Cadence::kMonthly:
      return StartOfNextMonth(time);
    default:
      return EndOfDay(time);
  }
}

Status CutOff(Panel& panel, double as_of) {
  const double until = EndOfDay(as_of);
  std::map<const Timeline*, std::pair<std::vector<std::size_t>, std::shared_ptr<const Timeline>>> cuts;
  std::size_t left = 0;
  double first = std::numeric_limits<double>::infinity();
  for (SeriesKind& kind : panel.kinds) {
    const std::shared_ptr<const Timeline> from = kind.timeline;
    if (!HasCalendar(from->cadence)) {
      return InvalidInput("the readings of '" + kind.name + "' have no dates, so none is before a day", panel.source);
    }
    for (const double time : from->times) first = std::min(first, time);
    auto& [kept, to] = cuts[from.get()];
    if (!to) {
      kept = Kept(*from, panel.rows(), until);
      to = Shorten(*from, kept);
    }
    Shorten(kind.values, *from, kept, panel.rows());
    Shorten(kind.missing, *from, kept, panel.rows());
    kind.timeline = to;
    left += to->times.size();
  }
  if (left == 0) {
    return InvalidInput(
        "no reading is known by the end of " + FormatDate(as_of) + "; the first is of " + FormatDate(first),
        panel.source);
  }
  for (Attribute& attribute : panel.attributes) {
    if (attribute.type != Attribute::Type::kDate) continue;
    for (double& value : attribute.values) {
      if (value >= until) value = std::numeric_limits<double>::quiet_NaN();
    }
  }
  return {};
}

}  // namespace meterhound::readings
