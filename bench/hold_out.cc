// Each attack kept out of training in turn, and what several rankings still find of it in another town. One JSON
// document on standard output: of every thief of that town the attack and, for each attack kept out, its places on the
// lists. Usage: hold_out CONSUMERS SEED
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>

#include "base/json.h"
#include "pipeline/scoring.h"
#include "pipeline/training.h"
#include "simulate/simulate.h"

namespace meterhound {
namespace {

struct Town {
  pipeline::Prepared prepared;
  std::vector<simulate::Truth> truth;
};

/// Every attack as often as the others.
Result<Town> MakeTown(std::size_t consumers, std::uint64_t seed, const pipeline::Config& config,
                      const RunContext& context) {
  simulate::SimulationOptions options{.consumers = consumers, .seed = seed};
  options.attack_weights.fill(1);
  METERHOUND_ASSIGN_OR_RETURN(simulate::Simulation town, simulate::Simulate(options, context));
  pipeline::SourceData data;
  data.panel = std::move(town.panel);
  METERHOUND_ASSIGN_OR_RETURN(pipeline::Prepared prepared, pipeline::Prepare(std::move(data), config, context));
  return Town{std::move(prepared), std::move(town.truth)};
}

bool Uses(const simulate::Truth& truth, int attack) {
  return std::any_of(truth.attacks.begin(), truth.attacks.end(), [&](const auto& one) { return one.number == attack; });
}

std::string AttackOf(const simulate::Truth& truth) {
  std::string numbers;
  for (const auto& attack : truth.attacks) numbers += (numbers.empty() ? "" : "+") + std::to_string(attack.number);
  return numbers;
}

/// Places (1 is first) of the thieves.
Json PlacesOf(const Town& town, std::vector<detectors::RowScore>& scores, double novelty_share) {
  const std::vector<std::size_t> order = pipeline::RankConsumers(town.prepared.panel, scores, novelty_share);
  std::vector<std::size_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i + 1;
  Json places = Json::array();
  for (std::size_t row = 0; row < place.size(); ++row)
    if (town.prepared.panel.labels[row] == 1) places.push_back(place[row]);
  return places;
}

/// @param attack 0 keeps none out.
Result<Json> HoldOut(int attack, const Town& train, const Town& test, detectors::HybridOptions options,
                     const RunContext& context) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < train.truth.size(); ++row)
    if (!Uses(train.truth[row], attack)) rows.push_back(row);
  Json places;
  for (const bool forest : {false, true}) {
    options.use_forest = forest;
    METERHOUND_ASSIGN_OR_RETURN(
        const detectors::HybridDetector detector,
        detectors::HybridDetector::Fit(train.prepared.features, rows, train.prepared.panel.labels,
                                       train.prepared.hashes, options, context));
    METERHOUND_ASSIGN_OR_RETURN(std::vector<detectors::RowScore> scores,
                                detector.Score(test.prepared.features, context));
    for (const double share : {0.0, 0.05, 0.1}) {
      char name[64];
      std::snprintf(name, sizeof name, "%s, %.0f %% to signs", forest ? "forest" : "alone", 100 * share);
      places[name] = PlacesOf(test, scores, share);
    }
  }
  return Json{{"attack", attack}, {"places", places}};
}

Result<Json> HoldOutEach(std::size_t consumers, std::uint64_t seed) {
  ThreadPool pool;
  Progress progress;
  const RunContext context{pool, progress, {}};
  const pipeline::Config config;
  METERHOUND_ASSIGN_OR_RETURN(const Town train, MakeTown(consumers, seed, config, context));
  METERHOUND_ASSIGN_OR_RETURN(const Town test, MakeTown(consumers, seed + 1, config, context));
  METERHOUND_ASSIGN_OR_RETURN(detectors::HybridOptions options,
                              pipeline::DetectorOptions(config, train.prepared.panel));
  options.keep_reference = false;
  std::vector<std::optional<Result<Json>>> outcomes(simulate::kAttacks + 1);
  pool.ParallelFor(outcomes.size(), 1, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) {
      outcomes[i] = HoldOut(static_cast<int>(i), train, test, options, context);
    }
  });
  Json json = {{"consumers", consumers}, {"seed", seed}, {"thieves", Json::array()}, {"held_out", Json::array()}};
  for (const simulate::Truth& truth : test.truth)
    if (truth.kind == "theft") json["thieves"].push_back(AttackOf(truth));
  for (auto& outcome : outcomes) {
    if (!outcome->ok()) return outcome->error();
    json["held_out"].push_back(std::move(**outcome));
  }
  return json;
}

}  // namespace
}  // namespace meterhound

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: hold_out CONSUMERS SEED\n");
    return 2;
  }
  const auto json = meterhound::HoldOutEach(std::strtoul(argv[1], nullptr, 10), std::strtoul(argv[2], nullptr, 10));
  if (!json.ok()) {
    std::fprintf(stderr, "hold_out: %s\n", json.error().ToString().c_str());
    return 1;
  }
  std::cout << json->dump() << '\n';
}
