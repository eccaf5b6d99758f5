// Candidates, the ranked choice among them, the draw from the rest, and what all of it is expected to bring.
#include "pipeline/planning.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "base/file.h"
#include "base/hashing.h"
#include "base/numbers.h"
#include "numerics/budgeted_choice.h"
#include "numerics/random.h"
#include "pipeline/typical_energy.h"
#include "readings/columns.h"
#include "readings/csv.h"
#include "readings/input.h"
#include "simulate/simulate.h"

namespace meterhound::pipeline {
namespace {

using explain::Estimate;

constexpr double kNormal975 = 1.959963984540054;
constexpr std::uint64_t kOutcomeStream = 1;

struct Candidate {
  const ScoredConsumer* consumer;
  std::size_t district = 0;  ///< position in Planner::districts_
  bool drawn = false;
};

struct District {
  std::string name;
  double travel = 0;
};

class Planner {
 public:
  Planner(const ScoredList& list, const Feedback& feedback, const PlanOptions& options)
      : list_(list), feedback_(feedback), options_(options), terms_(options.terms) {}

  Result<report::VisitPlan> Run() {
    plan_.terms = terms_;
    METERHOUND_RETURN_IF_ERROR(CheckTerms());
    METERHOUND_RETURN_IF_ERROR(TakeCandidates());
    METERHOUND_RETURN_IF_ERROR(LearnTypical());
    Rank();
    Draw();
    WriteVisits();
    Foresee();
    return std::move(plan_);
  }

 private:
  Status CheckTerms() const {
    if (terms_.visits.has_value() == terms_.budget.has_value()) {
      return InvalidInput(terms_.visits ? "found both --visits and --budget, expected one of them"
                                        : "found no budget, expected --visits N or --budget MONEY",
                          "plan");
    }
    if (!(terms_.tariff > 0)) return InvalidInput("found 0, expected the money a kWh brings", "--tariff");
    if (terms_.budget && !(terms_.visit_cost > 0)) {
      return InvalidInput("found 0, expected what a visit takes of the budget", "--visit-cost");
    }
    return {};
  }

  Status TakeCandidates() {
    METERHOUND_RETURN_IF_ERROR(CheckVisits());
    std::unordered_set<std::string_view> visited;
    for (const readings::Visit& visit : feedback_.visits) {
      if (visit.outcome != readings::Outcome::kNoAccess) visited.insert(visit.consumer);
    }
    for (const ScoredConsumer& consumer : list_.consumers) {
      if (!visited.contains(consumer.id)) candidates_.push_back({&consumer});
    }
    plan_.consumers = candidates_.size();
    plan_.visited_before = list_.consumers.size() - candidates_.size();
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
      const double difference = a.consumer->probability.value - b.consumer->probability.value;
      return difference != 0 ? difference > 0 : a.consumer->id < b.consumer->id;
    });
    return FindDistricts();
  }

  Status FindDistricts() {
    METERHOUND_ASSIGN_OR_RETURN(const std::optional<std::size_t> column, DistrictColumn());
    std::unordered_map<std::string, std::size_t> known;
    for (Candidate& one : candidates_) {
      const std::string district = column ? one.consumer->further[*column] : "";
      const auto [found, is_new] = known.emplace(district, districts_.size());
      if (is_new) {
        METERHOUND_ASSIGN_OR_RETURN(const double travel, TravelTo(district, one.consumer->id));
        districts_.push_back({district, travel});
      }
      one.district = found->second;
    }
    return {};
  }

  Status CheckVisits() const {
    if (options_.skip_unknown || feedback_.visits.empty()) return {};
    std::unordered_set<std::string_view> known;
    for (const ScoredConsumer& consumer : list_.consumers) known.insert(consumer.id);
    for (const readings::Visit& visit : feedback_.visits) {
      if (!known.contains(visit.consumer)) return UnknownConsumer(visit, "the list");
    }
    return {};
  }

  Result<std::optional<std::size_t>> DistrictColumn() const {
    if (terms_.travel_by.empty()) return std::optional<std::size_t>();
    const std::vector<std::string_view> names(list_.further.begin(), list_.further.end());
    const auto found = readings::FindColumn(names, terms_.travel_by, {});
    if (found) return found;
    std::string known;
    for (const std::string& name : list_.further) known += (known.empty() ? "" : ", ") + name;
    return InvalidInput(
        "found no column '" + terms_.travel_by +
            "' in the list, expected one of its further columns: " + (known.empty() ? "it has none" : known),
        "--travel-by");
  }

