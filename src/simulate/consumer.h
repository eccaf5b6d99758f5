// One simulated consumer from habits to file: used, then metered, then what faults and gaps left of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulate/attacks.h"
#include "simulate/honest_twins.h"
#include "simulate/load_profile.h"
#include "simulate/roles.h"
#include "simulate/simulate.h"
#include "simulate/town.h"

namespace meterhound::simulate {

/// 32 upper-case hexadecimal digits, as SGCC's CONS_NO.
std::string ConsumerId(std::uint64_t seed, std::size_t consumer);

/// What is decided about a consumer before any reading is made.
struct Plan {
  std::size_t consumer = 0;  ///< position: the stream of its random numbers
  Role role = Role::kHonest;
  std::vector<Attack> attacks;         ///< thefts: one or two
  std::optional<Twin> twin;            ///< twins
  std::optional<std::size_t> partner;  ///< position of the other side of a swap
  std::optional<Attack> swapped;       ///< the victim of a swap: the thief's attack
};

Plan MakePlan(std::size_t consumer, Role role, const SimulationOptions& options);

/// Energy used on each day, whether or not it is metered. Twins' events are not in it: they change what a consumer
/// draws from the grid, and are applied to the readings.
std::vector<double> DailyUseOf(std::size_t consumer, Role role, const Town& town, std::uint64_t seed);

/// Everything about one consumer, one entry a reading.
struct Consumer {
  std::vector<double> used;           ///< kWh drawn from the grid
  std::vector<double> metered;        ///< kWh the meter counted: used less what was taken
  std::vector<double> filed;          ///< metered with faults, rounded to 0.01; NaN where missing
  std::vector<std::uint8_t> missing;  ///< 1 where no reading was kept
  Truth truth;
};

/// @param roles to know the partner's role
Consumer MakeConsumer(const Plan& plan, const RoleDealer& roles, const Town& town, const SimulationOptions& options);

}  // namespace meterhound::simulate
