// One function a finding; each looks at observed readings only and says nothing that they do not show.
#include "explain/findings.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"

namespace meterhound::explain {
namespace {

using Rates = std::span<const numerics::Rate>;

constexpr double kWeekdayGone = 0.4;    // share of the weekly pattern left that counts as lost
constexpr double kWeekdayClear = 0.15;  // strength of a weekly pattern worth speaking of

// Energy with a sensible precision: 3 significant digits from 1 to 100, whole numbers above.
std::string Energy(double kwh) { return Decimal(kwh, std::fabs(kwh) >= 100 ? 0 : std::fabs(kwh) >= 10 ? 1 : 2); }

std::string When(double time, Cadence cadence) {
  return HasCalendar(cadence) ? FormatDate(time) : "step " + Decimal(time, 0);
}

std::string Unit(Cadence cadence) { return HasCalendar(cadence) ? " kWh a day" : " kWh a reading"; }

std::string Plural(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// The parts every finding function needs.
struct Curve {
  const SeriesView& series;
  Rates rates;
  const numerics::Season& season;
  bool drop;
  Evidence& evidence;

  void Add(Finding finding) const { evidence.findings.push_back(std::move(finding)); }
  std::string Date(double time) const { return When(time, series.cadence); }
  double Begin() const { return series.times.front(); }
  double End() const { return series.times.back(); }
};

void LevelDrop(const Curve& curve) {
  const auto& change = curve.evidence.change;
  if (!change) return;
  const double share = change->before_per_day != 0 ? 1 - change->after_per_day / change->before_per_day : 0;
  if (curve.drop) {
    std::string sentence = "From " + curve.Date(change->time) + " on, metered use fell from " +
                           Energy(change->before_per_day) + " to " + Energy(change->after_per_day) +
                           Unit(curve.series.cadence) + ", " + Percent(share) + " less";
    if (change->recovered) sentence += ", until " + curve.Date(*change->recovered);
    sentence += "; this is consistent with energy passing the meter by, and with a change in the use of the premises.";
    curve.Add({.code = "level_drop",
               .direction = Direction::kFor,
               .weight = std::min(1.0, 0.4 + 0.6 * share),
               .begin = change->time,
               .end = change->recovered.value_or(curve.End()),
               .numbers = {{"before_kwh_per_day", change->before_per_day},
                           {"after_kwh_per_day", change->after_per_day},
                           {"drop_share", share}},
               .sentence = sentence});
  } else if (change->after_per_day > change->before_per_day && change->before_per_day > 0) {
    curve.Add(
        {.code = "level_rise",
         .direction = Direction::kAgainst,
         .weight = 0.4,
         .begin = change->time,
         .end = curve.End(),
         .numbers = {{"before_kwh_per_day", change->before_per_day}, {"after_kwh_per_day", change->after_per_day}},
         .sentence = "Metered use rose from " + Energy(change->before_per_day) + " to " +
                     Energy(change->after_per_day) + Unit(curve.series.cadence) + " around " +
                     curve.Date(change->time) + "; recent readings are not low for this consumer."});
  }
  if (curve.drop && change->recovered) {
    curve.Add({.code = "recovered",
               .direction = Direction::kAgainst,
               .weight = 0.3,
               .begin = *change->recovered,
               .end = curve.End(),
               .numbers = {},
               .sentence = "The earlier level came back by " + curve.Date(*change->recovered) + "."});
  }
}

void MissingEnergyFinding(const Curve& curve) {
  const auto& missing = curve.evidence.missing_kwh;
  if (!missing || !curve.evidence.change) return;
  curve.Add({.code = "missing_energy",
             .direction = Direction::kFor,
             .weight = 0.6,
             .begin = curve.evidence.change->time,
             .end = curve.evidence.change->recovered.value_or(curve.End()),
             .numbers = {{"missing_kwh", missing->value},
                         {"missing_kwh_low", missing->low},
                         {"missing_kwh_high", missing->high}},
             .sentence = "Against the earlier level, about " + Decimal(missing->value, 0) + " kWh (" +
                         Decimal(missing->low, 0) + " to " + Decimal(missing->high, 0) +
                         ") were not metered on the days that were read."});
}

void ZeroStreaks(const Curve& curve) {
  const auto& streaks = curve.evidence.zero_streaks;
  if (streaks.empty()) return;
  const Streak& longest = streaks.front();
  const bool to_the_end = longest.end == curve.End();
  const auto readings = static_cast<double>(longest.readings);
  curve.Add({.code = "zero_streak",
             .direction = Direction::kFor,
             .weight = std::min(0.8, 0.2 + readings / static_cast<double>(curve.series.size())),
             .begin = longest.begin,
             .end = longest.end,
             .numbers = {{"zero_readings", readings}},
             .sentence = "The meter read zero " + Plural(longest.readings, "time") + " in a row, from " +
                         curve.Date(longest.begin) +
                         (to_the_end ? " to the last reading" : " to " + curve.Date(longest.end)) +
                         "; an occupied site seldom uses nothing at all."});
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
             .numbers = {{"same_readings", static_cast<double>(longest.readings)}, {"kwh", level}},
             .sentence = Plural(longest.readings, "reading") + " in a row were exactly " + Energy(level) + " kWh (" +
                         curve.Date(longest.begin) + " to " + curve.Date(longest.end) +
                         "); real use varies. Estimated or replaced readings would also look like this."});
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
               .numbers = numbers,
               .sentence = "Use differed between weekdays by " + Percent(before) + " before " + curve.Date(when) +
                           " and by " + Percent(after) + " since; the weekly rhythm is largely gone."});
  } else if (after > 0.75 * before) {
    curve.Add({.code = "weekday_pattern_kept",
               .direction = Direction::kAgainst,
               .weight = 0.25,
               .begin = when,
               .end = curve.End(),
               .numbers = numbers,
               .sentence = "The weekly rhythm stayed (" + Percent(before) + " before, " + Percent(after) + " after " +
                           curve.Date(when) + ")."});
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
             .numbers = {{"last_year_kwh_per_day", last}, {"year_before_kwh_per_day", before}},
             .sentence = "The last twelve months (" + Energy(last) + Unit(curve.series.cadence) +
                         ") are close to the twelve before (" + Energy(before) + ")."});
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
               .numbers = {{"missing_readings", static_cast<double>(gap.readings)}},
               .sentence = "The change lies beside a gap of " + Plural(gap.readings, "missing reading") + " (" +
                           curve.Date(gap.begin) + " to " + curve.Date(gap.end) +
                           "); an exchanged or repaired meter is a plain explanation. Check the meter's history."});
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
             .sentence = "The zeros come in the same season of different years (" + curve.Date(streaks[0].begin) +
                         " and " + curve.Date(streaks[1].begin) + "), as at a holiday home or a seasonal business."});
}

void FewReadings(const Curve& curve) {
  const double share = curve.evidence.observed_share;
  if (share >= 0.6) return;
  curve.Add(
      {.code = "few_readings",
       .direction = Direction::kAgainst,
       .weight = 0.3,
       .begin = curve.Begin(),
       .end = curve.End(),
       .numbers = {{"observed_share", share}},
       .sentence = "Only " + Percent(share) + " of the readings exist; what the missing ones would show is unknown."});
}

void NoChange(const Curve& curve) {
  if (curve.evidence.change || curve.rates.size() < 30) return;
  curve.Add({.code = "no_change",
             .direction = Direction::kAgainst,
             .weight = 0.3,
             .begin = curve.Begin(),
             .end = curve.End(),
             .numbers = {{"mean_kwh_per_day", curve.evidence.mean_per_day}},
             .sentence = "No lasting change of level stands out; use is about " + Energy(curve.evidence.mean_per_day) +
                         Unit(curve.series.cadence) + " throughout."});
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
