// A made-up town of electricity consumers, some of whom steal: readings with known truth, to rehearse and test on.
//
// Simulated readings measure recall per kind of attack and guard against regressions. They say nothing about how well a
// detector works on real consumers: models near .99 on simulated thefts fall to .75 on real ones.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/panel.h"
#include "base/result.h"
#include "base/run_context.h"

namespace meterhound::simulate {

/// Attacks are numbered 1 to kAttacks, in the order of the literature they are gathered from (see attacks.h).
inline constexpr int kAttacks = 14;

/// What every simulated consumer's id begins with, so that made-up readings can be told from real ones.
inline constexpr std::string_view kIdPrefix = "SIM-";

/// "scale", "zero_spell", ... for 1 to kAttacks.
std::string_view AttackName(int number);

/// Numbers of the attacks in a list such as "scale,7,on_off"; "all" stands for every one. kInvalidInput naming the
/// nearest known name. @param where names the flag for the error.
Result<std::vector<int>> ParseAttacks(std::string_view list, std::string_view where);

struct SimulationOptions {
  std::size_t consumers = 3000;
  std::size_t days = 1034;  ///< days with readings, at least 28
  CivilDate first_day = {2014, 1, 1};
  double theft_share = 0.0853;  ///< of all consumers; their number is exactly round(share * consumers)
  double twin_share = 0.12;     ///< of the honest: those to whom something happens that looks like theft
  std::uint64_t seed = 1;
  Cadence cadence = Cadence::kDaily;  ///< kDaily or kHalfHourly, which adds up to the same days
  bool gaps = true;                   ///< lose readings as real files do; without it every reading is there
  bool faults = true;                 ///< false zeros and a few absurd spikes, as real meters and their files show
  bool skip_absent_day = true;        ///< SGCC has no column for 2016-09-18
  double early_start_share = 0.15;    ///< of the thieves: began before the first day, so that no honest past is seen
  double stop_share = 0.2;            ///< of the thieves: stopped before the last day
  double mixture_share = 0.12;        ///< of the thieves: a second attack on top of the first
  /// How often each attack is tried, relative to the others; 0 leaves one out. The default favours what crews find.
  std::array<double, kAttacks> attack_weights = {16, 5, 12, 8, 6, 2, 12, 8, 9, 10, 6, 1, 3, 2};
};

/// One attack as it was carried out.
struct TruthAttack {
  int number = 0;
  std::int64_t start_day = 0;            ///< days since 1970-01-01; may lie before the first reading
  std::optional<std::int64_t> stop_day;  ///< the first honest day after it, or nothing when it goes on to the end
  double kwh_taken = 0;  ///< used minus metered, over all days of the span, whether or not a reading was kept
};

/// What really happened at one consumer; in the order of the panel's rows.
struct Truth {
  std::string consumer;
  std::string kind = "honest";           ///< "honest", "theft" or "twin" (honest, but looking like theft)
  std::vector<TruthAttack> attacks;      ///< thefts only: one, or two in a mixture
  double kwh_used = 0;                   ///< over all days of the span
  double kwh_taken = 0;                  ///< sum of the attacks'
  double kwh_taken_observed = 0;         ///< the part of it that falls on readings that were kept
  std::string twin;                      ///< twins only: "vacancy", "solar_panels", ... (see honest_twins.h)
  std::optional<std::int64_t> twin_day;  ///< twins only: when it began
  std::string partner;                   ///< attack 13 and its victim: whose meter was exchanged with whose
};

struct Simulation {
  /// Rows ascend by id. Ids are hashes of seed and position, so the order says nothing about the label. One kind,
  /// "value"; a missing reading is NaN and marked in the mask. Labels: 1 theft, 0 honest and twins.
  Panel panel;
  std::vector<Truth> truth;
};

/// Deterministic for a seed, whatever the number of threads. A consumer (known by its id) is the same in a larger town,
/// apart from the pairing of attack 13. Gaps, faults and cadence do not change what was used or taken.
/// Errors: kInvalidInput naming the option; kCancelled.
Result<Simulation> Simulate(const SimulationOptions& options, const RunContext& context);

/// The same attacks on real readings of consumers who are taken to be honest: what was filed loses what the attack
/// takes; every gap stays, and no twin, gap or fault is added. Of the options only theft_share, seed, the attacks' odds
/// and the shares of early starts, stops and mixtures count. An attack lies within the span of its consumer's own
/// readings; those with fewer than 28 days are left alone. Energy on lost readings, which some attacks need, is taken
/// to be the consumer's mean at that time of the day, or that day of the week.
///
/// Rows keep their order and ids get kIdPrefix, because half of what they say is made up. Who steals follows from the
/// seed and the ids, not from the order of rows. Readings at times that differ between consumers come on one axis.
/// Errors: kInvalidInput for a panel with several kinds, a cadence below daily, or somebody labelled theft.
Result<Simulation> InjectAttacks(const Panel& homes, const SimulationOptions& options, const RunContext& context);

/// CSV: consumer, kind, label, attack, attack_name, start, stop, kwh_used, kwh_taken, kwh_taken_observed, twin,
/// partner. A mixture joins its two attacks by "+" and gives the earliest start and latest stop.
Status WriteTruth(const Simulation& simulation, const std::filesystem::path& path);

}  // namespace meterhound::simulate
