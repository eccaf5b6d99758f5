// One case as text for a crew and as JSON for machines.
#include <algorithm>
#include <cmath>

#include "report/case_report.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

void AppendList(std::string& to, std::string_view heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  to += "\n" + std::string(heading) + "\n";
  for (const std::string& line : lines) AppendWrapped(to, "  - ", line);
}

std::string ContributionLine(const explain::Contribution& contribution) {
  const double factor = std::exp(std::fabs(contribution.log_odds));
  return contribution.title + " = " + Printable(contribution.shown) + ": " +
         (contribution.log_odds > 0 ? "raises" : "lowers") + " the odds " + Decimal(factor, 2) + " times";
}

Json EstimateJson(const explain::Estimate& estimate) {
  return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

Json StreaksJson(const std::vector<explain::Streak>& streaks, Cadence cadence) {
  Json list = Json::array();
  for (const explain::Streak& streak : streaks) {
    list.push_back(
        {{"begin", When(streak.begin, cadence)}, {"end", When(streak.end, cadence)}, {"readings", streak.readings}});
  }
  return list;
}

Json EvidenceJson(const explain::Evidence& evidence, Cadence cadence) {
  Json json;
  if (evidence.change) {
    const explain::LevelChange& change = *evidence.change;
    json["change"] = {{"date", When(change.time, cadence)},
                      {"earliest", When(change.earliest, cadence)},
                      {"latest", When(change.latest, cadence)},
                      {"before_per_day", change.before_per_day},
                      {"after_per_day", change.after_per_day},
                      {"strength", change.strength},
                      {"recovered", change.recovered ? Json(When(*change.recovered, cadence)) : Json()}};
  } else {
    json["change"] = nullptr;
  }
  json["missing_kwh"] = evidence.missing_kwh ? EstimateJson(*evidence.missing_kwh) : Json();
  json["missing_money"] = evidence.missing_money ? EstimateJson(*evidence.missing_money) : Json();
  json["zero_streaks"] = StreaksJson(evidence.zero_streaks, cadence);
  json["gaps"] = StreaksJson(evidence.gaps, cadence);
  json["observed_share"] = evidence.observed_share;
  json["mean_per_day"] = evidence.mean_per_day;
  json["findings"] = Json::array();
  for (const explain::Finding& finding : evidence.findings) {
    Json numbers = Json::object();
    for (const auto& [name, value] : finding.numbers) numbers[name] = value;
    json["findings"].push_back({{"code", finding.code},
                                {"speaks", finding.direction == explain::Direction::kFor ? "for" : "against"},
                                {"weight", finding.weight},
                                {"begin", When(finding.begin, cadence)},
                                {"end", When(finding.end, cadence)},
                                {"numbers", numbers},
                                {"sentence", finding.sentence}});
  }
  return json;
}

Json ExplanationJson(const explain::Explanation& explanation) {
  Json json = {{"base_log_odds", explanation.base_log_odds}, {"margin", explanation.margin}};
  json["contributions"] = Json::array();
  for (const explain::Contribution& contribution : explanation.strongest) {
    json["contributions"].push_back({{"feature", contribution.feature},
                                     {"title", contribution.title},
                                     {"group", FeatureGroupName(contribution.group)},
                                     {"value", contribution.value},
                                     {"shown", contribution.shown},
                                     {"log_odds", contribution.log_odds}});
  }
  json["rest_log_odds"] = explanation.rest_log_odds;
  return json;
}

}  // namespace

std::string CaseText(const Case& one, const CaseReport& words, const RunReport& run) {
  std::string text = "Consumer " + Printable(one.consumer_id) + "\n";
  text += "Rank " + WithThousands(one.rank) + " of " + WithThousands(run.consumers) + ", probability of theft " +
          Percent(one.probability) + ", tier " + one.tier + "\n";
  if (run.simulated) text += "SIMULATED DATA: this consumer does not exist.\n";
  for (const auto& [name, value] : one.attributes) AppendWrapped(text, "", Printable(name) + ": " + Printable(value));
  text += "\n";
  AppendWrapped(text, "", words.summary);
  AppendList(text, "What speaks for a visit", words.supporting);
  AppendList(text, "What speaks against theft", words.against);
  std::vector<std::string> reasons;
  for (const explain::Contribution& contribution : one.explanation.strongest) {
    reasons.push_back(ContributionLine(contribution));
  }
  AppendList(text, "What moved the model's score (SHAP)", reasons);
  AppendList(text, "What to check", words.checks);
  text += "\n";
  AppendWrapped(text, "", kScoreIsNotProof);
  return text;
}

Json CaseJson(const Case& one, const CaseReport& words, const RunReport& run) {
  Json json = {{"consumer_id", one.consumer_id},
               {"rank", one.rank},
               {"of", run.consumers},
               {"probability", one.probability},
               {"tier", one.tier},
               {"anomaly_score", one.anomaly_score},
               {"sign", one.sign.empty() ? Json() : Json{{"what", one.sign}, {"one_in", one.sign_one_in}}},
               {"known_label", one.known_label ? Json(*one.known_label ? 1 : 0) : Json()},
               {"simulated", run.simulated},
               {"model", run.model_fingerprint}};
  json["attributes"] = Json::object();
  for (const auto& [name, value] : one.attributes) json["attributes"][name] = value;
  json["cadence"] = CadenceName(one.series.cadence);
  json["unit"] = one.series.unit;
  json["evidence"] = EvidenceJson(one.evidence, one.series.cadence);
  json["explanation"] = ExplanationJson(one.explanation);
  json["report"] = {{"written_by", words.written_by}, {"summary", words.summary}, {"for", words.supporting},
                    {"against", words.against},       {"checks", words.checks},   {"note", kScoreIsNotProof}};
  return json;
}

}  // namespace meterhound::report
