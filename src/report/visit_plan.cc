// A plan as CSV for crews, as JSON for machines and in words for whoever sends them.
#include "report/visit_plan.h"

#include <cmath>

#include "base/csv_text.h"
#include "base/numbers.h"
#include "report/language.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

const char* Reason(const PlannedVisit& visit) { return visit.drawn ? "random" : "ranked"; }
const char* Basis(const PlannedVisit& visit) { return visit.dated ? "dated_drop" : "typical"; }

void AppendEstimate(std::string& to, const explain::Estimate& estimate) {
  for (const double value : {estimate.value, estimate.low, estimate.high}) {
    to += ',';
    AppendDouble(to, value);
  }
}

template <typename Range>  // an Estimate or an Interval
Json RangeJson(const Range& range) {
  return {{"value", range.value}, {"low", range.low}, {"high", range.high}};
}

std::string Money(double money, const VisitPlan& plan) {
  return Decimal(money, 0) + (plan.terms.currency.empty() ? "" : " " + plan.terms.currency);
}

std::string Visits(std::size_t count) { return WithThousands(count) + (count == 1 ? " visit" : " visits"); }

std::string Range(double low, double high, int decimals) {
  return " (" + Decimal(low, decimals) + " to " + Decimal(high, decimals) + ")";
}

std::string WhatIsExpected(const VisitPlan& plan) {
  return "Expected: " + Decimal(plan.hits.value, 1) + Range(plan.hits.low, plan.hits.high, 0) + " of the " +
         Visits(plan.visits.size()) + " find theft and recover " + EnergyRange(plan.kwh) + ", worth " +
         MoneyRange(plan.money, plan.terms.currency) + ".";
}

std::string WhatItCosts(const VisitPlan& plan) {
  std::string text = "Costs: " + Money(plan.cost, plan);
  if (plan.terms.budget) text += " of " + Money(*plan.terms.budget, plan);
  if (plan.districts > 0) {
    text += ", travel to " + WithThousands(plan.districts) + (plan.districts == 1 ? " district" : " districts") + " (" +
            Printable(plan.terms.travel_by) + ") included";
  }
  return text + ". Net: " + MoneyRange(plan.net, plan.terms.currency) + ". 95 % of outcomes lie in these ranges.";
}

std::string HowGoodTheChoiceIs(const VisitPlan& plan) {
  if (!(plan.at_most > 0)) return {};
  return "The ranked visits are expected to bring " + Money(plan.ranked_net, plan) +
         " net; no other choice under their part of the budget could bring more than " + Money(plan.at_most, plan) +
         ".";
}

std::string WhatIsLeftOut(const VisitPlan& plan) {
  if (!plan.terms.visits || plan.visits.size() >= *plan.terms.visits) return {};
  return Visits(*plan.terms.visits - plan.visits.size()) +
         " less than asked for: no other is expected to bring back what it costs.";
}

std::string WhatWasMeasured(const VisitPlan& plan) {
  std::string text;
  for (const MeasuredPrecision& one : plan.precision) {
    const detectors::Interval& hit = one.precision;
    const std::string share = Decimal(100 * hit.value, 0) + " %" + Range(100 * hit.low, 100 * hit.high, 0);
    if (text.empty()) {
      text = "Measured: of as many visits in the order of probability alone, " + share +
             " found theft among consumers that the model had not seen";
    } else {
      text += "; " + share +
              " without what an inspection may itself change, which is what to expect where nobody has "
              "been yet";
    }
  }
  return text.empty() ? "This model carries no evaluation: how often such visits are right was not measured."
                      : text + ".";
}

std::string WhatIsDrawn(const VisitPlan& plan) {
  if (plan.drawn == 0) return {};
  return Visits(plan.drawn) + " drawn at random from " + WithThousands(plan.drawn_from) +
         " consumers, each with probability " +
         Significant(static_cast<double>(plan.drawn) / static_cast<double>(plan.drawn_from)) +
         ": they cost some money and tell what the ranking cannot see. Keep their selection_probability with what is "
         "found.";
}

