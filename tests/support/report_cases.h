// Cases with load curves of every story that findings tell, drawn from a seed, for the tests of reports.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "explain/evidence.h"
#include "numerics/random.h"
#include "report/case.h"

namespace meterhound::report {

inline constexpr double kFirstDay = 16071;  // 2014-01-01

/// A daily curve with a weekly rhythm, and one story in it; `steps` leaves the calendar away.
inline CaseSeries DrawSeries(std::uint64_t seed, Cadence cadence) {
  numerics::Random random(seed);
  CaseSeries series{.kind = "value", .unit = "kWh", .cadence = cadence, .times = {}, .values = {}, .missing = {}};
  const std::size_t days = 500 + random.Below(500);
  const double level = 2 + 30 * random.Uniform();
  const double rhythm = 0.5 * random.Uniform();
  for (std::size_t day = 0; day < days; ++day) {
    const double unit = HasCalendar(cadence) ? kSecondsPerDay : 1;
    series.times.push_back((HasCalendar(cadence) ? kFirstDay + static_cast<double>(day) : static_cast<double>(day)) *
                           unit);
    const double weekend = day % 7 < 2 ? 1 + rhythm : 1 - 0.4 * rhythm;
    series.values.push_back(std::round(100 * level * weekend * (0.9 + 0.2 * random.Uniform())) / 100);
    series.missing.push_back(random.Bernoulli(0.02) ? 1 : 0);
  }
  const auto story = random.Below(9);
  const std::size_t from = days / 3 + random.Below(days / 3);
  const std::size_t until = story % 2 == 0 ? days : from + (days - from) / 2;
  const double factor = 0.1 + 0.4 * random.Uniform();
  for (std::size_t day = from; day < until; ++day) {
    if (story < 4) series.values[day] *= factor;                                      // a drop, lasting or not
    if (story == 2) series.values[day] = level * factor;                              // and without its rhythm
    if (story == 4) series.values[day] *= 1.8;                                        // a rise
    if (story == 5 && day < from + 40) series.values[day] = 0;                        // zeros for a while
    if (story == 6) series.values[day] = 0;                                           // zeros to the end
    if (story == 7 && day < from + 30) series.values[day] = std::round(level) + 0.5;  // flat
    if (story == 8) series.missing[day] = random.Bernoulli(0.9) ? 1 : 0;              // hardly read
  }
  if (story == 3) {
    for (std::size_t day = from - 25; day < from; ++day) series.missing[day] = 1;  // beside a gap
  }
  if (story == 5) {
    for (std::size_t day = (from + 365) % days; day < std::min(days, (from + 365) % days + 20); ++day) {
      series.values[day] = 0;  // again a year later, or long before
    }
  }
  return series;
}

inline Case DrawCase(std::uint64_t seed) {
  numerics::Random random(seed, 1);
  Case one;
  one.rank = 1 + random.Below(900);
  one.consumer_id = "C" + std::to_string(100000 + seed);
  one.probability = random.Uniform();
  one.tier = one.probability > 0.6 ? "high" : one.probability > 0.3 ? "medium" : "low";
  one.anomaly_score = random.Uniform();
  if (seed % 5 == 3) {
    const char* const signs[] = {"equal_readings", "near_highest", "halvings", "zeros"};
    one.sign = signs[random.Below(4)];
    one.sign_one_in = 20 + static_cast<double>(random.Below(3000));
  }
  one.series = DrawSeries(seed, seed % 11 == 0 ? Cadence::kSteps : Cadence::kDaily);
  one.evidence = explain::FindEvidence({one.series.values, one.series.missing, one.series.times, one.series.cadence},
                                       {.tariff = seed % 7 == 0 ? 0 : 0.15});
  one.explanation.strongest = {
      {.feature = "value__mean", .value = 9 * random.Uniform(), .category = {}, .log_odds = random.Uniform() - 0.3},
      {.feature = "value__quantile__q_0.1", .value = random.Uniform(), .category = {}, .log_odds = 0.2},
      {.feature = "attribute__tariff_class", .value = 2, .category = "low voltage", .log_odds = -0.1}};
  return one;
}

inline RunReport DrawRun() {
  RunReport run;
  run.title = "town.csv";
  run.version = "1";
  run.consumers = 1234;
  run.currency = "EUR";
  run.tariff = 0.15;
  return run;
}

}  // namespace meterhound::report
