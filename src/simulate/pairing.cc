// Walks around the town from each thief; a neighbour's use is made on the way, once for each thief that looks at it.
#include "simulate/pairing.h"

#include <algorithm>
#include <numeric>

namespace meterhound::simulate {
namespace {

constexpr std::size_t kLooksAt = 200;  // neighbours; one in four will do, so none left means a very small town

}  // namespace

void PairSwaps(const UseDuring& use_during, std::vector<Plan>& plans) {
  for (Plan& thief : plans) {
    if (thief.role != Role::kTheft || thief.attacks.front().number != kSwap) continue;
    Attack& attack = thief.attacks.front();
    const double enough = kSwapShare * use_during(attack, thief);
    std::size_t looks = 0;
    for (std::size_t step = 1; step < plans.size() && looks < kLooksAt && !thief.partner; ++step) {
      Plan& neighbour = plans[(thief.consumer + step) % plans.size()];
      if (neighbour.role != Role::kHonest || neighbour.partner) continue;
      ++looks;
      if (!(use_during(attack, neighbour) < enough)) continue;
      thief.partner = neighbour.consumer;
      neighbour.partner = thief.consumer;
      neighbour.swapped = attack;
    }
    if (thief.partner) continue;
    attack.number = 1;
    attack.amount = 0.5;
  }
}

void PairSwaps(const Town& town, const SimulationOptions& options, std::vector<Plan>& plans) {
  const auto use_during = [&](const Attack& attack, const Plan& plan) {
    const std::vector<double> use = DailyUseOf(plan.consumer, plan.role, town, options.seed);
    return std::accumulate(use.begin() + static_cast<std::ptrdiff_t>(attack.begin),
                           use.begin() + static_cast<std::ptrdiff_t>(attack.end), 0.0);
  };
  PairSwaps(use_during, plans);
}

}  // namespace meterhound::simulate
