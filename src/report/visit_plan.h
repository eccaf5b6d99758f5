// VisitPlan: whom to visit under a budget, what that is expected to bring, and how it is written down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "detectors/evaluation.h"
#include "explain/evidence.h"

namespace meterhound::report {

/// What asks for a plan, as it was asked for.
struct PlanTerms {
  std::optional<std::size_t> visits;  ///< either as many visits as this,
  std::optional<double> budget;       ///< or as many as cost no more than this
  double visit_cost = 0;
  double tariff = 0;  ///< money a kWh
  std::string currency;
  std::string travel_by;  ///< name of the column that says the district; empty: travel costs nothing
  double random_share = 0;
  std::uint64_t seed = 1;
};

struct PlannedVisit {
  std::size_t rank = 0;  ///< 1 = first: ranked visits by expected net, then those drawn at random by id
  std::string consumer_id;
  bool drawn = false;                ///< at random, to learn from
  double selection_probability = 1;  ///< with which the plan came to choose this consumer, given the list
  explain::Estimate probability;
  explain::Estimate kwh;  ///< expected to be recovered: probability times energy missing
  bool dated = false;     ///< the energy is that of a dated drop; else the plan's typical_kwh
  explain::Estimate net;  ///< kwh at the tariff, less `cost`
  double cost = 0;        ///< the visit's and, for the first of its district, the travel's
  std::string district;
};

/// A share of visits that found theft, in the model's evaluation.
struct MeasuredPrecision {
  std::string view;  ///< of the features: "all", "prospective"
  detectors::Interval precision;
};

struct VisitPlan {
  std::string title;  ///< what was planned from
  PlanTerms terms;
  std::size_t consumers = 0;       ///< that could have been chosen
  std::size_t visited_before = 0;  ///< left out
  std::vector<PlannedVisit> visits;
  std::size_t drawn = 0;       ///< visits at random
  std::size_t drawn_from = 0;  ///< consumers that these were drawn from
  std::size_t districts = 0;   ///< travelled to
  double cost = 0;
  explain::Estimate hits;  ///< visits that find theft; 95 % of outcomes lie within low and high, here and below
  explain::Estimate kwh;
  explain::Estimate money;
  explain::Estimate net;
  double ranked_net = 0;  ///< of the ranked visits, expected
  double at_most = 0;     ///< no choice of ranked visits under their part of the budget can be expected to bring more
  std::optional<explain::Estimate> typical_kwh;  ///< where no drop is dated; unset when that is nowhere
  std::vector<MeasuredPrecision> precision;      ///< of as many visits in the order of probability; empty: not measured
  std::size_t seen = 0;    ///< consumers that the model was trained on and yet had to judge itself
  bool simulated = false;  ///< made-up consumers: say so everywhere
};

/// plan.csv: one row a visit.
std::string PlanCsv(const VisitPlan& plan);
/// plan.json: the same with the terms and what is expected of the whole.
Json PlanJson(const VisitPlan& plan);
/// The whole in words, at most 100 columns.
std::string PlanText(const VisitPlan& plan);

}  // namespace meterhound::report
