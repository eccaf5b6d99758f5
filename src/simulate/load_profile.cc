// Habits drawn wide enough that honest consumers differ from each other more than theft differs from honesty.
#include "simulate/load_profile.h"

#include <algorithm>
#include <cmath>

namespace meterhound::simulate {
namespace {

constexpr double kDaysPerYear = 365.25;

double LogNormal(numerics::Random& random, double median, double spread) {
  return median * std::exp(spread * random.Normal());
}

Trade DrawTrade(numerics::Random& random, bool thief) {
  const double pick = random.Uniform();
  if (pick < (thief ? 0.03 : 0.01)) return Trade::kIndustry;
  if (pick < (thief ? 0.12 : 0.05)) return Trade::kShop;
  if (pick < (thief ? 0.14 : 0.19)) return Trade::kRarelyUsed;
  return Trade::kHousehold;
}

void DrawTradeHabits(LoadProfile& profile, numerics::Random& random) {
  switch (profile.trade) {
    case Trade::kHousehold:
      profile.level = LogNormal(random, 4.6, 0.75);
      profile.weekend = 0.02 + 0.06 * random.Normal();
      profile.festival = -0.05 + 0.35 * random.Normal();
      profile.trips = random.Exponential(1.6);
      break;
    case Trade::kShop:
      profile.level = LogNormal(random, 16, 0.85);
      profile.weekend = random.Bernoulli(0.3) ? random.Uniform(-0.8, -0.2) : 0.05 + 0.08 * random.Normal();
      profile.festival = random.Uniform(-1.6, 0.1);
      profile.trips = random.Exponential(0.4);
      break;
    case Trade::kIndustry:
      profile.level = LogNormal(random, 60, 0.9);
      profile.weekend = random.Bernoulli(0.6) ? random.Uniform(-0.7, -0.1) : 0;
      profile.festival = random.Uniform(-2.2, -0.4);
      break;
    case Trade::kRarelyUsed:
      profile.level = LogNormal(random, 1.3, 1.2);
      profile.trips = random.Exponential(1);
      break;
  }
}

/// Multiplies whole stretches: absences, and the empty months of second homes.
void LeaveEmpty(const LoadProfile& profile, const Town& town, numerics::Random& random, std::span<double> use) {
  if (profile.trade == Trade::kRarelyUsed) {
    const double empty_mean = random.Uniform(20, 220);
    const double used_mean = random.Uniform(3, 90);
    bool used = random.Bernoulli(used_mean / (used_mean + empty_mean));
    for (std::size_t d = 0; d < use.size(); used = !used) {
      const std::size_t spell = 1 + static_cast<std::size_t>(random.Exponential(used ? used_mean : empty_mean));
      const std::size_t end = std::min(use.size(), d + spell);
      if (!used)
        std::fill(use.begin() + static_cast<std::ptrdiff_t>(d), use.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
      d = end;
    }
  }
  if (profile.trips <= 0) return;
  const double between = kDaysPerYear / profile.trips;
  for (double at = random.Exponential(between); at < static_cast<double>(use.size());
       at += random.Exponential(between)) {
    auto day = static_cast<std::size_t>(at);
    const std::size_t end = std::min(use.size(), day + 2 + static_cast<std::size_t>(random.Exponential(6)));
    // Half of the trips that do not fall into holidays are not made.
    const bool made = town.holiday[day] || town.festival[day] > 0 || random.Bernoulli(0.5);
    const double left = profile.away_use * random.Uniform(0.6, 1.4);
    for (; made && day < end; ++day) use[day] *= left;
  }
}

void AddPeaks(const LoadProfile& profile, numerics::Random& random, std::span<double> use) {
  const double between = kDaysPerYear / std::max(profile.peaks, 1e-3);
  for (double at = random.Exponential(between); at < static_cast<double>(use.size());
       at += random.Exponential(between)) {
    use[static_cast<std::size_t>(at)] *= random.Uniform(1.4, 2.8);
  }
}

}  // namespace

LoadProfile DrawProfile(numerics::Random& random, bool thief) {
  LoadProfile profile;
  profile.trade = DrawTrade(random, thief);
  DrawTradeHabits(profile, random);
  if (thief) profile.level *= 2.3;
  profile.heating = random.Bernoulli(0.35) ? 0.05 * random.Uniform() : LogNormal(random, 0.30, 0.7);
  profile.cooling = random.Bernoulli(0.2) ? 0.05 * random.Uniform() : LogNormal(random, 0.50, 0.7);
  profile.growth = 0.06 + 0.16 * random.Normal();
  profile.drift_spread = LogNormal(random, 0.27, 0.6);
  profile.drift_keep = std::exp(-1 / random.Uniform(25, 120));
  profile.mood_spread = LogNormal(random, 0.16, 0.4);
  profile.mood_keep = random.Uniform(0.5, 0.85);
  profile.noise_spread = LogNormal(random, 0.13, 0.5);
  profile.changes = random.Exponential(0.5);
  profile.away_use = random.Bernoulli(0.35) ? 0.02 * random.Uniform() : random.Uniform(0.05, 0.4);
  profile.peaks = random.Exponential(3);
  return profile;
}

void DrawDailyUse(const LoadProfile& profile, const Town& town, numerics::Random& random, std::span<double> use) {
  const double drift_step = profile.drift_spread * std::sqrt(1 - profile.drift_keep * profile.drift_keep);
  const double mood_step = profile.mood_spread * std::sqrt(1 - profile.mood_keep * profile.mood_keep);
  double drift = profile.drift_spread * random.Normal();
  double mood = profile.mood_spread * random.Normal();
  double lasting = 0;
  const double between_changes = kDaysPerYear / std::max(profile.changes, 1e-3);
  double next_change = random.Exponential(between_changes);
  for (std::size_t d = 0; d < use.size(); ++d) {
    const auto day = static_cast<double>(d);
    if (day >= next_change) {
      lasting += 0.5 * random.Normal();
      next_change += random.Exponential(between_changes);
    }
    drift = profile.drift_keep * drift + drift_step * random.Normal();
    mood = profile.mood_keep * mood + mood_step * random.Normal();
    const double log_factor = lasting + drift + mood + profile.noise_spread * random.Normal() +
                              profile.growth * day / kDaysPerYear + profile.festival * town.festival[d];
    const double season = 1 + profile.heating * town.heating[d] + profile.cooling * town.cooling[d];
    const double week = town.weekend[d] ? std::max(0.02, 1 + profile.weekend) : 1.0;
    use[d] = profile.level * season * week * std::exp(log_factor);
  }
  LeaveEmpty(profile, town, random, use);
  AddPeaks(profile, random, use);
}

}  // namespace meterhound::simulate
