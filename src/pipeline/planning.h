// Planning: whom to visit under a budget, from a scored list.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "detectors/evaluation.h"
#include "pipeline/feedback.h"
#include "pipeline/scored_list.h"
#include "report/visit_plan.h"

namespace meterhound::pipeline {

struct PlanOptions {
  report::PlanTerms terms;
  std::optional<double> travel_cost;           ///< to a district that `travel_costs` does not name
  std::map<std::string, double> travel_costs;  ///< by district
  std::optional<double> typical_kwh;           ///< energy a theft withholds where no drop is dated; unset: estimated
  bool skip_unknown = false;                   ///< visits to consumers that the list lacks are no error
  std::size_t outcomes = 4000;                 ///< simulated, for the intervals
};

/// CSV with the columns district and cost.
Result<std::map<std::string, double>> ReadTravelCosts(const std::filesystem::path& path);

/// Consumers with a visit that told something are left out. Of the rest, ranked visits bring the most that their part
/// of the budget can be expected to (see numerics::ChooseUnderBudget), those of no expected gain left out; then the
/// rest of the visits is drawn at random from the others, by hashes of seed and id, each with the same probability.
///
/// Expected energy is the probability of theft times the energy missing since a dated drop; where none is dated, times
/// a typical energy: `typical_kwh`, or the middle 80 % of what visits found (from kLeastFound on), or of the list's own
/// dated drops, weighted by their probabilities. Intervals of the whole are those of simulated outcomes: one
/// error of calibration for all visits, thefts and energies each of its own.
/// @param evaluation of what made the list, for the measured precision. kInvalidInput names the flag.
Result<report::VisitPlan> MakePlan(const ScoredList& list, const Feedback& feedback, const PlanOptions& options,
                                   const std::optional<detectors::Evaluation>& evaluation);
inline constexpr std::size_t kLeastFound = 5;

/// plan.csv, plan.json and plan.txt.
Status WritePlan(const std::filesystem::path& folder, const report::VisitPlan& plan);

}  // namespace meterhound::pipeline
