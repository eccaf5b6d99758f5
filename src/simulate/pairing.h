// Finds each swapping thief a neighbour who uses little, whose meter then counts what the thief uses.
#pragma once

#include <functional>
#include <vector>

#include "simulate/consumer.h"

namespace meterhound::simulate {

/// Energy that a consumer uses during an attack, in kWh; infinity for one who cannot be a victim.
using UseDuring = std::function<double(const Attack& attack, const Plan& consumer)>;

/// Gives every attack 13 a partner: the next plain honest consumer after the thief, in circular order, not yet taken,
/// who over the attack uses under kSwapShare of what the thief uses. The partner's plan says so too. A thief who finds
/// none scales instead (attack 1). Sequential, and so the same for any number of threads. @param plans in the order of
/// Plan::consumer.
void PairSwaps(const UseDuring& use_during, std::vector<Plan>& plans);

/// For a simulated town.
void PairSwaps(const Town& town, const SimulationOptions& options, std::vector<Plan>& plans);

}  // namespace meterhound::simulate
