// The three ways to fill a gap.
#include "clean/clean.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace meterhound::clean {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kGrain = 64;
constexpr int kDaysInWeek = 7;
constexpr int kMonthsInYear = 12;

struct Gaps {
  std::span<double> values;
  std::span<const std::uint8_t> missing;
  std::span<const double> times;
  Cadence cadence = Cadence::kSteps;
};

void FillForwardBackward(const Gaps& series) {
  std::size_t first = 0;
  while (first < series.values.size() && series.missing[first]) ++first;
  double last = first < series.values.size() ? series.values[first] : 0.0;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (series.missing[i]) {
      series.values[i] = last;
    } else {
      last = series.values[i];
    }
  }
}

std::size_t SeasonCount(Cadence cadence) {
  if (!HasCalendar(cadence)) return 1;
  if (cadence == Cadence::kDaily) return kDaysInWeek * kMonthsInYear;
  const int per_day = ReadingsPerDay(cadence);
  const int seasons = per_day > 1 ? kDaysInWeek * per_day : kMonthsInYear;
  return static_cast<std::size_t>(seasons);
}

std::size_t SeasonOf(double time, Cadence cadence) {
  if (!HasCalendar(cadence)) return 0;
  const std::int64_t day = DayOf(time);
  const int per_day = ReadingsPerDay(cadence);
  if (per_day > 1) {
    const double of_day = (time - static_cast<double>(day) * kSecondsPerDay) / kSecondsPerDay;
    const int slot = std::clamp(static_cast<int>(of_day * per_day), 0, per_day - 1);
    const int season = WeekdayOf(day) * per_day + slot;
    return static_cast<std::size_t>(season);
  }
  const int month = CivilFromDays(day).month - 1;
  return static_cast<std::size_t>(cadence == Cadence::kDaily ? WeekdayOf(day) * kMonthsInYear + month : month);
}

double MedianOf(std::vector<double>& values) {
  const std::size_t half = values.size() / 2;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(half);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const double below = *std::max_element(values.begin(), middle);
  return below + (*middle - below) / 2;
}

/// Buffers of one worker, kept from series to series.
struct Seasons {
  std::vector<std::vector<double>> read;
  std::vector<double> medians;
  std::vector<double> all;
};

void FillSeasonalMedian(const Gaps& series, Seasons& seasons) {
  seasons.read.resize(SeasonCount(series.cadence));
  for (auto& values : seasons.read) values.clear();
  seasons.all.clear();
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (series.missing[i]) continue;
    seasons.read[SeasonOf(series.times[i], series.cadence)].push_back(series.values[i]);
    seasons.all.push_back(series.values[i]);
  }
  if (seasons.all.size() == series.values.size()) return;
  const double overall = seasons.all.empty() ? 0.0 : MedianOf(seasons.all);
  seasons.medians.assign(seasons.read.size(), overall);
  for (std::size_t i = 0; i < seasons.read.size(); ++i) {
    if (!seasons.read[i].empty()) seasons.medians[i] = MedianOf(seasons.read[i]);
  }
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (series.missing[i]) series.values[i] = seasons.medians[SeasonOf(series.times[i], series.cadence)];
  }
}

bool ReadsAreNumbers(const Gaps& series) {
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (!series.missing[i] && std::isnan(series.values[i])) return false;
  }
  return true;
}

void Fill(const Gaps& series, Policy policy, Seasons& seasons) {
  switch (policy) {
    case Policy::kForwardBackwardZero:
      return FillForwardBackward(series);
    case Policy::kNone:
      for (std::size_t i = 0; i < series.values.size(); ++i) {
        if (series.missing[i]) series.values[i] = kNaN;
      }
      return;
    case Policy::kSeasonalMedian:
      return FillSeasonalMedian(series, seasons);
  }
}

}  // namespace

std::string_view PolicyName(Policy policy) {
  switch (policy) {
    case Policy::kForwardBackwardZero:
      return "forward_backward_zero";
    case Policy::kNone:
      return "none";
    case Policy::kSeasonalMedian:
      return "seasonal_median";
  }
  return "";
}

Result<Policy> ParsePolicy(std::string_view name) {
  for (const Policy policy : {Policy::kForwardBackwardZero, Policy::kNone, Policy::kSeasonalMedian}) {
    if (name == PolicyName(policy)) return policy;
  }
  return InvalidInput("'" + std::string(name) +
                      "' is not a cleaning policy; expected forward_backward_zero, none or seasonal_median");
}

Status Clean(Panel& panel, Policy policy, const RunContext& context) {
  context.progress.Begin("clean", panel.rows() * panel.kinds.size(), "series");
  std::vector<Seasons> scratch(context.pool.threads());
  std::atomic<bool> broken = false;
  for (SeriesKind& kind : panel.kinds) {
    const Timeline& timeline = *kind.timeline;
    context.pool.ParallelFor(
        panel.rows(), kGrain,
        [&](std::size_t begin, std::size_t end, std::size_t worker) {
          for (std::size_t row = begin; row < end; ++row) {
            const std::size_t offset = timeline.Offset(row);
            const std::size_t length = timeline.Length(row);
            const Gaps series{.values = {kind.values.data() + offset, length},
                              .missing = {kind.missing.data() + offset, length},
                              .times = {timeline.times.data() + (timeline.shared ? 0 : offset), length},
                              .cadence = timeline.cadence};
            if (!ReadsAreNumbers(series)) broken = true;
            Fill(series, policy, scratch[worker]);
          }
          context.progress.Advance(end - begin);
        },
        context.stop);
    METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
    if (broken) {
      return Error{ErrorCode::kInternal, "series '" + kind.name + "' holds a NaN that its mask calls read",
                   panel.source};
    }
  }
  context.progress.End();
  return {};
}

}  // namespace meterhound::clean
