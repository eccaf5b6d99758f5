// Puts habits, day shapes, twins, attacks, faults and gaps together, each from its own stream of random numbers.
#include "simulate/consumer.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/hashing.h"
#include "simulate/gap_process.h"
#include "simulate/half_hours.h"
#include "simulate/meter_faults.h"

namespace meterhound::simulate {
namespace {

LoadProfile ProfileOf(std::size_t consumer, Role role, std::uint64_t seed) {
  numerics::Random random(SeedOf(seed, Stream::kProfile, consumer));
  return DrawProfile(random, role == Role::kTheft);
}

/// Readings without twin, attack, fault or gap.
std::vector<double> PlainReadings(std::size_t consumer, Role role, const Town& town, std::uint64_t seed) {
  std::vector<double> daily = DailyUseOf(consumer, role, town, seed);
  if (town.per_day == 1) return daily;
  numerics::Random random(SeedOf(seed, Stream::kShape, consumer));
  const DayShape shape = DrawDayShape(ProfileOf(consumer, role, seed).trade, random);
  std::vector<double> readings(town.readings());
  SpreadOverDay(shape, town, daily, random, readings);
  return readings;
}

double Sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// The day number of a day of the span; days before the first count back from it, days past the last on from it.
std::int64_t DayNumber(const Town& town, std::int64_t day) {
  if (day < 0) return town.days.front() + day;
  const auto last = static_cast<std::int64_t>(town.days.size()) - 1;
  if (day > last) return town.days.back() + day - last;
  return town.days[static_cast<std::size_t>(day)];
}

void CarryOutAttacks(const Plan& plan, const RoleDealer& roles, const Town& town, std::uint64_t seed,
                     Consumer& consumer) {
  numerics::Random random(SeedOf(seed, Stream::kAttackNoise, plan.consumer));
  for (const Attack& attack : plan.attacks) {
    std::vector<double> other;
    if (attack.number == kSwap && plan.partner) {
      other = PlainReadings(*plan.partner, roles.RoleOf(*plan.partner), town, seed);
    }
    const double taken = ApplyAttack(attack, town.per_day, consumer.metered, other, random);
    TruthAttack truth{
        .number = attack.number, .start_day = DayNumber(town, attack.start), .stop_day = {}, .kwh_taken = taken};
    if (attack.stopped) truth.stop_day = DayNumber(town, static_cast<std::int64_t>(attack.end));
    consumer.truth.attacks.push_back(truth);
    consumer.truth.kwh_taken += taken;
  }
}

/// The victim of a swap is metered by what the thief uses.
void SufferSwap(const Plan& plan, const RoleDealer& roles, const Town& town, std::uint64_t seed, Consumer& consumer) {
  const std::vector<double> thief = PlainReadings(*plan.partner, roles.RoleOf(*plan.partner), town, seed);
  const auto per_day = static_cast<std::ptrdiff_t>(town.per_day);
  const auto from = static_cast<std::ptrdiff_t>(plan.swapped->begin) * per_day;
  const auto to = static_cast<std::ptrdiff_t>(plan.swapped->end) * per_day;
  std::copy(thief.begin() + from, thief.begin() + to, consumer.metered.begin() + from);
  consumer.truth.kind = "twin";
  consumer.truth.twin = kSwapVictim;
  consumer.truth.twin_day = DayNumber(town, plan.swapped->start);
}

void MarkMissing(const Plan& plan, const Town& town, const SimulationOptions& options, Consumer& consumer) {
  std::vector<std::uint8_t> days(town.days.size(), 0);
  consumer.missing.assign(town.readings(), 0);
  if (!options.gaps) return;
  numerics::Random random(SeedOf(options.seed, Stream::kGaps, plan.consumer));
  LoseDays(town, plan.role == Role::kTheft, random, days);
  if (plan.twin)
    std::fill_n(days.begin() + static_cast<std::ptrdiff_t>(plan.twin->begin), plan.twin->unread, std::uint8_t{1});
  LoseReadings(town, days, random, consumer.missing);
}

void File(const Plan& plan, const Town& town, const SimulationOptions& options, Consumer& consumer) {
  consumer.filed = consumer.metered;
  if (options.faults) {
    numerics::Random random(SeedOf(options.seed, Stream::kFaults, plan.consumer));
    AddFaults(town, random, consumer.filed);
  }
  for (std::size_t i = 0; i < consumer.filed.size(); ++i) {
    double& x = consumer.filed[i];
    x = consumer.missing[i] ? std::numeric_limits<double>::quiet_NaN() : std::round(x * 100) / 100;
    if (!consumer.missing[i]) consumer.truth.kwh_taken_observed += consumer.used[i] - consumer.metered[i];
  }
}

}  // namespace

std::string ConsumerId(std::uint64_t seed, std::size_t consumer) {
  std::string id =
      Sha256Hex("meterhound town " + std::to_string(seed) + " consumer " + std::to_string(consumer)).substr(0, 28);
  std::transform(id.begin(), id.end(), id.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return std::string(kIdPrefix) + id;
}

Plan MakePlan(std::size_t consumer, Role role, const SimulationOptions& options) {
  Plan plan{.consumer = consumer, .role = role, .attacks = {}, .twin = {}, .partner = {}, .swapped = {}};
  if (role == Role::kTheft) {
    numerics::Random random(SeedOf(options.seed, Stream::kAttack, consumer));
    plan.attacks.push_back(DrawAttack(DrawAttackNumber(options.attack_weights, random), options.days, options, random));
    if (random.Bernoulli(options.mixture_share)) {
      const int second = DrawAttackNumber(options.attack_weights, random);
      const Attack attack = DrawAttack(second, options.days, options, random);
      // The neighbour's meter knows nothing of a second trick, and the same trick twice is no mixture.
      if (second != kSwap && plan.attacks.front().number != kSwap && second != plan.attacks.front().number) {
        plan.attacks.push_back(attack);
      }
    }
  } else if (role == Role::kTwin) {
    numerics::Random random(SeedOf(options.seed, Stream::kTwin, consumer));
    plan.twin = DrawTwin(options.days, random);
  }
  return plan;
}

std::vector<double> DailyUseOf(std::size_t consumer, Role role, const Town& town, std::uint64_t seed) {
  const LoadProfile profile = ProfileOf(consumer, role, seed);
  numerics::Random random(SeedOf(seed, Stream::kUse, consumer));
  std::vector<double> use(town.days.size());
  DrawDailyUse(profile, town, random, use);
  return use;
}

Consumer MakeConsumer(const Plan& plan, const RoleDealer& roles, const Town& town, const SimulationOptions& options) {
  Consumer consumer;
  consumer.truth.consumer = ConsumerId(options.seed, plan.consumer);
  consumer.used = PlainReadings(plan.consumer, plan.role, town, options.seed);
  if (plan.twin) {
    ApplyTwin(*plan.twin, town, consumer.used);
    consumer.truth.kind = "twin";
    consumer.truth.twin = TwinName(plan.twin->kind);
    consumer.truth.twin_day = DayNumber(town, static_cast<std::int64_t>(plan.twin->begin));
  }
  consumer.metered = consumer.used;
  if (plan.partner) consumer.truth.partner = ConsumerId(options.seed, *plan.partner);
  if (plan.swapped) SufferSwap(plan, roles, town, options.seed, consumer);
  if (plan.role == Role::kTheft) {
    consumer.truth.kind = "theft";
    CarryOutAttacks(plan, roles, town, options.seed, consumer);
  }
  consumer.truth.kwh_used = Sum(consumer.used);
  MarkMissing(plan, town, options, consumer);
  File(plan, town, options, consumer);
  if (plan.role != Role::kTheft)
    consumer.truth.kwh_taken_observed = 0;  // a victim is billed for more; it takes nothing
  return consumer;
}

}  // namespace meterhound::simulate
