// Each attack is a small function on the readings of its window; a table joins number, name and function.
#include "simulate/attacks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace meterhound::simulate {
namespace {

constexpr std::size_t kShortest = 20;  // days: less leaves no trace and pays no fraudster

/// What an attack's function sees.
struct Window {
  std::span<double> readings;     // of the attacked days only
  std::span<const double> other;  // attack 13: the other consumer's readings of these days
  std::size_t per_day;
  double amount;
  numerics::Random& random;

  std::size_t days() const { return readings.size() / per_day; }
  std::span<double> Day(std::size_t day) const { return readings.subspan(day * per_day, per_day); }
};

double MeanOf(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Calls `body(block)` for the stretches over which mean(x) is taken: days of half-hours, or the whole window of days.
template <typename Body>
void ForEachMeanBlock(const Window& window, const Body& body) {
  if (window.per_day == 1) return body(window.readings);
  for (std::size_t day = 0; day < window.days(); ++day) body(window.Day(day));
}

/// Calls `body(block)` for the stretches within which energy is moved: days of half-hours, or weeks of days.
template <typename Body>
void ForEachShiftBlock(const Window& window, const Body& body) {
  const std::size_t length = window.per_day == 1 ? 7 : window.per_day;
  for (std::size_t at = 0; at < window.readings.size(); at += length) {
    body(window.readings.subspan(at, std::min(length, window.readings.size() - at)));
  }
}

double DrawShare(numerics::Random& random) { return random.Uniform(0.1, 0.8); }

void Scale(const Window& window) {
  for (double& x : window.readings) x *= window.amount;
}

void Zero(const Window& window) { std::fill(window.readings.begin(), window.readings.end(), 0.0); }

void RandomScale(const Window& window) {
  for (double& x : window.readings) x *= DrawShare(window.random);
}

void RandomMean(const Window& window) {
  ForEachMeanBlock(window, [&](std::span<double> block) {
    const double mean = MeanOf(block);
    for (double& x : block) x = mean * DrawShare(window.random);
  });
}

void Mean(const Window& window) {
  ForEachMeanBlock(window, [](std::span<double> block) { std::fill(block.begin(), block.end(), MeanOf(block)); });
}

void Reverse(const Window& window) {
  ForEachShiftBlock(window, [](std::span<double> block) { std::reverse(block.begin(), block.end()); });
}

void Cap(const Window& window) {
  const double cap = window.amount * MeanOf(window.readings);
  for (double& x : window.readings) x = std::min(x, cap);
}

void Offset(const Window& window) {
  const double offset = window.amount * MeanOf(window.readings);
  for (double& x : window.readings) x = std::max(x - offset, 0.0);
}

/// A bypass is set and removed for days at a time. Spells are short while off and as long as the share asks while on.
void OnOff(const Window& window) {
  constexpr double kOffDays = 4;
  const double on_days = kOffDays * window.amount / std::max(0.05, 1 - window.amount);
  bool on = false;
  for (std::size_t day = 0; day < window.days(); ++day) {
    if (window.random.Bernoulli(1 / (1 + (on ? on_days : kOffDays)))) on = !on;
    if (on) continue;
    std::span<double> readings = window.Day(day);
    std::fill(readings.begin(), readings.end(), 0.0);
  }
}

void Ramp(const Window& window) {
  const double last = std::max<double>(1, static_cast<double>(window.days()) - 1);
  for (std::size_t day = 0; day < window.days(); ++day) {
    const double hidden = window.amount * static_cast<double>(day) / last;
    for (double& x : window.Day(day)) x *= 1 - hidden;
  }
}

/// Takes 30 % from the readings `peak` names and spreads it evenly over the others of the block.
template <typename IsPeak>
void ShiftPeak(std::span<double> block, std::size_t peaks, const IsPeak& is_peak) {
  if (block.size() <= peaks) return;
  double moved = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (!is_peak(i)) continue;
    moved += 0.3 * block[i];
    block[i] *= 0.7;
  }
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (!is_peak(i)) block[i] += moved / static_cast<double>(block.size() - peaks);
  }
}

