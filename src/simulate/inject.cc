// Real readings with attacks on some of them; what was really used is the readings as they came.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "base/hashing.h"
#include "simulate/attacks.h"
#include "simulate/pairing.h"
#include "simulate/real_homes.h"
#include "simulate/simulate.h"

namespace meterhound::simulate {
namespace {

constexpr std::size_t kFewestDays = 28;

/// Rows with days enough, in an order that the seed and the ids decide.
std::vector<std::size_t> Candidates(const Panel& panel, const RealHomes& homes, std::uint64_t seed) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    if (homes.SpanOf(row).days() < kFewestDays) continue;
    Hasher64 hasher(seed);
    hasher.AddText(panel.ids[row]);
    order.emplace_back(hasher.Finish(), row);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> rows;
  for (const auto& [hash, row] : order) rows.push_back(row);
  return rows;
}

/// Attacks count their days from the first day of all.
Plan PlanOf(std::size_t candidate, const DaySpan& span, SimulationOptions options) {
  options.days = span.days();
  Plan plan = MakePlan(candidate, RoleDealer(options.theft_share, 0).RoleOf(candidate), options);
  for (Attack& attack : plan.attacks) {
    attack.start += static_cast<std::int64_t>(span.begin);
    attack.begin += span.begin;
    attack.end += span.begin;
  }
  return plan;
}

std::span<double> Window(std::vector<double>& readings, std::size_t begin, std::size_t end, int per_day) {
  const auto step = static_cast<std::size_t>(per_day);
  return std::span(readings).subspan(begin * step, (end - begin) * step);
}

double SumOf(std::span<const double> values) { return std::accumulate(values.begin(), values.end(), 0.0); }

class Injection {
 public:
  Injection(const Panel& panel, const RealHomes& homes, const SimulationOptions& options)
      : panel_(panel), homes_(homes), options_(options), rows_(Candidates(panel, homes, options.seed)) {}

  void MakePlans() {
    for (std::size_t i = 0; i < rows_.size(); ++i) plans_.push_back(PlanOf(i, homes_.SpanOf(rows_[i]), options_));
    PairSwaps(
        [this](const Attack& attack, const Plan& plan) {
          const DaySpan span = homes_.SpanOf(rows_[plan.consumer]);
          if (span.begin > attack.begin || span.end < attack.end) return std::numeric_limits<double>::infinity();
          std::vector<double> used = homes_.Used(rows_[plan.consumer]);
          return SumOf(Window(used, attack.begin, attack.end, homes_.per_day()));
        },
        plans_);
    plan_of_.assign(panel_.rows(), nullptr);
    for (const Plan& plan : plans_) plan_of_[rows_[plan.consumer]] = &plan;
  }

  /// Fills one row of the outcome.
  void Fill(std::size_t row, Simulation& to) const {
    std::vector<double> used = homes_.Used(row);
    std::vector<double> metered = used;
    Truth& truth = to.truth[row];
    truth.consumer = to.panel.ids[row];
    const Plan* plan = plan_of_[row];
    if (plan != nullptr && plan->partner) truth.partner = to.panel.ids[rows_[*plan->partner]];
    if (plan != nullptr && plan->role == Role::kTheft) Steal(*plan, metered, truth);
    if (plan != nullptr && plan->swapped) Suffer(*plan, metered, truth);
    const DaySpan span = homes_.SpanOf(row);
    truth.kwh_used = SumOf(Window(used, span.begin, span.end, homes_.per_day()));
    to.panel.labels[row] = truth.kind == "theft" ? 1 : 0;

    const std::vector<double> filed = homes_.Filed(row);
    SeriesKind& kind = to.panel.kinds[0];
    for (std::size_t i = 0; i < homes_.slots().size(); ++i) {
      const std::size_t slot = homes_.slots()[i];
      const std::size_t at = row * homes_.slots().size() + i;
      kind.missing[at] = std::isnan(filed[slot]) ? 1 : 0;
      kind.values[at] = kind.missing[at] != 0 || metered[slot] == used[slot] ? filed[slot] : Rounded(metered[slot]);
      if (kind.missing[at] == 0 && truth.kind == "theft") truth.kwh_taken_observed += used[slot] - metered[slot];
    }
  }

