// Weather with memory, moving holidays and shared outages, one value a day.
#include "simulate/town.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "numerics/random.h"

namespace meterhound::simulate {
namespace {

constexpr CivilDate kAbsentDay = {2016, 9, 18};
constexpr double kArchiveShare = 730.0 / 1034;  // SGCC: 2014 and 2015 are the archive, 2016 is not
constexpr double kMildFrom = 14;                // degrees Celsius: nobody heats above, nobody cools below kMildTo
constexpr double kMildTo = 23;

double YearPhase(std::int64_t day) {
  const std::int64_t new_year = DaysFromCivil({CivilFromDays(day).year, 1, 1});
  return 2 * std::numbers::pi * static_cast<double>(day - new_year) / 365.25;
}

/// How near a day is to the festival: homes fill or empty some days before and come back some days after.
double FestivalWeight(std::int64_t day) {
  const std::int64_t after = day - SpringFestival(CivilFromDays(day).year);
  if (after >= -1 && after <= 6) return 1;
  if (after >= -6 && after < -1) return static_cast<double>(after + 7) / 6;
  if (after > 6 && after <= 14) return static_cast<double>(15 - after) / 9;
  return 0;
}

bool IsHoliday(std::int64_t day) {
  const CivilDate date = CivilFromDays(day);
  return date.month == 7 || date.month == 8 || (date.month == 10 && date.day <= 7);
}

/// Temperature follows the year, with spells of some days (an autoregression), and buildings follow it with a day's
/// lag.
void AddWeather(Town& town, numerics::Random& random) {
  constexpr double kKeep = 0.78;
  constexpr double kSpread = 3.2;
  double anomaly = kSpread * random.Normal();
  double felt = 0;
  for (std::size_t d = 0; d < town.days.size(); ++d) {
    const double phase = YearPhase(town.days[d]);
    anomaly = kKeep * anomaly + kSpread * std::sqrt(1 - kKeep * kKeep) * random.Normal();
    const double temperature = 16.5 - 12.5 * std::cos(phase - 0.34) + anomaly;
    felt = d == 0 ? temperature : 0.4 * felt + 0.6 * temperature;
    town.heating.push_back(std::max(0.0, kMildFrom - felt) / 9);
    town.cooling.push_back(std::max(0.0, felt - kMildTo) / 6);
    const double cloud = std::min(1.0, std::max(0.0, 0.75 + 0.3 * random.Normal() + 0.02 * anomaly));
    town.sunshine.push_back((0.85 - 0.35 * std::cos(phase + 0.17)) * (0.25 + cloud));
  }
}

void AddOutages(Town& town, numerics::Random& random) {
  const double months = static_cast<double>(town.days.size()) / 30;
  double month = random.Exponential(5);
  while (month < months) {
    const auto begin = static_cast<std::size_t>(month * 30);
    const std::size_t end = std::min(town.days.size(), begin + 1 + random.Below(4));
    if (begin < end) town.outages.push_back({begin, end, random.Uniform(0.02, 0.14)});
    month += random.Exponential(5);
  }
}

}  // namespace

std::uint64_t SeedOf(std::uint64_t seed, Stream stream, std::uint64_t consumer) {
  return numerics::MixSeed(numerics::MixSeed(seed, static_cast<std::uint64_t>(stream)), consumer);
}

std::int64_t SpringFestival(int year) {
  constexpr double kNewMoon = 10962.76;  // 2000-01-06 18:14 UTC, in days since 1970-01-01
  constexpr double kLunation = 29.530588853;
  constexpr double kChinaAhead = 8.0 / 24;
  const auto first = static_cast<double>(DaysFromCivil({year, 1, 21}));
  const double moons = std::ceil((first - kNewMoon - kChinaAhead) / kLunation);
  return static_cast<std::int64_t>(std::floor(kNewMoon + kChinaAhead + moons * kLunation));
}

Town BuildTown(const SimulationOptions& options) {
  Town town;
  town.per_day = ReadingsPerDay(options.cadence);
  const std::int64_t absent = DaysFromCivil(kAbsentDay);
  for (std::int64_t day = DaysFromCivil(options.first_day); town.days.size() < options.days; ++day) {
    if (options.skip_absent_day && day == absent) continue;
    town.days.push_back(day);
    town.weekend.push_back(WeekdayOf(day) >= 5 ? 1 : 0);
    town.festival.push_back(FestivalWeight(day));
    town.holiday.push_back(IsHoliday(day) ? 1 : 0);
  }
  town.archive_begin = static_cast<std::size_t>(std::llround(kArchiveShare * static_cast<double>(options.days)));
  numerics::Random random(SeedOf(options.seed, Stream::kTown, 0));
  AddWeather(town, random);
  AddOutages(town, random);
  return town;
}

}  // namespace meterhound::simulate
