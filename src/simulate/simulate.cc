// Checks the options, plans every consumer, pairs the swaps, and fills the panel in parallel.
#include "simulate/simulate.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "base/numbers.h"
#include "simulate/consumer.h"
#include "simulate/pairing.h"

namespace meterhound::simulate {
namespace {

constexpr std::size_t kFewestDays = 28;
constexpr std::size_t kMostDays = 36525;
constexpr double kMostReadings = 2e9;  // 18 GB of values and mask

Status CheckShare(double share, const char* name) {
  if (share >= 0 && share <= 1) return {};
  return InvalidInput("found " + FormatDouble(share) + ", expected a share from 0 to 1", name);
}

Status CheckWeights(const std::array<double, kAttacks>& weights) {
  double sum = 0;
  for (const double weight : weights) {
    if (!(weight >= 0) || !std::isfinite(weight)) {
      return InvalidInput("found " + FormatDouble(weight) + ", expected finite weights that are not negative",
                          "attack_weights");
    }
    sum += weight;
  }
  if (!(sum > 0)) return InvalidInput("found only zeros, expected at least one attack with a weight", "attack_weights");
  return {};
}

Status Check(const SimulationOptions& options) {
  METERHOUND_RETURN_IF_ERROR(CheckOdds(options));
  if (options.consumers == 0) return InvalidInput("found 0, expected at least one consumer", "consumers");
  if (options.days < kFewestDays || options.days > kMostDays) {
    return InvalidInput("found " + std::to_string(options.days) + ", expected 28 to 36525 days", "days");
  }
  if (!IsValidDate(options.first_day)) return InvalidInput("found a date that does not exist", "first_day");
  if (options.cadence != Cadence::kDaily && options.cadence != Cadence::kHalfHourly) {
    return InvalidInput("found " + std::string(CadenceName(options.cadence)) + ", expected daily or half-hourly",
                        "cadence");
  }
  const double readings =
      static_cast<double>(options.consumers) * static_cast<double>(options.days) * ReadingsPerDay(options.cadence);
  if (readings > kMostReadings) {
    return InvalidInput("found " + FormatDouble(readings) + " readings in all, expected at most 2e+09", "consumers");
  }
  return {};
}

std::shared_ptr<const Timeline> TimelineOf(const Town& town, Cadence cadence) {
  auto timeline = std::make_shared<Timeline>();
  timeline->cadence = cadence;
  timeline->times.reserve(town.readings());
  for (const std::int64_t day : town.days) {
    for (int i = 0; i < town.per_day; ++i) {
      timeline->times.push_back((static_cast<double>(day) + static_cast<double>(i) / town.per_day) * kSecondsPerDay);
    }
  }
  return timeline;
}

/// Positions of the consumers in the order of their ids: the order of the rows.
std::vector<std::size_t> OrderById(const std::vector<std::string>& ids) {
  std::vector<std::size_t> order(ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  return order;
}

Simulation EmptyTown(const SimulationOptions& options, const Town& town) {
  Simulation simulation;
  simulation.panel.source = "simulated town, seed " + std::to_string(options.seed);
  simulation.panel.ids.resize(options.consumers);
  simulation.panel.labels.resize(options.consumers);
  simulation.panel.kinds.push_back({.name = "value",
                                    .unit = "kWh",
                                    .group = FeatureGroup::kBehaviour,
                                    .timeline = TimelineOf(town, options.cadence),
                                    .values = std::vector<double>(options.consumers * town.readings()),
                                    .missing = std::vector<std::uint8_t>(options.consumers * town.readings())});
  simulation.truth.resize(options.consumers);
  return simulation;
}

}  // namespace

Status CheckOdds(const SimulationOptions& options) {
  METERHOUND_RETURN_IF_ERROR(CheckShare(options.theft_share, "theft_share"));
  METERHOUND_RETURN_IF_ERROR(CheckShare(options.twin_share, "twin_share"));
  METERHOUND_RETURN_IF_ERROR(CheckShare(options.early_start_share, "early_start_share"));
  METERHOUND_RETURN_IF_ERROR(CheckShare(options.stop_share, "stop_share"));
  METERHOUND_RETURN_IF_ERROR(CheckShare(options.mixture_share, "mixture_share"));
  return CheckWeights(options.attack_weights);
}

Result<Simulation> Simulate(const SimulationOptions& options, const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(Check(options));
  const Town town = BuildTown(options);
  const RoleDealer roles(options.theft_share, options.twin_share);
  std::vector<Plan> plans;
  std::vector<std::string> ids;
  for (std::size_t consumer = 0; consumer < options.consumers; ++consumer) {
    plans.push_back(MakePlan(consumer, roles.RoleOf(consumer), options));
    ids.push_back(ConsumerId(options.seed, consumer));
  }
  PairSwaps(town, options, plans);
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());

  Simulation simulation = EmptyTown(options, town);
  SeriesKind& kwh = simulation.panel.kinds.front();
  const std::vector<std::size_t> order = OrderById(ids);
  context.progress.Begin("simulate", options.consumers, "consumers");
  const auto fill = [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t row = begin; row < end; ++row) {
      const Plan& plan = plans[order[row]];
      Consumer consumer = MakeConsumer(plan, roles, town, options);
      const auto at = static_cast<std::ptrdiff_t>(row * town.readings());
      std::copy(consumer.filed.begin(), consumer.filed.end(), kwh.values.begin() + at);
      std::copy(consumer.missing.begin(), consumer.missing.end(), kwh.missing.begin() + at);
      simulation.panel.ids[row] = consumer.truth.consumer;
      simulation.panel.labels[row] = plan.role == Role::kTheft ? 1 : 0;
      simulation.truth[row] = std::move(consumer.truth);
    }
    context.progress.Advance(end - begin);
  };
  context.pool.ParallelFor(options.consumers, 16, fill, context.stop);
  context.progress.End();
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return simulation;
}

}  // namespace meterhound::simulate
