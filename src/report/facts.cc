// Turns a case's scores, findings and SHAP values into facts, one function a kind.
#include "report/facts.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "explain/column_parts.h"

namespace meterhound::report {
namespace {

struct NumberOfFinding {
  const char* finding;
  const char* number;  // in the finding
  const char* role;    // in the fact
  Unit unit;
};

// Every number of a finding that a sentence may say.
constexpr NumberOfFinding kNumbers[] = {
    {"level_drop", "before_kwh_per_day", "before", Unit::kRate},
    {"level_drop", "after_kwh_per_day", "after", Unit::kRate},
    {"level_drop", "drop_share", "share", Unit::kShare},
    {"level_rise", "before_kwh_per_day", "before", Unit::kRate},
    {"level_rise", "after_kwh_per_day", "after", Unit::kRate},
    {"missing_energy", "missing_kwh", "missing", Unit::kEnergy},
    {"missing_energy", "missing_kwh_low", "low", Unit::kEnergy},
    {"missing_energy", "missing_kwh_high", "high", Unit::kEnergy},
    {"zero_streak", "zero_readings", "zeros", Unit::kTimes},
    {"flat_readings", "same_readings", "readings", Unit::kReadings},
    {"flat_readings", "kwh", "level", Unit::kEnergy},
    {"weekday_pattern_lost", "weekday_variation_before", "before", Unit::kShare},
    {"weekday_pattern_lost", "weekday_variation_after", "after", Unit::kShare},
    {"weekday_pattern_kept", "weekday_variation_before", "before", Unit::kShare},
    {"weekday_pattern_kept", "weekday_variation_after", "after", Unit::kShare},
    {"steady_year", "year_before_kwh_per_day", "before", Unit::kRate},
    {"steady_year", "last_year_kwh_per_day", "after", Unit::kRate},
    {"gap_at_change", "missing_readings", "readings", Unit::kReadings},
    {"few_readings", "observed_share", "observed", Unit::kShare},
    {"no_change", "mean_kwh_per_day", "level", Unit::kRate},
};

// Findings whose span has two ends worth saying; of the others only the beginning is.
constexpr std::string_view kSpans[] = {"zero_streak", "flat_readings", "gap_at_change"};
// Findings that speak of the whole record: no date.
constexpr std::string_view kDateless[] = {"missing_energy", "steady_year", "seasonal_absence", "few_readings",
                                          "no_change"};

template <typename Codes>
bool Among(const Codes& codes, std::string_view code) {
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

void AddDates(const explain::Finding& finding, Fact& fact) {
  if (!Among(kDateless, finding.code)) fact.dates.push_back({"from", finding.begin});
  if (finding.code == "level_drop" && !finding.to_the_end) {
    fact.form = "level_drop.ended";
    fact.dates.push_back({"until", finding.end});
  } else if (finding.code == "zero_streak" && finding.to_the_end) {
    fact.form = "zero_streak.to_the_end";
  } else if (Among(kSpans, finding.code)) {
    fact.dates.push_back({"to", finding.end});
  }
  for (const auto& [role, time] : finding.dates) fact.dates.push_back({role, time});
}

void AddMoney(const Case& one, Fact& fact) {
  if (!one.evidence.missing_money || !(one.evidence.missing_money->value > 0)) return;
  const explain::Estimate& money = *one.evidence.missing_money;
  fact.form = "missing_energy.money";
  fact.quantities.push_back({"money", money.value, Unit::kMoney});
  fact.quantities.push_back({"money_low", money.low, Unit::kMoney});
  fact.quantities.push_back({"money_high", money.high, Unit::kMoney});
}

Fact FromFinding(const Case& one, const explain::Finding& finding) {
  Fact fact{.code = finding.code,
            .form = finding.code,
            .source = finding.code == "few_readings" ? FactSource::kQuality : FactSource::kEvidence,
            .speaks = finding.direction == explain::Direction::kFor ? Speaks::kFor : Speaks::kAgainst,
            .weight = finding.weight,
            .quantities = {},
            .dates = {}};
  for (const NumberOfFinding& number : kNumbers) {
    if (number.finding != finding.code) continue;
    for (const auto& [name, value] : finding.numbers) {
      if (name == number.number) fact.quantities.push_back({number.role, value, number.unit});
    }
  }
  AddDates(finding, fact);
  if (finding.code == "missing_energy") AddMoney(one, fact);
  return fact;
}

Fact FromContribution(const explain::Contribution& contribution) {
  const bool raises = contribution.log_odds > 0;
  Fact fact{.code = raises ? "raises" : "lowers",
            .form = raises ? "raises" : "lowers",
            .source = FactSource::kShap,
            .speaks = raises ? Speaks::kFor : Speaks::kAgainst,
            .quantities = {{"factor", std::exp(std::fabs(contribution.log_odds)), Unit::kFactor}},
            .dates = {},
            .feature = contribution.feature,
            .category = contribution.category};
  if (!fact.category.empty()) return fact;
  if (explain::CountsDays(contribution.feature) && std::isfinite(contribution.value)) {
    fact.dates.push_back({"value", contribution.value * kSecondsPerDay});
  } else {
    fact.quantities.push_back({"value", contribution.value, Unit::kNumber});
  }
  return fact;
}

Fact ByRule(const std::string& code, const std::string& form) {
  return {.code = code, .form = form, .source = FactSource::kRule, .quantities = {}, .dates = {}};
}

Fact ActionFact(const Assessment& assessment) {
  std::string form = std::string("action.") + ActionName(assessment.action);
  if (assessment.action == Action::kVisit) form += std::string("_") + UrgencyName(assessment.urgency);
  return ByRule("action", form);
}

Fact ConfidenceFact(const CaseFacts& facts) {
  std::string form = std::string("confidence.") + ConfidenceName(facts.assessment.confidence);
  if (facts.assessment.confidence == Confidence::kLow && facts.Find("few_readings")) form += ".few_readings";
  return ByRule("confidence", form);
}

Fact SignFact(const Case& one) {
  return {.code = "sign",
          .form = "sign",
          .source = FactSource::kModel,
          .speaks = Speaks::kFor,
          .quantities = {{"one_in", one.sign_one_in, Unit::kConsumers}},
          .dates = {},
          .word = "signs." + one.sign};
}

Fact ProbabilityFact(const Case& one, const RunReport& run) {
  return {.code = "probability",
          .form = "probability",
          .source = FactSource::kModel,
          .quantities = {{"probability", one.probability, Unit::kShare},
                         {"rank", static_cast<double>(one.rank), Unit::kRank},
                         {"of", static_cast<double>(run.consumers), Unit::kConsumers}},
          .dates = {}};
}

const char* SourceName(FactSource source) {
  constexpr const char* kNames[] = {"model", "shap", "evidence", "quality", "rule"};
  return kNames[static_cast<std::size_t>(source)];
}

const char* SpeaksName(Speaks speaks) {
  constexpr const char* kNames[] = {"for", "against", "neither"};
  return kNames[static_cast<std::size_t>(speaks)];
}

}  // namespace

const char* UnitName(Unit unit, Cadence cadence) {
  if (unit == Unit::kRate) return HasCalendar(cadence) ? "kwh_a_day" : "kwh_a_reading";
  constexpr const char* kNames[] = {"number", "rank",  "factor",   "share", "",
                                    "kwh",    "money", "readings", "times", "consumers"};
  return kNames[static_cast<std::size_t>(unit)];
}

const Fact* CaseFacts::Find(std::string_view code) const {
  const auto found = std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.code == code; });
  return found == facts.end() ? nullptr : &*found;
}

