// What every report says, and the template writer, which says it in the first wording of each fact.
#include "report/case_report.h"

#include <algorithm>
#include <array>

#include "report/speaker.h"

namespace meterhound::report {
namespace {

struct Check {
  std::string_view finding;  // code that calls for it; empty: always
  std::string_view key;      // of its text, under "checks."
};

// In the order of a visit: from the desk to the meter.
constexpr std::array kChecks = {
    Check{"gap_at_change", "gap_at_change"},
    Check{"few_readings", "few_readings"},
    Check{"seasonal_absence", "seasonal_absence"},
    Check{"flat_readings", "flat_readings"},
    Check{"", "always_first"},
    Check{"zero_streak", "zero_streak"},
    Check{"level_drop", "level_drop.path"},
    Check{"level_drop", "level_drop.ask"},
    Check{"weekday_pattern_lost", "weekday_pattern_lost"},
    Check{"", "always_last"},
};

bool IsFinding(const Fact& fact) { return fact.source == FactSource::kEvidence || fact.source == FactSource::kQuality; }

// Findings come strongest first. That no change stands out goes without saying beside that no drop does.
const Fact* Strongest(const CaseFacts& facts, Speaks speaks) {
  const bool no_drop = facts.Find("no_drop") != nullptr;
  const auto found = std::find_if(facts.facts.begin(), facts.facts.end(), [&](const Fact& fact) {
    return IsFinding(fact) && fact.speaks == speaks && fact.code != "missing_energy" &&
           !(no_drop && fact.code == "no_change");
  });
  return found == facts.facts.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> CaseReport::Lines(Part part) const {
  std::vector<std::string> lines;
  for (const Sentence& sentence : sentences) {
    if (sentence.part == part) lines.push_back(sentence.text);
  }
  return lines;
}

std::string CaseReport::Summary() const {
  const Language* known = Language::Find(language);
  const std::string& between = (known ? *known : Language::English()).Text("join");
  std::string text;
  for (const std::string& line : Lines(Part::kSummary)) text += (text.empty() ? "" : between) + line;
  return text;
}

const Language& LanguageOf(const RunReport& run) {
  const Language* known = Language::Find(run.language);
  return known ? *known : Language::English();
}

std::vector<const Fact*> Essentials(const CaseFacts& facts) {
  const Fact* main = Strongest(facts, Speaks::kFor);
  std::vector<const Fact*> chosen = {facts.Find("action"), main};
  if (main && main->code == "level_drop") chosen.push_back(facts.Find("missing_energy"));
  for (const Fact* fact : {facts.Find("no_drop"), Strongest(facts, Speaks::kAgainst), facts.Find("rare_sign"),
                           facts.Find("probability"), facts.Find("confidence")}) {
    chosen.push_back(fact);
  }
  std::erase(chosen, nullptr);
  return chosen;
}

void AddRest(const CaseFacts& facts, const Language& language, CaseReport& report) {
  const Speaker speaker(language, facts);
  const auto said = [&](const Fact& fact) {
    return std::any_of(report.sentences.begin(), report.sentences.end(),
                       [&](const Sentence& sentence) { return sentence.fact == fact.code; });
  };
  for (const auto& [part, speaks] :
       {std::pair{Part::kFor, Speaks::kFor}, std::pair{Part::kAgainst, Speaks::kAgainst}}) {
    for (const Fact& fact : facts.facts) {
      if (IsFinding(fact) && fact.speaks == speaks && !said(fact)) {
        report.sentences.push_back({part, fact.code, speaker.Say(fact)});
      }
    }
  }
  for (const Check& check : kChecks) {
    if (!check.finding.empty() && !facts.Find(check.finding)) continue;
    report.sentences.push_back(
        {Part::kCheck, std::string(check.finding), language.Text("checks." + std::string(check.key))});
  }
}

Result<CaseReport> CaseWriter::Write(const Case& one, const RunReport& run) const {
  METERHOUND_ASSIGN_OR_RETURN(std::vector<CaseReport> reports, WriteAll({&one, 1}, run));
  return std::move(reports.front());
}

Result<std::vector<CaseReport>> TemplateCaseWriter::WriteAll(std::span<const Case> cases, const RunReport& run) const {
  const Language& language = LanguageOf(run);
  std::vector<CaseReport> reports;
  for (const Case& one : cases) {
    const CaseFacts facts = FindFacts(one, run);
    const Speaker speaker(language, facts);
    CaseReport report{.language = language.code(),
                      .written_by = "template",
                      .mode = "template",
                      .sentences = {},
                      .refused = {},
                      .fallback = {}};
    for (const Fact* fact : Essentials(facts)) {
      report.sentences.push_back({Part::kSummary, fact->code, speaker.Say(*fact)});
    }
    AddRest(facts, language, report);
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace meterhound::report
