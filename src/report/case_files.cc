// One case as text for a crew and as JSON for machines.
#include <algorithm>
#include <cmath>

#include "explain/column_parts.h"
#include "report/case_report.h"
#include "report/speaker.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

void AppendList(std::string& to, std::string_view heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  to += "\n" + std::string(heading) + "\n";
  for (const std::string& line : lines) AppendWrapped(to, "  - ", line);
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

Json ReportJson(const CaseReport& words, const CaseFacts& facts, const Language& language) {
  constexpr const char* kParts[] = {"summary", "for", "against", "check"};
  const Assessment& assessment = facts.assessment;
  Json json = {{"language", words.language},
               {"written_by", words.written_by},
               {"mode", words.mode},
               {"fallback", words.fallback.empty() ? Json() : Json(words.fallback)},
               {"replaced", words.refused.size()},
               {"refused", Json::array()},
               {"action", ActionName(assessment.action)},
               {"urgency", UrgencyName(assessment.urgency)},
               {"confidence", ConfidenceName(assessment.confidence)},
               {"summary", words.Summary()},
               {"for", words.Lines(Part::kFor)},
               {"against", words.Lines(Part::kAgainst)},
               {"checks", words.Lines(Part::kCheck)},
               {"sentences", Json::array()},
               {"note", language.Text("sheet.note")}};
  for (const Refused& refused : words.refused) {
    json["refused"].push_back({{"text", refused.text}, {"reason", refused.reason}});
  }
  for (const Sentence& sentence : words.sentences) {
    json["sentences"].push_back({{"part", kParts[static_cast<std::size_t>(sentence.part)]},
                                 {"fact", sentence.fact.empty() ? Json() : Json(sentence.fact)},
                                 {"text", sentence.text}});
  }
  return json;
}

std::vector<std::string> Heading(const Case& one, const RunReport& run, const Language& language) {
  std::vector<std::string> lines = {language.Text("sheet.consumer", {{"id", Printable(one.consumer_id)}}),
                                    language.Text("sheet.standing", {{"rank", language.Count(one.rank)},
                                                                     {"of", language.Count(run.consumers)},
                                                                     {"probability", language.Percent(one.probability)},
                                                                     {"tier", language.Text("tiers." + one.tier)}})};
  if (run.simulated) lines.push_back(language.Text("sheet.simulated"));
  if (run.seen > 0) {
    lines.push_back(language.Text("sheet.seen", {{"seen", language.Count(run.seen)},
                                                 {"of", language.Counted("units.consumers", run.consumers)}}));
  }
  return lines;
}

}  // namespace

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
                                {"numbers", numbers}});
  }
  return json;
}

Json ExplanationJson(const explain::Explanation& explanation, const Language& language) {
  Json json = {{"base_log_odds", explanation.base_log_odds}, {"margin", explanation.margin}};
  json["contributions"] = Json::array();
  for (const explain::Contribution& contribution : explanation.strongest) {
    json["contributions"].push_back({{"feature", contribution.feature},
                                     {"title", language.FeatureTitle(contribution.feature)},
                                     {"group", FeatureGroupName(contribution.group)},
                                     {"value", contribution.value},
                                     {"shown", FeatureValue(contribution, language)},
                                     {"log_odds", contribution.log_odds}});
  }
  json["rest_log_odds"] = explanation.rest_log_odds;
  return json;
}

std::string FeatureValue(const explain::Contribution& contribution, const Language& language) {
  if (!contribution.category.empty()) return contribution.category;
  if (!std::isfinite(contribution.value)) return language.Text("numbers.undefined");
  return explain::CountsDays(contribution.feature) ? language.Date(contribution.value * kSecondsPerDay, Cadence::kDaily)
                                                   : language.Significant(contribution.value);
}

std::string CaseText(const Case& one, const CaseReport& words, const RunReport& run) {
  const Language& language = LanguageOf(run);
  const CaseFacts facts = FindFacts(one, run);
  const Speaker speaker(language, facts);
  std::string text;
  for (const std::string& line : Heading(one, run, language)) AppendWrapped(text, "", line);
  for (const auto& [name, value] : one.attributes) AppendWrapped(text, "", Printable(name) + ": " + Printable(value));
  text += "\n";
  AppendWrapped(text, "", words.Summary());
  AppendList(text, language.Text("sheet.for"), words.Lines(Part::kFor));
  AppendList(text, language.Text("sheet.against"), words.Lines(Part::kAgainst));
  AppendList(text, language.Text("sheet.checks"), words.Lines(Part::kCheck));
  std::vector<std::string> reasons;
  for (const Fact& fact : facts.facts) {
    if (fact.code == "raises" || fact.code == "lowers") reasons.push_back(speaker.Say(fact));
  }
  AppendList(text, language.Text("sheet.reasons"), reasons);
  text += "\n";
  AppendWrapped(text, "", language.Text("sheet.note"));
  return text;
}

Json CaseJson(const Case& one, const CaseReport& words, const RunReport& run) {
  const Language& language = LanguageOf(run);
  const CaseFacts facts = FindFacts(one, run);
  Json json = {{"consumer_id", one.consumer_id},
               {"rank", one.rank},
               {"of", run.consumers},
               {"probability", one.probability},
               {"tier", one.tier},
               {"anomaly_score", one.anomaly_score},
               {"sign", one.sign.empty() ? Json() : Json{{"what", one.sign}, {"one_in", one.sign_one_in}}},
               {"known_label", one.known_label ? Json(*one.known_label ? 1 : 0) : Json()},
               {"simulated", run.simulated},
               {"trained_on", run.seen},
               {"model", run.model_fingerprint}};
  json["attributes"] = Json::object();
  for (const auto& [name, value] : one.attributes) json["attributes"][name] = value;
  json["cadence"] = CadenceName(one.series.cadence);
  json["unit"] = one.series.unit;
  json["currency"] = run.currency;
  json["evidence"] = EvidenceJson(one.evidence, one.series.cadence);
  json["explanation"] = ExplanationJson(one.explanation, language);
  json["facts"] = FactsJson(facts);
  json["report"] = ReportJson(words, facts, language);
  return json;
}

}  // namespace meterhound::report