  Result<double> TravelTo(const std::string& district, const std::string& consumer) const {
    if (terms_.travel_by.empty()) return 0.0;
    if (const auto found = options_.travel_costs.find(district); found != options_.travel_costs.end()) {
      return found->second;
    }
    if (options_.travel_cost) return *options_.travel_cost;
    return InvalidInput("found no cost for " + terms_.travel_by + " '" + district + "' of consumer '" + consumer +
                            "', expected one in --travel-costs, or --travel-cost for all that it lacks",
                        "--travel-costs");
  }

  Status LearnTypical() {
    std::vector<double> kwh;
    std::vector<double> weights;
    if (options_.typical_kwh) {
      typical_ = TypicalEnergy({*options_.typical_kwh}, {1});
      return {};
    }
    for (const readings::Visit& visit : feedback_.visits) {
      if (visit.kwh_found.value_or(0) > 0) kwh.push_back(*visit.kwh_found);
    }
    weights.assign(kwh.size(), 1);
    if (kwh.size() < kLeastFound) {
      kwh.clear();
      weights.clear();
      for (const ScoredConsumer& consumer : list_.consumers) {
        if (!consumer.missing_kwh || !(consumer.probability.value > 0)) continue;
        kwh.push_back(consumer.missing_kwh->value);
        weights.push_back(consumer.probability.value);
      }
    }
    if (kwh.empty()) {
      return InvalidInput("no consumer on the list has a dated drop; expected the kWh that a theft withholds",
                          "--typical-kwh");
    }
    typical_ = TypicalEnergy(std::move(kwh), std::move(weights));
    return {};
  }

  const Estimate& MissingKwh(const Candidate& one) const {
    return one.consumer->missing_kwh ? *one.consumer->missing_kwh : typical_.estimate();
  }
  double Gain(const Candidate& one) const {
    return one.consumer->probability.value * MissingKwh(one).value * terms_.tariff - terms_.visit_cost;
  }
  std::size_t VisitsToDraw() const {
    return static_cast<std::size_t>(std::lround(terms_.random_share * static_cast<double>(*terms_.visits)));
  }

  void Rank() {
    numerics::ChoiceProblem problem;
    for (const Candidate& one : candidates_) {
      problem.profit.push_back(Gain(one));
      problem.group.push_back(one.district);
    }
    for (const District& district : districts_) {
      problem.opening_loss.push_back(district.travel);
      problem.opening_weight.push_back(terms_.budget ? district.travel : 0);
    }
    if (terms_.budget) {
      problem.item_weight = terms_.visit_cost;
      problem.budget = (1 - terms_.random_share) * *terms_.budget;
    } else {
      problem.budget = static_cast<double>(*terms_.visits - VisitsToDraw());
    }
    const numerics::Choice choice = numerics::ChooseUnderBudget(problem);
    plan_.ranked_net = choice.profit;
    plan_.at_most = choice.at_most;
    ranked_weight_ = choice.weight;
    chosen_ = choice.items;
    std::sort(chosen_.begin(), chosen_.end(), [&](std::size_t a, std::size_t b) {
      return problem.profit[a] != problem.profit[b] ? problem.profit[a] > problem.profit[b] : a < b;
    });
  }

