// Evidence from one load curve: what changed, when, and how much energy that is.
#include "explain/evidence.h"

#include <algorithm>
#include <cmath>

#include "explain/findings.h"
#include "numerics/change_point.h"
#include "numerics/season.h"

namespace meterhound::explain {
namespace {

constexpr double kClear = 4;  // standard errors from which a change is named
constexpr std::size_t kMostStreaks = 5;
constexpr double kBackToOldLevel = 0.85;  // share of the old level that counts as recovered
constexpr double kBlockDays = 30;         // blocks whose means say how far a level may be off

std::size_t LeastReadings(std::size_t readings) { return std::max<std::size_t>(readings < 60 ? 4 : 14, readings / 30); }

// Rates without the usual season, so that winter is not a change.
std::vector<double> Deseasonalise(std::span<const numerics::Rate> rates, const numerics::Season& season) {
  std::vector<double> values;
  values.reserve(rates.size());
  for (const numerics::Rate& rate : rates)
    values.push_back(season.known ? rate.per_day / season.At(rate.begin) : rate.per_day);
  return values;
}

double WeightedMean(std::span<const numerics::Rate> rates) {
  double sum = 0;
  double days = 0;
  for (const numerics::Rate& rate : rates) {
    sum += rate.per_day * rate.days;
    days += rate.days;
  }
  return days > 0 ? sum / days : 0;
}

// A rise back to the level before an earlier drop is the end of that drop, which is then the change to speak of.
std::optional<numerics::ChangePoint> DropEndedBy(const numerics::ChangePoint& rise, std::span<const double> values,
                                                 std::size_t least) {
  const auto drop = numerics::FindChangePoint(values.first(rise.at), least);
  if (!drop || drop->strength < kClear || drop->after >= drop->before) return std::nullopt;
  return rise.after >= kBackToOldLevel * drop->before ? drop : std::nullopt;
}

std::optional<LevelChange> FindChange(std::span<const numerics::Rate> rates, std::span<const double> values) {
  const std::size_t least = LeastReadings(values.size());
  auto found = numerics::FindChangePoint(values, least);
  if (!found || found->strength < kClear) return std::nullopt;
  if (found->after > found->before) found = DropEndedBy(*found, values, least).value_or(*found);
  LevelChange change{.time = rates[found->at].begin,
                     .earliest = rates[found->earliest].begin,
                     .latest = rates[found->latest].begin,
                     .before_per_day = WeightedMean(rates.first(found->at)),
                     .after_per_day = WeightedMean(rates.subspan(found->at)),
                     .strength = found->strength,
                     .recovered = {}};
  // A later return to the old level ends what the change began.
  if (const auto back = numerics::FindChangePoint(values.subspan(found->at), least);
      back && back->strength >= kClear && found->after < found->before &&
      back->after >= kBackToOldLevel * found->before && back->before < back->after) {
    change.recovered = rates[found->at + back->at].begin;
    change.after_per_day = WeightedMean(rates.subspan(found->at, back->at));
  }
  return change;
}

// How far the mean level before the change may be off: two standard errors over blocks of a month.
double LevelUncertainty(std::span<const numerics::Rate> before, std::span<const double> values) {
  std::vector<double> blocks;
  for (std::size_t begin = 0; begin < before.size();) {
    double sum = 0;
    double days = 0;
    std::size_t end = begin;
    for (; end < before.size() && before[end].begin < before[begin].begin + kBlockDays * kSecondsPerDay; ++end) {
      sum += values[end] * before[end].days;
      days += before[end].days;
    }
    blocks.push_back(sum / days);
    begin = end;
  }
  const auto count = static_cast<double>(blocks.size());
  double mean = 0;
  for (const double block : blocks) mean += block / count;
  double square = 0;
  for (const double block : blocks) square += (block - mean) * (block - mean);
  // Two blocks say little about their own spread: at least a tenth of the level stays open.
  const double spread = blocks.size() > 1 ? 2 * std::sqrt(square / (count - 1) / count) : std::fabs(mean) / 2;
  return std::max(spread, 0.1 * std::fabs(mean));
}

// Expected less metered over observed readings from the change to the recovery or the end.
std::optional<Estimate> MissingEnergy(const LevelChange& change, std::span<const numerics::Rate> rates,
                                      std::span<const double> values, const numerics::Season& season) {
  const auto split = static_cast<std::size_t>(
      std::lower_bound(rates.begin(), rates.end(), change.time,
                       [](const numerics::Rate& rate, double time) { return rate.begin < time; }) -
      rates.begin());
  double level = 0;
  double days = 0;
  for (std::size_t i = 0; i < split; ++i) {
    level += values[i] * rates[i].days;
    days += rates[i].days;
  }
  if (days <= 0) return std::nullopt;
  level /= days;
  const double uncertainty = LevelUncertainty(rates.first(split), values.first(split));
  Estimate missing;
  for (std::size_t i = split; i < rates.size(); ++i) {
    if (change.recovered && rates[i].begin >= *change.recovered) break;
    const double factor = season.known ? season.At(rates[i].begin) : 1;
    const auto gap = [&](double expected) { return (expected * factor - rates[i].per_day) * rates[i].days; };
    missing.value += gap(level);
    missing.low += gap(level - uncertainty);
    missing.high += gap(level + uncertainty);
  }
  missing.low = std::max(0.0, missing.low);
  if (missing.value <= 0) return std::nullopt;
  return missing;
}

template <typename Same>
std::vector<Streak> FindStreaks(const SeriesView& series, std::size_t least, const Same& in_streak) {
  std::vector<Streak> streaks;
  for (std::size_t i = 0; i < series.size();) {
    if (!in_streak(i)) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < series.size() && in_streak(end)) ++end;
    if (end - i >= least)
      streaks.push_back({.begin = series.times[i], .end = series.times[end - 1], .readings = end - i});
    i = end;
  }
  std::stable_sort(streaks.begin(), streaks.end(),
                   [](const Streak& a, const Streak& b) { return a.readings > b.readings; });
  if (streaks.size() > kMostStreaks) streaks.resize(kMostStreaks);
  return streaks;
}

}  // namespace