 private:
  void Steal(const Plan& plan, std::vector<double>& metered, Truth& truth) const {
    truth.kind = "theft";
    numerics::Random random(SeedOf(options_.seed, Stream::kAttackNoise, plan.consumer));
    for (const Attack& attack : plan.attacks) {
      std::vector<double> other;
      if (plan.partner) other = homes_.Used(rows_[*plan.partner]);
      TruthAttack done{.number = attack.number, .start_day = homes_.first_day() + attack.start, .stop_day = {}};
      done.kwh_taken = ApplyAttack(attack, homes_.per_day(), metered, other, random);
      if (attack.stopped) done.stop_day = homes_.first_day() + static_cast<std::int64_t>(attack.end);
      truth.attacks.push_back(done);
      truth.kwh_taken += done.kwh_taken;
    }
  }

  /// The victim's meter counts what the thief uses.
  void Suffer(const Plan& plan, std::vector<double>& metered, Truth& truth) const {
    std::vector<double> thief = homes_.Used(rows_[*plan.partner]);
    const Attack& attack = *plan.swapped;
    const auto from = Window(thief, attack.begin, attack.end, homes_.per_day());
    std::copy(from.begin(), from.end(), Window(metered, attack.begin, attack.end, homes_.per_day()).begin());
    truth.kind = "twin";
    truth.twin = kSwapVictim;
    truth.twin_day = homes_.first_day() + attack.start;
  }

  // Other decimals than the file's would give the thieves away.
  double Rounded(double kwh) const {
    return homes_.scale() > 0 ? std::round(kwh * homes_.scale()) / homes_.scale() : kwh;
  }

  const Panel& panel_;
  const RealHomes& homes_;
  const SimulationOptions& options_;
  std::vector<std::size_t> rows_;  ///< of the candidates, in their order
  std::vector<Plan> plans_;        ///< of the candidates
  std::vector<const Plan*> plan_of_;
};

Simulation EmptyLike(const Panel& panel, const RealHomes& homes) {
  auto timeline = std::make_shared<Timeline>();
  timeline->times = homes.times();
  timeline->cadence = panel.kinds[0].timeline->cadence;
  const std::size_t readings = panel.rows() * timeline->times.size();
  Simulation simulation;
  simulation.panel.source = panel.source + " with simulated attacks";
  for (const std::string& id : panel.ids) simulation.panel.ids.push_back(std::string(kIdPrefix) + id);
  simulation.panel.labels.resize(panel.rows());
  simulation.panel.kinds.push_back({.name = panel.kinds[0].name,
                                    .unit = panel.kinds[0].unit,
                                    .group = panel.kinds[0].group,
                                    .timeline = timeline,
                                    .values = std::vector<double>(readings),
                                    .missing = std::vector<std::uint8_t>(readings)});
  simulation.truth.resize(panel.rows());
  return simulation;
}

}  // namespace

Result<Simulation> InjectAttacks(const Panel& panel, const SimulationOptions& options, const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(CheckOdds(options));
  METERHOUND_ASSIGN_OR_RETURN(const RealHomes homes, RealHomes::Lay(panel));
  Injection injection(panel, homes, options);
  injection.MakePlans();
  Simulation simulation = EmptyLike(panel, homes);
  context.progress.Begin("simulate", panel.rows(), "consumers");
  context.pool.ParallelFor(
      panel.rows(), 16,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t row = begin; row < end; ++row) injection.Fill(row, simulation);
        context.progress.Advance(end - begin);
      },
      context.stop);
  context.progress.End();
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return simulation;
}

}  // namespace meterhound::simulate
