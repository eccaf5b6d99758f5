// The town: who does what from when, then one consumer at a time, each from a random stream of its own.
#include "simulate/simulate.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/csv_text.h"
#include "base/file.h"
#include "base/hashing.h"
#include "base/numbers.h"
#include "simulate/attacks.h"
#include "simulate/consumer.h"
#include "simulate/gaps.h"
#include "simulate/twins.h"

namespace meterhound::simulate {
namespace {

constexpr std::size_t kFewestDays = 28;
constexpr std::size_t kNeighbourhood = 200;    // consumers who share gaps
constexpr double kErroneousReading = 92713.9;  // as the real file has, once in a few million
constexpr double kErroneousShare = 2e-7;
constexpr std::uint64_t kRolesStream = 1ULL << 62;
constexpr std::uint64_t kNeighbourStream = 1ULL << 61;

enum class Role : std::uint8_t { kHonest, kTheft, kTwin };

Status Check(const SimulationOptions& options) {
  const auto share = [](double value, const char* flag) -> Status {
    if (value >= 0 && value <= 1) return {};
    return InvalidInput("found " + FormatDouble(value) + ", expected a share between 0 and 1", flag);
  };
  METERHOUND_RETURN_IF_ERROR(share(options.theft_share, "--theft"));
  METERHOUND_RETURN_IF_ERROR(share(options.twin_share, "--twins"));
  if (options.consumers == 0) return InvalidInput("found 0, expected at least one consumer", "--consumers");
  if (options.days < kFewestDays) {
    return InvalidInput(
        "found " + std::to_string(options.days) + ", expected at least " + std::to_string(kFewestDays) + " days",
        "--days");
  }
  if (!IsValidDate(options.first_day)) return InvalidInput("is no day of the calendar", "--first-day");
  return {};
}

// Exactly the wanted number of thefts and twins, on random rows.
std::vector<Role> DrawRoles(const SimulationOptions& options) {
  numerics::Random random(options.seed, kRolesStream);
  const auto thefts =
      static_cast<std::size_t>(std::lround(options.theft_share * static_cast<double>(options.consumers)));
  const auto twins =
      static_cast<std::size_t>(std::lround(options.twin_share * static_cast<double>(options.consumers - thefts)));
  std::vector<Role> roles(options.consumers, Role::kHonest);
  std::fill_n(roles.begin(), thefts, Role::kTheft);
  std::fill_n(roles.begin() + static_cast<std::ptrdiff_t>(thefts), twins, Role::kTwin);
  random.Shuffle(roles);
  return roles;
}

std::string MakeId(std::uint64_t seed, std::size_t row) {
  std::string id = Sha256Hex(std::to_string(seed) + ":" + std::to_string(row)).substr(0, 32);
  std::transform(id.begin(), id.end(), id.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  return id;
}

/// Simulates one row after the other; one a thread.
class RowSimulator {
 public:
  RowSimulator(const SimulationOptions& options, const Town& town)
      : options_(options), town_(town), neighbour_(options.days), before_(options.days) {}

  Truth Row(std::size_t row, Role role, std::span<double> readings) {
    numerics::Random random(options_.seed, row);
    SimulateConsumer(town_, random, readings);
    Truth truth{.kind = "honest", .pattern = "", .start = {}, .stop = {}, .kwh_taken = 0};
    if (role == Role::kTheft) truth = Steal(row, readings, random);
    if (role == Role::kTwin) truth = Imitate(readings, random);
    if (options_.gaps) {
      ApplyGaps(readings, role == Role::kTheft,
                numerics::MixSeed(options_.seed ^ kNeighbourStream, row / kNeighbourhood), random);
    }
    for (double& value : readings) {
      if (random.Bernoulli(kErroneousShare)) value = kErroneousReading;
      value = std::round(value * 100) / 100;
    }
    return truth;
  }

 private:
  Truth Steal(std::size_t row, std::span<double> readings, numerics::Random& random) {
    const auto days = static_cast<double>(readings.size());
    const auto attack = static_cast<Attack>(random.Below(kAttacks));
    const double begun = random.Uniform(-0.2, 0.85) * days;  // some began before the first reading
    const auto start = static_cast<std::size_t>(std::max(0.0, begun));
    const bool stops = random.Bernoulli(0.2);
    const auto stop =
        stops ? std::min(readings.size(), start + static_cast<std::size_t>(random.Uniform(0.15, 0.6) * days))
              : readings.size();
    if (attack == Attack::kSwapped) {
      numerics::Random other(options_.seed, (row + 1) % options_.consumers);
      SimulateConsumer(town_, other, neighbour_);
    }
    std::copy(readings.begin(), readings.end(), before_.begin());
    ApplyAttack(attack, readings, neighbour_, start, stop, random);
    double taken = 0;
    for (std::size_t i = start; i < stop; ++i) taken += before_[i] - readings[i];
    Truth truth{.kind = "theft",
                .pattern = std::string(AttackName(attack)),
                .start = town_.first_day + static_cast<std::int64_t>(std::floor(begun)),
                .stop = {},
                .kwh_taken = taken};
    if (stop < readings.size()) truth.stop = town_.first_day + static_cast<std::int64_t>(stop);
    return truth;
  }

  Truth Imitate(std::span<double> readings, numerics::Random& random) {
    const auto twin = static_cast<Twin>(random.Below(kTwins));
    const auto start = static_cast<std::size_t>(random.Uniform(0.05, 0.85) * static_cast<double>(readings.size()));
    const TwinSpan span = ApplyTwin(twin, readings, town_.first_day, start, random);
    Truth truth{.kind = "twin",
                .pattern = std::string(TwinName(twin)),
                .start = town_.first_day + static_cast<std::int64_t>(span.start),
                .stop = {},
                .kwh_taken = 0};
    if (span.stop < readings.size()) truth.stop = town_.first_day + static_cast<std::int64_t>(span.stop);
    return truth;
  }

  const SimulationOptions& options_;
  const Town& town_;
  std::vector<double> neighbour_;
  std::vector<double> before_;
};

}  // namespace

Result<Simulation> Simulate(const SimulationOptions& options, const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(Check(options));
  const std::int64_t first_day = DaysFromCivil(options.first_day);
  const Town town = MakeTown(first_day, options.days, options.seed);
  const std::vector<Role> roles = DrawRoles(options);
  auto timeline = std::make_shared<Timeline>();
  timeline->cadence = Cadence::kDaily;
  for (std::size_t i = 0; i < options.days; ++i) {
    timeline->times.push_back(static_cast<double>(first_day + static_cast<std::int64_t>(i)) * kSecondsPerDay);
  }
  Simulation simulation;
  simulation.truth.resize(options.consumers);
  Panel& panel = simulation.panel;
  panel.source = "simulation";
  panel.ids.resize(options.consumers);
  panel.labels.resize(options.consumers);
  const std::size_t cells = options.consumers * options.days;
  panel.kinds.push_back({.name = "value",
                         .unit = "kWh",
                         .group = FeatureGroup::kBehaviour,
                         .timeline = timeline,
                         .values = std::vector<double>(cells),
                         .missing = std::vector<std::uint8_t>(cells)});
  SeriesKind& kind = panel.kinds.front();
  std::vector<RowSimulator> simulators(context.pool.threads(), RowSimulator(options, town));
  context.progress.Begin("simulating", options.consumers, "consumers");
  context.pool.ParallelFor(
      options.consumers, 16,
      [&](std::size_t begin, std::size_t end, std::size_t worker) {
        for (std::size_t row = begin; row < end; ++row) {
          const std::span<double> readings(kind.values.data() + row * options.days, options.days);
          simulation.truth[row] = simulators[worker].Row(row, roles[row], readings);
          panel.ids[row] = MakeId(options.seed, row);
          panel.labels[row] = roles[row] == Role::kTheft ? 1 : 0;
          for (std::size_t i = 0; i < options.days; ++i)
            kind.missing[row * options.days + i] = std::isnan(readings[i]) ? 1 : 0;
        }
        context.progress.Advance(end - begin);
      },
      context.stop);
  context.progress.End();
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return simulation;
}

Status WriteTruth(const Simulation& simulation, const std::filesystem::path& path) {
  std::string text = "consumer_id,kind,pattern,start,stop,kwh_taken\n";
  const auto date = [](const std::optional<std::int64_t>& day) {
    return day ? FormatDate(static_cast<double>(*day) * kSecondsPerDay) : std::string();
  };
  for (std::size_t row = 0; row < simulation.truth.size(); ++row) {
    const Truth& truth = simulation.truth[row];
    AppendCsvField(text, simulation.panel.ids[row]);
    text += "," + truth.kind + "," + truth.pattern + "," + date(truth.start) + "," + date(truth.stop) + "," +
            FormatDouble(std::round(truth.kwh_taken * 100) / 100) + "\n";
  }
  return WriteFile(path, text);
}

}  // namespace meterhound::simulate