  // Each of the others is as likely to be drawn, wherever it lives: their number is fixed before the draw, for a budget
  // as if every draw opened the dearest district left.
  void Draw() {
    std::vector<std::uint8_t> taken(candidates_.size(), 0);
    std::vector<std::uint8_t> open(districts_.size(), 0);
    for (const std::size_t i : chosen_) taken[i] = open[candidates_[i].district] = 1;
    std::vector<std::pair<std::uint64_t, std::size_t>> others;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (taken[i]) continue;
      Hasher64 hasher;
      hasher.AddText(candidates_[i].consumer->id);
      others.emplace_back(numerics::MixSeed(terms_.seed, hasher.Finish()), i);
    }
    std::sort(others.begin(), others.end());
    plan_.drawn_from = others.size();
    plan_.drawn = std::min(others.size(), terms_.budget ? AffordableDraws(open) : VisitsToDraw());
    std::vector<std::size_t> drawn;
    for (std::size_t k = 0; k < plan_.drawn; ++k) drawn.push_back(others[k].second);
    std::sort(drawn.begin(), drawn.end(),
              [&](std::size_t a, std::size_t b) { return candidates_[a].consumer->id < candidates_[b].consumer->id; });
    for (const std::size_t i : drawn) candidates_[i].drawn = true;
    chosen_.insert(chosen_.end(), drawn.begin(), drawn.end());
  }

  std::size_t AffordableDraws(const std::vector<std::uint8_t>& open) const {
    std::vector<double> travels;
    for (std::size_t d = 0; d < districts_.size(); ++d) {
      if (!open[d]) travels.push_back(districts_[d].travel);
    }
    std::sort(travels.begin(), travels.end(), std::greater<>());
    // Their share, and what the ranked visits could not use of theirs because it is less than a visit.
    const double ranked_part = (1 - terms_.random_share) * *terms_.budget;
    const double unused = std::min(ranked_part - ranked_weight_, 0.999 * terms_.visit_cost);
    const double reserved = *terms_.budget - ranked_part + unused;
    double spent = 0;
    std::size_t draws = 0;
    while (terms_.random_share > 0 && draws < candidates_.size()) {
      spent += terms_.visit_cost + (draws < travels.size() ? travels[draws] : 0);
      if (spent > reserved * (1 + 1e-9)) break;
      ++draws;
    }
    return draws;
  }

  void WriteVisits() {
    std::unordered_set<std::size_t> open;
    for (const std::size_t i : chosen_) {
      const Candidate& one = candidates_[i];
      const Estimate& probability = one.consumer->probability;
      const Estimate& missing = MissingKwh(one);
      report::PlannedVisit visit{
          .rank = plan_.visits.size() + 1,
          .consumer_id = one.consumer->id,
          .drawn = one.drawn,
          .selection_probability =
              one.drawn ? static_cast<double>(plan_.drawn) / static_cast<double>(plan_.drawn_from) : 1,
          .probability = probability,
          .kwh = {probability.value * missing.value, probability.low * missing.low, probability.high * missing.high},
          .dated = one.consumer->missing_kwh.has_value(),
          .net = {},
          .cost = terms_.visit_cost,
          .district = districts_[one.district].name};
      if (open.insert(one.district).second) visit.cost += districts_[one.district].travel;
      for (const auto end : {&Estimate::value, &Estimate::low, &Estimate::high}) {
        visit.net.*end = visit.kwh.*end * terms_.tariff - visit.cost;
      }
      plan_.cost += visit.cost;
      if (!visit.dated) plan_.typical_kwh = typical_.estimate();
      plan_.visits.push_back(std::move(visit));
    }
    plan_.districts = terms_.travel_by.empty() ? 0 : open.size();
  }

  // Outcomes of the whole plan, simulated.
  void Foresee() {
    std::vector<double> hits(options_.outcomes, 0);
    std::vector<double> kwh(options_.outcomes, 0);
    for (std::size_t draw = 0; draw < options_.outcomes; ++draw) {
      numerics::Random random(numerics::MixSeed(terms_.seed, kOutcomeStream), draw);
      const double error = random.Normal() / kNormal975;  // of the calibration, in half-widths of its interval
      for (const std::size_t i : chosen_) {
        const ScoredConsumer& consumer = *candidates_[i].consumer;
        const Estimate& p = consumer.probability;
        const double shift = error > 0 ? error * (p.high - p.value) : error * (p.value - p.low);
        if (!random.Bernoulli(std::clamp(p.value + shift, 0.0, 1.0))) continue;
        hits[draw] += 1;
        if (consumer.missing_kwh) {
          const Estimate& missing = *consumer.missing_kwh;
          kwh[draw] += std::max(0.0, missing.value + random.Normal() * (missing.high - missing.value) / 2);
        } else {
          kwh[draw] += typical_.Draw(random);
        }
      }
    }
    for (const report::PlannedVisit& visit : plan_.visits) {
      plan_.hits.value += visit.probability.value;
      plan_.kwh.value += visit.kwh.value;
    }
    SetEnds(hits, plan_.hits);
    SetEnds(kwh, plan_.kwh);
    for (const auto end : {&Estimate::value, &Estimate::low, &Estimate::high}) {
      plan_.money.*end = plan_.kwh.*end * terms_.tariff;
      plan_.net.*end = plan_.money.*end - plan_.cost;
    }
  }

  static void SetEnds(std::vector<double>& outcomes, Estimate& to) {
    std::sort(outcomes.begin(), outcomes.end());
    to.low = outcomes[outcomes.size() / 40];
    to.high = outcomes[outcomes.size() - 1 - outcomes.size() / 40];
  }

  const ScoredList& list_;
  const Feedback& feedback_;
  const PlanOptions& options_;
  const report::PlanTerms& terms_;
  std::vector<Candidate> candidates_;  ///< by probability, then id: the list's order says nothing
  std::vector<District> districts_;
  TypicalEnergy typical_;
  double ranked_weight_ = 0;         ///< what the ranked visits take of the budget
  std::vector<std::size_t> chosen_;  ///< candidates in the plan's order
  report::VisitPlan plan_;
};

