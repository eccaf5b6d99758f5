// One function a finding; each looks at observed readings only and says nothing that they do not show.
#include "explain/findings.h"

#include <algorithm>
#include <cmath>

namespace meterhound::explain {
namespace {

using Rates = std::span<const numerics::Rate>;

constexpr double kWeekdayGone = 0.4;    // share of the weekly pattern left that counts as lost
constexpr double kWeekdayClear = 0.15;  // strength of a weekly pattern worth speaking of

/// The parts every finding function needs.
struct Curve {
  const SeriesView& series;
  Rates rates;
  const numerics::Season& season;
  bool drop;
  Evidence& evidence;

  void Add(Finding finding) const {
    finding.to_the_end = finding.end >= End();
    evidence.findings.push_back(std::move(finding));
  }
  double Begin() const { return series.times.front(); }
  double End() const { return series.times.back(); }
};

void LevelDrop(const Curve& curve) {
  const auto& change = curve.evidence.change;
  if (!change) return;
  const double share = change->before_per_day != 0 ? 1 - change->after_per_day / change->before_per_day : 0;
  if (curve.drop) {
    curve.Add({.code = "level_drop",
               .direction = Direction::kFor,
               .weight = std::min(1.0, 0.4 + 0.6 * share),
               .begin = change->time,
               .end = change->recovered.value_or(curve.End()),
               .numbers = {{"before_kwh_per_day", change->before_per_day},
                           {"after_kwh_per_day", change->after_per_day},
                           {"drop_share", share}}});
  } else if (change->after_per_day > change->before_per_day && change->before_per_day > 0) {
    curve.Add(
        {.code = "level_rise",
         .direction = Direction::kAgainst,
         .weight = 0.4,
         .begin = change->time,
         .end = curve.End(),
         .numbers = {{"before_kwh_per_day", change->before_per_day}, {"after_kwh_per_day", change->after_per_day}}});
  }
  if (curve.drop && change->recovered) {
    curve.Add({.code = "recovered",
               .direction = Direction::kAgainst,
               .weight = 0.3,
               .begin = *change->recovered,
               .end = curve.End(),
               .numbers = {}});
  }
}

void MissingEnergyFinding(const Curve& curve) {
  const auto& missing = curve.evidence.missing_kwh;
  if (!missing || !curve.evidence.change) return;
  curve.Add(
      {.code = "missing_energy",
       .direction = Direction::kFor,
       .weight = 0.6,
       .begin = curve.evidence.change->time,
       .end = curve.evidence.change->recovered.value_or(curve.End()),
       .numbers = {
           {"missing_kwh", missing->value}, {"missing_kwh_low", missing->low}, {"missing_kwh_high", missing->high}}});
}

void ZeroStreaks(const Curve& curve) {
  const auto& streaks = curve.evidence.zero_streaks;
  if (streaks.empty()) return;
  const Streak& longest = streaks.front();
  const auto readings = static_cast<double>(longest.readings);
  curve.Add({.code = "zero_streak",
             .direction = Direction::kFor,
             .weight = std::min(0.8, 0.2 + readings / static_cast<double>(curve.series.size())),
             .begin = longest.begin,
             .end = longest.end,
             .numbers = {{"zero_readings", readings}}});
}

void FlatReadings(const Curve& curve) {
  const SeriesView& s = curve.series;
  const std::size_t least = static_cast<std::size_t>(std::max(4, 7 * ReadingsPerDay(s.cadence)));
  Streak longest;
  double level = 0;
  for (std::size_t i = 0; i < s.size();) {
    std::size_t end = i + 1;
    if (s.missing[i] == 0 && s.values[i] != 0) {
      while (end < s.size() && s.missing[end] == 0 && s.values[end] == s.values[i]) ++end;
      if (end - i > longest.readings) {
        longest = {.begin = s.times[i], .end = s.times[end - 1], .readings = end - i};
        level = s.values[i];
      }
    }
    i = end;
  }
  if (longest.readings < least) return;
  curve.Add({.code = "flat_readings",
             .direction = Direction::kFor,
             .weight = 0.5,
             .begin = longest.begin,
             .end = longest.end,
             .numbers = {{"same_readings", static_cast<double>(longest.readings)}, {"kwh", level}}});
}

// Standard deviation of the seven weekday means relative to the mean.
double WeekdayPattern(Rates rates) {
  double sum[7] = {};
  double count[7] = {};
  for (const numerics::Rate& rate : rates) {
    const auto day = static_cast<std::size_t>(WeekdayOf(DayOf(rate.begin)));
    sum[day] += rate.per_day;
    count[day] += 1;
  }
  double mean = 0;
  double square = 0;
  for (int day = 0; day < 7; ++day) {
    if (count[day] < 4) return 0;
    mean += sum[day] / count[day] / 7;
  }
  if (mean <= 0) return 0;
  for (int day = 0; day < 7; ++day) square += std::pow(sum[day] / count[day] - mean, 2);
  return std::sqrt(square / 7) / mean;
}

void WeekdayRhythm(const Curve& curve) {
  const bool daily = ReadingsPerDay(curve.series.cadence) >= 1;
  if (!daily || curve.rates.size() < 112) return;
  std::size_t split = curve.rates.size() / 2;
  if (curve.evidence.change) {
    split = static_cast<std::size_t>(
        std::lower_bound(curve.rates.begin(), curve.rates.end(), curve.evidence.change->time,
                         [](const numerics::Rate& rate, double time) { return rate.begin < time; }) -
        curve.rates.begin());
  }
  if (split < 56 || curve.rates.size() - split < 56) return;
  const double before = WeekdayPattern(curve.rates.first(split));
  const double after = WeekdayPattern(curve.rates.subspan(split));
  if (before < kWeekdayClear || after <= 0) return;
  const double when = curve.rates[split].begin;
  const std::vector<std::pair<std::string, double>> numbers = {{"weekday_variation_before", before},
                                                               {"weekday_variation_after", after}};
  if (after < kWeekdayGone * before) {
    curve.Add({.code = "weekday_pattern_lost",
               .direction = Direction::kFor,
               .weight = 0.5,
               .begin = when,
               .end = curve.End(),
               .numbers = numbers});
  } else if (after > 0.75 * before) {
    curve.Add({.code = "weekday_pattern_kept",
               .direction = Direction::kAgainst,
               .weight = 0.25,
               .begin = when,
               .end = curve.End(),
               .numbers = numbers});
  }
}

// The last year against the year before, on months seen in both.
void YearOverYear(const Curve& curve) {
  if (!HasCalendar(curve.series.cadence) || curve.rates.empty()) return;
  const double end = curve.rates.back().begin;
  const double year = 365 * kSecondsPerDay;
  const auto mean = [&](double from, double to, double& days) {
    double sum = 0;
    days = 0;
    for (const numerics::Rate& rate : curve.rates) {
      if (rate.begin <= from || rate.begin > to) continue;
      sum += rate.per_day * rate.days;
      days += rate.days;
    }
    return days > 0 ? sum / days : 0;
  };
  double days_last = 0;
  double days_before = 0;
  const double last = mean(end - year, end, days_last);
  const double before = mean(end - 2 * year, end - year, days_before);
  if (days_last < 180 || days_before < 180 || before <= 0) return;
  const double ratio = last / before;
  if (ratio < 0.85 || ratio > 1.3) return;
  curve.Add({.code = "steady_year",
             .direction = Direction::kAgainst,
             .weight = 0.35,
             .begin = end - year,
             .end = end,
             .numbers = {{"last_year_kwh_per_day", last}, {"year_before_kwh_per_day", before}}});
}

// A gap that ends or begins within days of the change: a meter exchange or a fault is a plain explanation.
void GapAtChange(const Curve& curve) {
  if (!curve.drop) return;
  const double near = 10 * kSecondsPerDay;
  for (const Streak& gap : curve.evidence.gaps) {
    const double time = curve.evidence.change->time;
    if (time < gap.begin - near || time > gap.end + near) continue;
    curve.Add({.code = "gap_at_change",
               .direction = Direction::kAgainst,
               .weight = 0.35,
               .begin = gap.begin,
               .end = gap.end,
               .numbers = {{"missing_readings", static_cast<double>(gap.readings)}}});
    return;
  }
}

// Zeros in the same season of several years speak for a seasonal site.
void SeasonalAbsence(const Curve& curve) {
  const auto& streaks = curve.evidence.zero_streaks;
  if (streaks.size() < 2 || !HasCalendar(curve.series.cadence)) return;
  const auto day_of_year = [](double time) { return std::fmod(time / kSecondsPerDay, 365.25); };
  const double first = day_of_year(streaks[0].begin);
  const double second = day_of_year(streaks[1].begin);
  const double apart = std::min(std::fabs(first - second), 365.25 - std::fabs(first - second));
  const double years_apart = std::fabs(streaks[0].begin - streaks[1].begin) / (365.25 * kSecondsPerDay);
  if (apart > 45 || years_apart < 0.75) return;
  curve.Add({.code = "seasonal_absence",
             .direction = Direction::kAgainst,
             .weight = 0.45,
             .begin = std::min(streaks[0].begin, streaks[1].begin),
             .end = std::max(streaks[0].end, streaks[1].end),
             .numbers = {},
             .dates = {{"first", std::min(streaks[0].begin, streaks[1].begin)},
                       {"second", std::max(streaks[0].begin, streaks[1].begin)}}});
}

void FewReadings(const Curve& curve) {
  const double share = curve.evidence.observed_share;
  if (share >= 0.6) return;
  curve.Add({.code = "few_readings",
             .direction = Direction::kAgainst,
             .weight = 0.3,
             .begin = curve.Begin(),
             .end = curve.End(),
             .numbers = {{"observed_share", share}}});
}

void NoChange(const Curve& curve) {
  if (curve.evidence.change || curve.rates.size() < 30) return;
  curve.Add({.code = "no_change",
             .direction = Direction::kAgainst,
             .weight = 0.3,
             .begin = curve.Begin(),
             .end = curve.End(),
             .numbers = {{"mean_kwh_per_day", curve.evidence.mean_per_day}}});
}

}  // namespace

void AddFindings(const SeriesView& consumption, Rates rates, const numerics::Season& season, bool drop,
                 Evidence& evidence) {
  const Curve curve{.series = consumption, .rates = rates, .season = season, .drop = drop, .evidence = evidence};
  LevelDrop(curve);
  MissingEnergyFinding(curve);
  ZeroStreaks(curve);
  FlatReadings(curve);
  WeekdayRhythm(curve);
  YearOverYear(curve);
  GapAtChange(curve);
  SeasonalAbsence(curve);
  FewReadings(curve);
  NoChange(curve);
  std::stable_sort(evidence.findings.begin(), evidence.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.weight > b.weight; });
}

}  // namespace meterhound::explain
