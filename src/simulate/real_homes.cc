// Finds the days, the shared axis and their decimals, then lays rows out one at a time.
#include "simulate/real_homes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace meterhound::simulate {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Status CheckPanel(const Panel& panel) {
  if (panel.kinds.size() != 1) {
    return InvalidInput("found " + std::to_string(panel.kinds.size()) + " kinds of readings, expected one",
                        panel.source);
  }
  const Cadence cadence = panel.kinds[0].timeline->cadence;
  if (ReadingsPerDay(cadence) == 0) {
    return InvalidInput("found " + std::string(CadenceName(cadence)) + " readings, expected daily ones or finer",
                        panel.source);
  }
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    if (panel.labels[row] != 1) continue;
    return InvalidInput("found consumer '" + panel.ids[row] + "' labelled as theft, expected honest ones only",
                        panel.source);
  }
  return {};
}

bool IsWhole(double value) { return std::fabs(value - std::round(value)) < 1e-6 * std::max(1.0, std::fabs(value)); }

}  // namespace

Result<RealHomes> RealHomes::Lay(const Panel& panel) {
  METERHOUND_RETURN_IF_ERROR(CheckPanel(panel));
  RealHomes homes(panel);
  METERHOUND_RETURN_IF_ERROR(homes.FindDays());
  METERHOUND_RETURN_IF_ERROR(homes.FindAxis());
  homes.FindScale();
  return homes;
}

Status RealHomes::FindDays() {
  const Timeline& timeline = *panel_->kinds[0].timeline;
  if (timeline.times.empty()) return InvalidInput("holds no readings", panel_->source);
  per_day_ = ReadingsPerDay(timeline.cadence);
  const auto [first, last] = std::minmax_element(timeline.times.begin(), timeline.times.end());
  first_day_ = DayOf(*first);
  days_ = static_cast<std::size_t>(DayOf(*last) - first_day_) + 1;
  return {};
}

std::size_t RealHomes::SlotOf(double time) const {
  const double days = time / kSecondsPerDay - static_cast<double>(first_day_);
  const auto slot = static_cast<std::size_t>(std::floor(days * per_day_ + 1e-6));
  return std::min(slot, days_ * static_cast<std::size_t>(per_day_) - 1);
}

Status RealHomes::FindAxis() {
  const Timeline& timeline = *panel_->kinds[0].timeline;
  std::vector<std::uint8_t> anybody(days_ * static_cast<std::size_t>(per_day_), 0);
  for (std::size_t row = 0; row < (timeline.shared ? std::min<std::size_t>(1, panel_->rows()) : panel_->rows());
       ++row) {
    const SeriesView view = panel_->View(0, row);
    for (std::size_t i = 0; i < view.size(); ++i) {
      const std::size_t slot = SlotOf(view.times[i]);
      if (i > 0 && slot == SlotOf(view.times[i - 1])) {
        return InvalidInput("found readings at " + FormatDateTime(view.times[i - 1]) + " and " +
                                FormatDateTime(view.times[i]) + ", expected " + std::to_string(per_day_) + " a day",
                            panel_->source);
      }
      anybody[slot] = 1;
      if (timeline.shared) {
        times_.push_back(view.times[i]);
        slots_.push_back(slot);
      }
    }
  }
  if (timeline.shared) return {};
  for (std::size_t slot = 0; slot < anybody.size(); ++slot) {
    if (anybody[slot] == 0) continue;
    slots_.push_back(slot);
    times_.push_back((static_cast<double>(first_day_) + static_cast<double>(slot) / per_day_) * kSecondsPerDay);
  }
  return {};
}

void RealHomes::FindScale() {
  constexpr double kFinest = 10000;
  const SeriesKind& kind = panel_->kinds[0];
  for (std::size_t i = 0; i < kind.values.size() && scale_ > 0; ++i) {
    if (kind.missing[i] != 0) continue;
    while (scale_ > 0 && !IsWhole(kind.values[i] * scale_)) scale_ = scale_ < kFinest ? scale_ * 10 : 0;
  }
}

DaySpan RealHomes::SpanOf(std::size_t row) const {
  const SeriesView view = panel_->View(0, row);
  const auto first = std::find(view.missing.begin(), view.missing.end(), 0) - view.missing.begin();
  if (first == static_cast<std::ptrdiff_t>(view.size())) return {};
  std::size_t last = view.size() - 1;
  while (view.missing[last] != 0) --last;
  const auto day_of = [&](std::size_t i) { return static_cast<std::size_t>(DayOf(view.times[i]) - first_day_); };
  return {.begin = day_of(static_cast<std::size_t>(first)), .end = day_of(last) + 1};
}

std::vector<double> RealHomes::Filed(std::size_t row) const {
  std::vector<double> filed(days_ * static_cast<std::size_t>(per_day_), kNone);
  const SeriesView view = panel_->View(0, row);
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.missing[i] == 0) filed[SlotOf(view.times[i])] = view.values[i];
  }
  return filed;
}

std::vector<double> RealHomes::Used(std::size_t row) const {
  std::vector<double> used = Filed(row);
  // Days of one reading differ by weekday, finer ones by the time of the day.
  const std::size_t period = per_day_ == 1 ? 7 : static_cast<std::size_t>(per_day_);
  std::vector<double> sums(period + 1, 0);
  std::vector<double> counts(period + 1, 0);
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (std::isnan(used[i])) continue;
    for (const std::size_t at : {i % period, period}) {
      sums[at] += used[i];
      counts[at] += 1;
    }
  }
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!std::isnan(used[i])) continue;
    const std::size_t at = counts[i % period] > 0 ? i % period : period;
    used[i] = counts[at] > 0 ? sums[at] / counts[at] : 0;
  }
  return used;
}

}  // namespace meterhound::simulate
