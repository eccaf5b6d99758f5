// Cuts a panel in time.
#include "monitor/same_season.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "monitor/baseline.h"

namespace meterhound::monitor {
namespace {

constexpr double kSlack = kSecondsPerDay;
constexpr int kMostYears = 50;

/// Positions of the times kept, a row at a time for ragged timelines.
struct Cut {
  std::shared_ptr<const Timeline> timeline;
  std::vector<std::size_t> kept;  ///< shared: of the axis; ragged: of all times
};

Cut CutTimeline(const Timeline& from, double begin, double end) {
  Cut cut;
  auto to = std::make_shared<Timeline>();
  to->shared = from.shared;
  to->cadence = from.cadence;
  std::size_t row_end = 0;
  std::size_t row = 0;
  for (std::size_t i = 0; i < from.times.size(); ++i) {
    while (!from.shared && row + 1 < from.offsets.size() && from.offsets[row] == i) {
      to->offsets.push_back(row_end);
      ++row;
    }
    if (from.times[i] < begin || from.times[i] >= end) continue;
    to->times.push_back(from.times[i]);
    cut.kept.push_back(i);
    ++row_end;
  }
  while (!from.shared && to->offsets.size() < from.offsets.size()) to->offsets.push_back(row_end);
  cut.timeline = std::move(to);
  return cut;
}

// The same day some years earlier; the 29th of February becomes the 28th.
double YearsEarlier(double seconds, int years) {
  CivilDate date = CivilFromDays(DayOf(seconds));
  const double rest = seconds - static_cast<double>(DayOf(seconds)) * kSecondsPerDay;
  date.year -= years;
  if (!IsValidDate(date)) date.day = 28;
  return static_cast<double>(DaysFromCivil(date)) * kSecondsPerDay + rest;
}

std::string Days(double seconds) { return std::to_string(std::lround(seconds / kSecondsPerDay) + 1); }

bool HoldsReadings(const Panel& panel) {
  return std::all_of(panel.kinds.begin(), panel.kinds.end(),
                     [](const SeriesKind& kind) { return !kind.timeline->times.empty(); });
}

std::optional<double> SameDaysOfYear(const Window& reference, const Window& current) {
  const double length = current.last - current.first;
  for (int years = -kMostYears; years <= kMostYears; ++years) {
    if (years == 0) continue;
    const double begin = YearsEarlier(current.first, years);
    if (begin >= reference.first - kSlack && begin + length <= reference.last + kSlack) return begin;
  }
  return std::nullopt;
}

}  // namespace

Panel Between(const Panel& panel, double begin, double end) {
  Panel to = panel;
  std::map<const Timeline*, Cut> cuts;
  for (SeriesKind& kind : to.kinds) {
    const Timeline& timeline = *kind.timeline;
    auto found = cuts.find(&timeline);
    if (found == cuts.end()) found = cuts.emplace(&timeline, CutTimeline(timeline, begin, end)).first;
    const Cut& cut = found->second;
    std::vector<double> values;
    std::vector<std::uint8_t> missing;
    const std::size_t copies = timeline.shared ? panel.rows() : 1;
    for (std::size_t row = 0; row < copies; ++row) {
      for (const std::size_t at : cut.kept) {
        values.push_back(kind.values[row * timeline.times.size() + at]);
        missing.push_back(kind.missing[row * timeline.times.size() + at]);
      }
    }
    kind.values = std::move(values);
    kind.missing = std::move(missing);
    kind.timeline = cut.timeline;
  }
  return to;
}

SeasonalCut CutToSeason(const Panel& reference, const Panel& current) {
  const Window before = WindowOf(reference);
  const Window after = WindowOf(current);
  if (!std::isfinite(before.first) || !std::isfinite(after.first)) return {.reference = reference};
  const double length = after.last - after.first;
  if (before.last - before.first <= 1.1 * length + kSlack) return {.reference = reference};
  const auto same = SameDaysOfYear(before, after);
  const double begin = same.value_or(before.last - length);
  SeasonalCut cut{.reference = Between(reference, begin, begin + length + 1), .same_season = same.has_value()};
  if (!HoldsReadings(cut.reference)) {
    return {
        .reference = reference,
        .note = "The reference has no readings on the days of the year of the current window; all of it was taken."};
  }
  cut.note = "Of the reference the " + Days(length) + " days from " + FormatDate(begin) + " were taken: " +
             (same ? "the same days of the year as the current window."
                   : "its latest, because it holds no year with the season of the current window. A change of season "
                     "shows as drift.");
  return cut;
}

}  // namespace meterhound::monitor
