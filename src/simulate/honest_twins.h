// Honest events that look like theft in the readings: what a detector must learn not to accuse.
#pragma once

#include <span>
#include <string_view>

#include "numerics/random.h"
#include "simulate/town.h"

namespace meterhound::simulate {

enum class TwinKind {
  kVacancy,        ///< empty for one to eight months: a fridge at most
  kMovedOut,       ///< empty from some day to the end
  kSolarPanels,    ///< own production, most in summer, taken off what is bought
  kMeterExchange,  ///< a gap of days, then a small lasting step
  kClosedSeason,   ///< closed for the same months of every year
  kNewTenant,      ///< some empty weeks, then someone who uses less
  kEnergySaving,   ///< a slow lasting decline
};
inline constexpr int kTwinKinds = 7;

/// What a consumer whose meter another one has swapped (attack 13) is called in the truth. Not counted in the twin
/// share.
inline constexpr std::string_view kSwapVictim = "swap_victim";

/// "vacancy", "moved_out", ...
std::string_view TwinName(TwinKind kind);

struct Twin {
  TwinKind kind = TwinKind::kVacancy;
  std::size_t begin = 0;   ///< day of the span on which it begins
  std::size_t end = 0;     ///< one past its last day (vacancy), or the day on which the new state is reached
  double amount = 0;       ///< what is left of the use; for solar panels, production in May relative to mean use
  std::size_t unread = 0;  ///< days from `begin` without a reading (meter exchange)
};

/// @param days length of the span, at least 28.
Twin DrawTwin(std::size_t days, numerics::Random& random);

/// Changes the readings: whole days of town.per_day readings each, in kWh.
void ApplyTwin(const Twin& twin, const Town& town, std::span<double> readings);

}  // namespace meterhound::simulate
