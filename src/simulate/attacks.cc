// Each attack as its formula.
#include "simulate/attacks.h"

#include <algorithm>
#include <numeric>

namespace meterhound::simulate {
namespace {

constexpr std::array<std::string_view, kAttacks> kNames = {
    "scale",  "zero_period", "random_scale", "scaled_mean",   "mean",       "reversed_week", "clipped",
    "offset", "on_off",      "ramp",         "scaled_period", "peak_shift", "swapped",       "all_zero"};

constexpr std::size_t kWeek = 7;

double Factor(numerics::Random& random) { return random.Uniform(0.1, 0.8); }

double Mean(std::span<const double> x) {
  return x.empty() ? 0 : std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

// A period of a sixth to a half of the attacked span.
std::span<double> Period(std::span<double> x, numerics::Random& random) {
  const auto length =
      std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(x.size()) * random.Uniform(1.0 / 6, 0.5)));
  const std::size_t begin = x.size() > length ? random.Below(x.size() - length + 1) : 0;
  return x.subspan(begin, std::min(length, x.size() - begin));
}

void ShiftPeaks(std::span<double> week) {
  constexpr std::size_t kPeakDays = 2;
  std::array<std::size_t, kWeek> order{};
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return week[a] > week[b]; });
  double moved = 0;
  for (std::size_t i = 0; i < kPeakDays; ++i) {
    moved += 0.3 * week[order[i]];
    week[order[i]] *= 0.7;
  }
  for (std::size_t i = kPeakDays; i < kWeek; ++i) week[order[i]] += moved / static_cast<double>(kWeek - kPeakDays);
}

}  // namespace

std::string_view AttackName(Attack attack) { return kNames[static_cast<std::size_t>(attack)]; }

void ApplyAttack(Attack attack, std::span<double> readings, std::span<const double> neighbour, std::size_t start,
                 std::size_t stop, numerics::Random& random) {
  const std::span<double> x = readings.subspan(start, stop - start);
  const double mean = Mean(x);
  switch (attack) {
    case Attack::kScale:
    case Attack::kScaledPeriod: {
      const double factor = Factor(random);
      for (double& v : attack == Attack::kScale ? x : Period(x, random)) v *= factor;
      break;
    }
    case Attack::kZeroPeriod: {
      const auto period = Period(x, random);
      std::fill(period.begin(), period.end(), 0.0);
      break;
    }
    case Attack::kRandomScale:
      for (double& v : x) v *= Factor(random);
      break;
    case Attack::kScaledMean:
      for (double& v : x) v = Factor(random) * mean;
      break;
    case Attack::kMean:
      std::fill(x.begin(), x.end(), mean);
      break;
    case Attack::kReversed:
      for (std::size_t i = 0; i + kWeek <= x.size(); i += kWeek)
        std::reverse(x.begin() + static_cast<std::ptrdiff_t>(i), x.begin() + static_cast<std::ptrdiff_t>(i + kWeek));
      break;
    case Attack::kClipped: {
      const double limit = mean * random.Uniform(0.3, 0.9);
      for (double& v : x) v = std::min(v, limit);
      break;
    }
    case Attack::kOffset: {
      const double amount = mean * random.Uniform(0.3, 0.9);
      for (double& v : x) v = std::max(v - amount, 0.0);
      break;
    }
    case Attack::kOnOff: {
      // Bypassed for runs of days, as someone would do by hand.
      bool metered = random.Bernoulli(0.5);
      for (double& v : x) {
        if (random.Bernoulli(1.0 / 6)) metered = !metered;
        if (!metered) v = 0;
      }
      break;
    }
    case Attack::kRamp: {
      const double depth = random.Uniform(0.3, 1);
      for (std::size_t i = 0; i < x.size(); ++i)
        x[i] *= 1 - depth * static_cast<double>(i + 1) / static_cast<double>(x.size());
      break;
    }
    case Attack::kPeakShift:
      for (std::size_t i = 0; i + kWeek <= x.size(); i += kWeek) ShiftPeaks(x.subspan(i, kWeek));
      break;
    case Attack::kSwapped: {
      const double other = Mean(neighbour);
      const double own = Mean(readings);
      // The neighbour uses under 40 %: scaled down when the drawn one does not.
      const double factor = other > 0 ? std::min(1.0, random.Uniform(0.1, 0.4) * own / other) : 0;
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = factor * neighbour[start + i];
      break;
    }
    case Attack::kAllZero:
      std::fill(x.begin(), x.end(), 0.0);
      break;
  }
}

}  // namespace meterhound::simulate
