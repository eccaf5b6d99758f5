// Finds each swapping thief a neighbour who uses little, whose meter then counts what the thief uses.
#pragma once

#include <vector>

#include "simulate/consumer.h"

namespace meterhound::simulate {

/// Gives every attack 13 a partner: the next plain honest consumer after the thief, in circular order, not yet taken,
/// who over the attack uses under kSwapShare of what the thief uses. The partner's plan says so too. A thief who finds
/// none scales instead (attack 1). Sequential, and so the same for any number of threads.
void PairSwaps(const Town& town, const SimulationOptions& options, std::vector<Plan>& plans);

}  // namespace meterhound::simulate
