// Fourteen ways in which a meter is made to show less, as formulas on what was really used.
//
// Sources: Jokar, Arianpoo & Leung 2016 (IEEE Trans. Smart Grid 7:1); Zanetti et al. 2019 (10:1); Punmiya & Choe 2019
// (10:2); K. Zheng et al. 2019 (IEEE Trans. Ind. Inform. 15:3); Altamimi et al. 2025. x is a reading inside the attack.
//   1 scale          a x, a in [.1, .8]
//   2 zero_spell     0, for one to eight months
//   3 random_scale   g x, g drawn anew from [.1, .8] for each reading
//   4 random_mean    g mean(x), g likewise
//   5 mean           mean(x)
//   6 reversed       the readings in reverse order: half-hours within the day, days within the week
//   7 cap            min(x, c)
//   8 offset         max(x - c, 0)
//   9 on_off         d x, d in {0, 1}: spells of some days
//  10 ramp           (1 - i) x, i rising from 0 to [.3, 1]
//  11 scale_spell    a x, for one to eight months
//  12 peak_shift     peaks lose 30 %, which is added elsewhere: the hours 17 to 22 of a day, the two highest days of a
//  week 13 swap           the readings of a consumer who uses under 40 % 14 zero           0
// mean(x) is over the day for half-hours and over the whole attack for days. 5, 6 and 12 move energy rather than hide
// it: what they take is dearer hours, and kWh only by chance.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "numerics/random.h"
#include "simulate/simulate.h"

namespace meterhound::simulate {

inline constexpr int kSwap = 13;
/// A swap pays only with a neighbour who uses less than this share of the thief's energy.
inline constexpr double kSwapShare = 0.4;

struct Attack {
  int number = 1;
  std::int64_t start = 0;  ///< day of the span at which it began; negative when before the first reading
  std::size_t begin = 0;   ///< first day of the span under attack
  std::size_t end = 0;     ///< one past the last
  bool stopped = false;    ///< false when it goes on past the span
  /// a of 1 and 11, the last i of 10, c of 7 and 8 as a share of mean(x), the share of days metered of 9.
  double amount = 1;
};

/// Draws when and how much. @param days length of the span, at least 28.
Attack DrawAttack(int number, std::size_t days, const SimulationOptions& options, numerics::Random& random);

/// Shares within 0 to 1, weights finite and not all zero; kInvalidInput naming the option.
Status CheckOdds(const SimulationOptions& options);

/// A number of 1 to kAttacks with the odds of `weights`, of which at least one is positive.
int DrawAttackNumber(const std::array<double, kAttacks>& weights, numerics::Random& random);

/// Replaces what was used by what the meter shows.
/// @param readings whole days of `per_day` readings each, in kWh
/// @param other    attack 13 only: the other consumer's readings, as long
/// @return kWh taken: the sum of the differences.
double ApplyAttack(const Attack& attack, int per_day, std::span<double> readings, std::span<const double> other,
                   numerics::Random& random);

}  // namespace meterhound::simulate
