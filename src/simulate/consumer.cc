// Levels, seasons, weather, weeks, holidays, growth, absences and noise, each consumer with its own share of each.
#include "simulate/consumer.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/calendar.h"

namespace meterhound::simulate {
namespace {

constexpr double kDaysAYear = 365.25;

/// What one consumer is like.
struct Profile {
  double level;          // kWh a day in mild weather
  double heating;        // share of the level a degree below 12 C
  double cooling;        // share of the level a degree above 22 C
  double weekday[7];     // factors
  double holiday;        // factor
  double growth;         // log a year
  double noise;          // standard deviation of log use
  double persistence;    // of the noise, day to day
  double absences;       // a year
  double absent_factor;  // of use while away
  double long_absence;   // probability a year of being away for months
};

Profile DrawProfile(numerics::Random& random) {
  Profile p{};
  const double kind = random.Uniform();
  const bool household = kind < 0.82;
  const bool shop = !household && kind < 0.96;
  const double typical = household ? 5.5 : shop ? 14 : 70;
  p.level = typical * std::exp(random.Normal() * (household ? 0.75 : 0.95));
  p.heating = random.Bernoulli(household ? 0.45 : 0.3) ? random.Gamma(1.2, 0.02) : 0.003;
  p.cooling = random.Bernoulli(household ? 0.75 : 0.8) ? random.Gamma(1.6, 0.045) : 0.005;
  const double weekend = household ? std::exp(0.05 + 0.1 * random.Normal()) : random.Uniform(0.3, 1.1);
  for (int day = 0; day < 7; ++day) p.weekday[day] = std::exp(0.04 * random.Normal()) * (day >= 5 ? weekend : 1);
  if (!household && random.Bernoulli(0.3)) p.weekday[6] *= random.Uniform(0.05, 0.3);
  p.holiday = household ? random.Uniform(0.5, 1.5) : random.Uniform(0.2, 0.9);
  p.growth = 0.03 + 0.14 * random.Normal();
  p.noise = random.Uniform(0.15, household ? 0.5 : 0.35);
  p.persistence = random.Uniform(0.3, 0.85);
  p.absences = random.Exponential(household ? 2.0 : 0.7);
  p.absent_factor = random.Bernoulli(0.4) ? 0 : random.Uniform(0.02, 0.25);
  p.long_absence = random.Bernoulli(0.16) ? random.Uniform(0.3, 1.2) : 0.02;
  return p;
}

}  // namespace

Town MakeTown(std::int64_t first_day, std::size_t days, std::uint64_t seed) {
  constexpr std::uint64_t kWeatherStream = 0x77656174686572;  // away from the consumers' streams
  numerics::Random random(seed, kWeatherStream);
  Town town{.first_day = first_day, .temperature = {}, .weekday = {}, .holiday = {}};
  double deviation = 0;
  for (std::size_t i = 0; i < days; ++i) {
    const std::int64_t day = first_day + static_cast<std::int64_t>(i);
    deviation = 0.8 * deviation + 2.2 * random.Normal();
    const double season = -std::cos(2 * std::numbers::pi * static_cast<double>(day - 15) / kDaysAYear);
    town.temperature.push_back(16 + 12 * season + deviation);
    town.weekday.push_back(static_cast<std::uint8_t>(WeekdayOf(day)));
    const CivilDate date = CivilFromDays(day);
    const bool winter_festival = date.month == 2 && date.day >= 5 && date.day <= 13;
    const bool october = date.month == 10 && date.day <= 7;
    town.holiday.push_back(winter_festival || october ? 1 : 0);
  }
  return town;
}

void SimulateConsumer(const Town& town, numerics::Random& random, std::span<double> readings) {
  const Profile p = DrawProfile(random);
  const double innovation = p.noise * std::sqrt(1 - p.persistence * p.persistence);
  double noise = p.noise * random.Normal();
  double away = 0;  // days left of an absence
  double drift = 0;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    noise = p.persistence * noise + innovation * random.Normal();
    drift += 0.004 * random.Normal();
    const double degrees = town.temperature[i];
    const double weather = 1 + p.heating * std::max(0.0, 12 - degrees) + p.cooling * std::max(0.0, degrees - 22);
    double use = p.level * weather * p.weekday[town.weekday[i]];
    if (town.holiday[i] != 0) use *= p.holiday;
    use *= std::exp(p.growth * static_cast<double>(i) / kDaysAYear + drift + noise - p.noise * p.noise / 2);
    if (away <= 0) {
      if (random.Bernoulli(p.absences / kDaysAYear)) away = 2 + random.Exponential(5);
      if (random.Bernoulli(p.long_absence / kDaysAYear)) away = random.Uniform(30, 200);
    }
    if (away > 0) {
      use *= p.absent_factor;
      away -= 1;
    }
    readings[i] = use;
  }
}

}  // namespace meterhound::simulate