std::string WhatEnergyMeans(const VisitPlan& plan) {
  std::size_t typical = 0;
  for (const PlannedVisit& visit : plan.visits) typical += visit.dated ? 0 : 1;
  std::string text = "Energy is the probability of theft times what was not metered since a dated drop";
  if (plan.typical_kwh) {
    text += "; " + Visits(typical) + " without one count " + EnergyRange(*plan.typical_kwh) + " instead";
  }
  return text + ". Money at " + Significant(plan.terms.tariff) +
         (plan.terms.currency.empty() ? "" : " " + plan.terms.currency) +
         " a kWh. What a visit saves later is left out.";
}

}  // namespace

std::string PlanCsv(const VisitPlan& plan) {
  std::string text =
      "rank,consumer_id,reason,selection_probability,probability,probability_low,probability_high,expected_kwh,"
      "expected_kwh_low,expected_kwh_high,energy_from,expected_net,expected_net_low,expected_net_high,cost,district\n";
  for (const PlannedVisit& visit : plan.visits) {
    text += std::to_string(visit.rank) + ",";
    AppendCsvField(text, visit.consumer_id);
    text += std::string(",") + Reason(visit) + "," + FormatDouble(visit.selection_probability);
    AppendEstimate(text, visit.probability);
    AppendEstimate(text, visit.kwh);
    text += std::string(",") + Basis(visit);
    AppendEstimate(text, visit.net);
    text += "," + FormatDouble(visit.cost) + ",";
    AppendCsvField(text, visit.district);
    text += "\n";
  }
  return text;
}

Json PlanJson(const VisitPlan& plan) {
  const PlanTerms& terms = plan.terms;
  Json json = {{"title", plan.title},
               {"simulated", plan.simulated},
               {"trained_on", plan.seen},
               {"terms",
                {{"visits", terms.visits ? Json(*terms.visits) : Json()},
                 {"budget", terms.budget ? Json(*terms.budget) : Json()},
                 {"visit_cost", terms.visit_cost},
                 {"tariff", terms.tariff},
                 {"currency", terms.currency},
                 {"travel_by", terms.travel_by},
                 {"random_share", terms.random_share},
                 {"seed", terms.seed}}},
               {"consumers", plan.consumers},
               {"visited_before", plan.visited_before},
               {"drawn", plan.drawn},
               {"drawn_from", plan.drawn_from},
               {"districts", plan.districts},
               {"cost", plan.cost},
               {"expected",
                {{"hits", RangeJson(plan.hits)},
                 {"kwh", RangeJson(plan.kwh)},
                 {"money", RangeJson(plan.money)},
                 {"net", RangeJson(plan.net)},
                 {"ranked_net", plan.ranked_net},
                 {"ranked_net_at_most", plan.at_most}}},
               {"typical_kwh", plan.typical_kwh ? RangeJson(*plan.typical_kwh) : Json()},
               {"measured_precision", Json::object()},
               {"visits", Json::array()},
               {"note", Language::English().Text("sheet.note")}};
  for (const MeasuredPrecision& one : plan.precision) json["measured_precision"][one.view] = RangeJson(one.precision);
  for (const PlannedVisit& visit : plan.visits) {
    json["visits"].push_back({{"rank", visit.rank},
                              {"consumer_id", visit.consumer_id},
                              {"reason", Reason(visit)},
                              {"selection_probability", visit.selection_probability},
                              {"probability", RangeJson(visit.probability)},
                              {"expected_kwh", RangeJson(visit.kwh)},
                              {"energy_from", Basis(visit)},
                              {"expected_net", RangeJson(visit.net)},
                              {"cost", visit.cost},
                              {"district", visit.district}});
  }
  return json;
}

std::string PlanText(const VisitPlan& plan) {
  std::string text;
  AppendWrapped(text, "",
                "Plan of " + Visits(plan.visits.size()) + " among " + WithThousands(plan.consumers) + " consumers of " +
                    Printable(plan.title));
  if (plan.simulated) text += "SIMULATED DATA: these consumers do not exist.\n";
  if (plan.visited_before > 0) text += WithThousands(plan.visited_before) + " consumers visited before are left out.\n";
  text += "\n";
  for (const std::string& paragraph :
       {WhatIsExpected(plan), WhatItCosts(plan), WhatIsLeftOut(plan), HowGoodTheChoiceIs(plan), WhatWasMeasured(plan),
        WhatIsDrawn(plan), WhatEnergyMeans(plan), Language::English().Text("sheet.note")}) {
    if (!paragraph.empty()) AppendWrapped(text, "", paragraph);
  }
  return text;
}

}  // namespace meterhound::report