// The hit rate of the first `share` of consumers: linear between the curve's points.
detectors::Interval HitRateAt(const std::vector<detectors::CurvePoint>& curve, double share) {
  const auto above = std::find_if(curve.begin(), curve.end(), [&](const auto& point) { return point.x >= share; });
  if (above == curve.end()) return {curve.back().y, curve.back().low, curve.back().high};
  if (above == curve.begin()) return {above->y, above->low, above->high};
  const detectors::CurvePoint& below = *(above - 1);
  const double part = (share - below.x) / (above->x - below.x);
  const auto between = [part](double a, double b) { return a + (b - a) * part; };
  return {between(below.y, above->y), between(below.low, above->low), between(below.high, above->high)};
}

void AddPrecision(const detectors::Evaluation& evaluation, report::VisitPlan& plan) {
  const double share = static_cast<double>(plan.visits.size() - plan.drawn) /
                       static_cast<double>(std::max<std::size_t>(1, plan.consumers));
  for (const detectors::EvaluatedView& view : evaluation.views) {
    const bool wanted = &view == &evaluation.views.front() || view.name == detectors::kProspectiveView;
    if (!wanted || view.pooled.hit_rate.empty()) continue;
    plan.precision.push_back({view.name, HitRateAt(view.pooled.hit_rate, share)});
  }
}

}  // namespace

Result<std::map<std::string, double>> ReadTravelCosts(const std::filesystem::path& path) {
  METERHOUND_ASSIGN_OR_RETURN(const readings::Input input, readings::Input::Open(path));
  readings::CsvReader csv(input.text(), input.name());
  METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
  const auto district = has_header ? readings::FindColumn(csv.fields(), "district", {}) : std::nullopt;
  const auto cost = has_header ? readings::FindColumn(csv.fields(), "cost", {}) : std::nullopt;
  if (!district || !cost) {
    return InvalidInput(
        std::string("found no column ") + (district ? "cost" : "district") + ", expected district and cost",
        has_header ? csv.Place() : input.name());
  }
  const std::size_t width = csv.fields().size();
  std::map<std::string, double> costs;
  while (true) {
    METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
    if (!more) return costs;
    METERHOUND_RETURN_IF_ERROR(CheckWidth(csv, width));
    const auto number = ParseDouble(readings::Trim(csv.fields()[*cost]));
    if (!number || !(*number >= 0 && *number < 1e12)) {
      return InvalidInput("found " + readings::Quote(csv.fields()[*cost]) + ", expected a cost, 0 or more",
                          csv.Place(*cost));
    }
    if (!costs.emplace(readings::Trim(csv.fields()[*district]), *number).second) {
      return InvalidInput("found district " + readings::Quote(csv.fields()[*district]) + " again",
                          csv.Place(*district));
    }
  }
}

Result<report::VisitPlan> MakePlan(const ScoredList& list, const Feedback& feedback, const PlanOptions& options,
                                   const std::optional<detectors::Evaluation>& evaluation) {
  METERHOUND_ASSIGN_OR_RETURN(report::VisitPlan plan, Planner(list, feedback, options).Run());
  if (evaluation) AddPrecision(*evaluation, plan);
  plan.simulated = std::all_of(list.consumers.begin(), list.consumers.end(),
                               [](const ScoredConsumer& one) { return one.id.starts_with(simulate::kIdPrefix); });
  return plan;
}

Status WritePlan(const std::filesystem::path& folder, const report::VisitPlan& plan) {
  METERHOUND_RETURN_IF_ERROR(WriteFile(folder / "plan.csv", report::PlanCsv(plan)));
  METERHOUND_RETURN_IF_ERROR(WriteFile(folder / "plan.json", DumpJson(report::PlanJson(plan))));
  return WriteFile(folder / "plan.txt", report::PlanText(plan));
}

}  // namespace meterhound::pipeline