void PeakShift(const Window& window) {
  ForEachShiftBlock(window, [&](std::span<double> block) {
    if (window.per_day > 1) {
      const std::size_t from = block.size() * 17 / 24;
      const std::size_t to = block.size() * 22 / 24;
      ShiftPeak(block, to - from, [=](std::size_t i) { return i >= from && i < to; });
      return;
    }
    if (block.size() < 3) return;
    std::array<std::size_t, 7> order{};
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(block.size()),
                     [&](std::size_t a, std::size_t b) { return block[a] > block[b]; });
    ShiftPeak(block, 2, [&](std::size_t i) { return i == order[0] || i == order[1]; });
  });
}

void Swap(const Window& window) { std::copy(window.other.begin(), window.other.end(), window.readings.begin()); }

struct AttackKind {
  std::string_view name;
  void (*apply)(const Window&);
  bool spell;  // lasts one to eight months by its nature
  double low;  // range of `amount`
  double high;
};

constexpr std::array<AttackKind, kAttacks> kKinds = {{
    {"scale", Scale, false, 0.1, 0.8},
    {"zero_spell", Zero, true, 0, 0},
    {"random_scale", RandomScale, false, 0, 0},
    {"random_mean", RandomMean, false, 0, 0},
    {"mean", Mean, false, 0, 0},
    {"reversed", Reverse, false, 0, 0},
    {"cap", Cap, false, 0.3, 0.9},
    {"offset", Offset, false, 0.2, 0.7},
    {"on_off", OnOff, false, 0.4, 0.9},
    {"ramp", Ramp, false, 0.3, 1.0},
    {"scale_spell", Scale, true, 0.1, 0.8},
    {"peak_shift", PeakShift, false, 0, 0},
    {"swap", Swap, false, 0, 0},
    {"zero", Zero, false, 0, 0},
}};

const AttackKind& KindOf(int number) { return kKinds[static_cast<std::size_t>(number - 1)]; }

}  // namespace

std::string_view AttackName(int number) { return KindOf(number).name; }

int DrawAttackNumber(const std::array<double, kAttacks>& weights, numerics::Random& random) {
  double left = random.Uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
  int last = 1;
  for (int number = 1; number <= kAttacks; ++number) {
    const double weight = weights[static_cast<std::size_t>(number - 1)];
    if (weight <= 0) continue;
    last = number;
    if (left < weight) return number;
    left -= weight;
  }
  return last;  // rounding may leave a crumb past the last
}

Attack DrawAttack(int number, std::size_t days, const SimulationOptions& options, numerics::Random& random) {
  const AttackKind& kind = KindOf(number);
  Attack attack;
  attack.number = number;
  attack.amount = random.Uniform(kind.low, kind.high);
  const bool early = random.Bernoulli(options.early_start_share);
  const bool stops = random.Bernoulli(options.stop_share);
  const double where = random.Uniform();
  const double length = random.Uniform();
  if (early && !kind.spell) {
    attack.start = -1 - static_cast<std::int64_t>(where * 720);
  } else {
    attack.start = static_cast<std::int64_t>(where * static_cast<double>(days - kShortest));
  }
  attack.begin = static_cast<std::size_t>(std::max<std::int64_t>(0, attack.start));
  attack.end = days;
  const std::size_t most = days - attack.begin;
  if (kind.spell) {
    attack.end = attack.begin + std::min(most, static_cast<std::size_t>(30 + 210 * length));
  } else if (stops && most > kShortest) {
    attack.end = attack.begin + kShortest + static_cast<std::size_t>(length * static_cast<double>(most - kShortest));
  }
  attack.stopped = attack.end < days;
  return attack;
}

double ApplyAttack(const Attack& attack, int per_day, std::span<double> readings, std::span<const double> other,
                   numerics::Random& random) {
  const auto step = static_cast<std::size_t>(per_day);
  const std::size_t from = attack.begin * step;
  const std::size_t count = (attack.end - attack.begin) * step;
  if (count == 0) return 0;
  const std::span<double> attacked = readings.subspan(from, count);
  const double used = std::accumulate(attacked.begin(), attacked.end(), 0.0);
  KindOf(attack.number)
      .apply({.readings = attacked,
              .other = other.empty() ? std::span<const double>(attacked) : other.subspan(from, count),
              .per_day = step,
              .amount = attack.amount,
              .random = random});
  return used - std::accumulate(attacked.begin(), attacked.end(), 0.0);
}

}  // namespace meterhound::simulate
