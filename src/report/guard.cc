// A rendered sentence must be what a fact of the case gives in one of its wordings, to the letter.
#include "report/guard.h"

#include <algorithm>

#include "report/prose_guard.h"
#include "report/speaker.h"

namespace meterhound::report {
namespace {

/// What stands in each slot when `sentence` has the literal words of `stretches` in order; nothing when it has not.
std::optional<std::vector<std::string>> MatchLiterals(std::string_view sentence,
                                                      const std::vector<Speaker::Stretch>& stretches) {
  std::vector<std::string> slots;
  bool in_slot = false;
  for (const Speaker::Stretch& stretch : stretches) {
    if (!stretch.slot.empty()) {
      in_slot = true;
      continue;
    }
    const std::size_t at = sentence.find(stretch.text);
    if (at == std::string_view::npos || (!in_slot && at != 0)) return std::nullopt;
    if (in_slot) slots.emplace_back(sentence.substr(0, at));
    sentence.remove_prefix(at + stretch.text.size());
    in_slot = false;
  }
  if (in_slot) slots.emplace_back(sentence);
  if (!in_slot && !sentence.empty()) return std::nullopt;
  return slots;
}

/// Which slot differs, where the sentence is this wording but for its values; empty where it is not.
std::string Difference(std::string_view sentence, const std::vector<Speaker::Stretch>& stretches) {
  const auto slots = MatchLiterals(sentence, stretches);
  if (!slots) return {};
  std::size_t i = 0;
  for (const Speaker::Stretch& stretch : stretches) {
    if (stretch.slot.empty()) continue;
    const std::string& found = (*slots)[i++];
    if (found != stretch.text) return stretch.slot + ": found '" + found + "', the facts say '" + stretch.text + "'";
  }
  return {};
}

}  // namespace

std::optional<std::string> Guard::CheckRendered(std::string_view sentence, std::string_view code) const {
  const Speaker speaker(language_, facts_);
  std::string reason = "not a sentence that the facts of this case have in " + language_.code();
  for (const Fact& fact : facts_.facts) {
    if (!code.empty() && code != fact.code) continue;
    for (std::size_t wording = 0; wording < speaker.Wordings(fact); ++wording) {
      if (speaker.Say(fact, wording) == sentence) return std::nullopt;
      const std::string difference = Difference(sentence, speaker.Stretches(fact, wording));
      if (!difference.empty()) reason = difference;
    }
  }
  return reason;
}

// What to check on site: "checks.always_first", or "checks.level_drop.ask" where there is such a finding.
std::optional<std::string> Guard::CheckCheck(const std::string& text) const {
  constexpr std::string_view kPrefix = "checks.";
  for (const auto& [key, texts] : language_.entries()) {
    if (!key.starts_with(kPrefix) || texts.front() != text) continue;
    const std::string_view name = std::string_view(key).substr(kPrefix.size());
    const std::string_view finding = name.substr(0, name.find('.'));
    if (finding.starts_with("always") || facts_.Find(finding)) return std::nullopt;
    return "no finding of this case calls for this check";
  }
  return "not a check of ours";
}

std::optional<std::string> Guard::CheckProse(std::string_view sentence) const {
  if (!CheckRendered(sentence)) return std::nullopt;
  return CheckFreeSentence(facts_, sentence);
}

std::vector<Objection> Guard::Check(const CaseReport& report) const {
  std::vector<Objection> objections;
  for (const Sentence& sentence : report.sentences) {
    const bool prose = report.mode == "prose" && sentence.part == Part::kSummary;
    const auto reason = prose                           ? CheckProse(sentence.text)
                        : sentence.part == Part::kCheck ? CheckCheck(sentence.text)
                                                        : CheckRendered(sentence.text, sentence.fact);
    if (reason) objections.push_back({sentence.text, *reason});
  }
  for (const Fact* fact : Essentials(facts_)) {
    if (std::none_of(report.sentences.begin(), report.sentences.end(), [&](const Sentence& sentence) {
          return sentence.part == Part::kSummary && sentence.fact == fact->code;
        })) {
      objections.push_back({"", "the summary does not say: " + fact->code});
    }
  }
  return objections;
}

}  // namespace meterhound::report