CaseFacts FindFacts(const Case& one, const RunReport& run) {
  CaseFacts all{.facts = {}, .assessment = Assess(one), .cadence = one.series.cadence, .currency = run.currency};
  all.facts.push_back(ActionFact(all.assessment));
  all.facts.push_back(ProbabilityFact(one, run));
  if (!one.sign.empty()) all.facts.push_back(SignFact(one));
  for (const explain::Finding& finding : one.evidence.findings) all.facts.push_back(FromFinding(one, finding));
  const auto& strongest = one.explanation.strongest;
  const auto raising =
      std::find_if(strongest.begin(), strongest.end(), [](const explain::Contribution& c) { return c.log_odds > 0; });
  if (!all.Find("level_drop") && raising != strongest.end()) {
    Fact fact = ByRule("no_drop", "no_drop");
    fact.source = FactSource::kShap;
    fact.feature = raising->feature;
    all.facts.push_back(std::move(fact));
  }
  for (const explain::Contribution& contribution : strongest) all.facts.push_back(FromContribution(contribution));
  all.facts.push_back(ConfidenceFact(all));
  return all;
}

Json FactsJson(const CaseFacts& facts) {
  Json list = Json::array();
  for (const Fact& fact : facts.facts) {
    Json json = {{"code", fact.code},
                 {"form", fact.form},
                 {"source", SourceName(fact.source)},
                 {"speaks", SpeaksName(fact.speaks)},
                 {"quantities", Json::object()},
                 {"dates", Json::object()}};
    for (const Quantity& quantity : fact.quantities) {
      json["quantities"][quantity.role] = {{"value", quantity.value}, {"unit", UnitName(quantity.unit, facts.cadence)}};
    }
    for (const FactDate& date : fact.dates) {
      json["dates"][date.role] = HasCalendar(facts.cadence) || fact.source == FactSource::kShap
                                     ? Json(FormatDate(date.time))
                                     : Json(date.time);
    }
    if (!fact.feature.empty()) json["feature"] = fact.feature;
    if (!fact.word.empty()) json["word"] = fact.word;
    if (!fact.category.empty()) json["category"] = fact.category;
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace meterhound::report
