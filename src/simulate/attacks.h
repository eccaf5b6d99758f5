// Attacks: what theft does to the readings that reach the utility.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "numerics/random.h"

namespace meterhound::simulate {

/// The fourteen attacks on daily readings. 1-11 and 14 after Jokar et al. 2016, Zanetti et al. 2019, Punmiya & Choe
/// 2019 and Altamimi et al. 2025; 12 and 13 after K. Zheng et al. 2019.
enum class Attack : std::uint8_t {
  kScale,         ///< 1: every reading times one factor of U(.1, .8)
  kZeroPeriod,    ///< 2: zero in one period
  kRandomScale,   ///< 3: every reading times its own factor of U(.1, .8)
  kScaledMean,    ///< 4: the mean times a factor of U(.1, .8), new each day
  kMean,          ///< 5: the mean
  kReversed,      ///< 6: each week read backwards (the tariff, not the energy, is cheated)
  kClipped,       ///< 7: nothing above a limit
  kOffset,        ///< 8: less by a fixed amount, at least zero
  kOnOff,         ///< 9: some days metered, some not
  kRamp,          ///< 10: ever less, down to 1 - U(.3, 1)
  kScaledPeriod,  ///< 11: times a factor inside one period
  kPeakShift,     ///< 12: the week's peak days less 30 %, spread over the other days
  kSwapped,       ///< 13: the readings of a neighbour who uses under 40 %
  kAllZero,       ///< 14: zero from the start on
};
inline constexpr std::size_t kAttacks = 14;

std::string_view AttackName(Attack attack);

/// Changes readings[start, stop) as the attack does; `neighbour` has the same length and is used by kSwapped alone.
void ApplyAttack(Attack attack, std::span<double> readings, std::span<const double> neighbour, std::size_t start,
                 std::size_t stop, numerics::Random& random);

}  // namespace meterhound::simulate