Evidence FindEvidence(const SeriesView& consumption, const EvidenceOptions& options) {
  Evidence evidence;
  if (consumption.size() == 0) return evidence;
  const auto observed = static_cast<double>(std::count(consumption.missing.begin(), consumption.missing.end(), 0));
  evidence.observed_share = observed / static_cast<double>(consumption.size());
  const std::size_t a_week = static_cast<std::size_t>(std::max(3, 7 * ReadingsPerDay(consumption.cadence)));
  evidence.gaps = FindStreaks(consumption, a_week, [&](std::size_t i) { return consumption.missing[i] != 0; });
  evidence.zero_streaks = FindStreaks(
      consumption, a_week, [&](std::size_t i) { return consumption.missing[i] == 0 && consumption.values[i] == 0; });

  std::vector<numerics::Rate> rates;
  numerics::DailyRates(consumption, rates);
  evidence.mean_per_day = WeightedMean(rates);
  const bool calendar = HasCalendar(consumption.cadence);
  const numerics::Season season = calendar ? numerics::EstimateSeason(rates) : numerics::EstimateSeason({});
  const std::vector<double> values = Deseasonalise(rates, season);
  evidence.change = FindChange(rates, values);
  const bool drop =
      evidence.change && evidence.change->after_per_day < (1 - options.minimum_drop) * evidence.change->before_per_day;
  if (drop) {
    evidence.missing_kwh = MissingEnergy(*evidence.change, rates, values, season);
    if (evidence.missing_kwh) {
      const Estimate& kwh = *evidence.missing_kwh;
      evidence.missing_money =
          Estimate{kwh.value * options.tariff, kwh.low * options.tariff, kwh.high * options.tariff};
    }
  }
  AddFindings(consumption, rates, season, drop, evidence);
  return evidence;
}

}  // namespace meterhound::explain
