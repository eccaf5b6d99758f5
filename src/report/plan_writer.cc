// Prompt, grammar and expansion of a plan.
#include "report/plan_writer.h"

#include <algorithm>
#include <charconv>

#include "report/guard.h"
#include "report/speaker.h"

namespace meterhound::report {
namespace {

constexpr std::size_t kExtra = 2;  // sentences beyond those that must be there

// No number in it: a small model repeats what it reads.
constexpr const char* kPrefix =
    "You prepare a short report for a crew that inspects electricity meters. Below are numbered sentences about one "
    "consumer; some say the same in other words. Choose the sentences that the crew needs, one wording of each, and "
    "put "
    "them in the order in which they should be read. Answer with the numbers of the chosen sentences and nothing "
    "else.\n\n";

bool IsFinding(const Fact& fact) { return fact.source == FactSource::kEvidence || fact.source == FactSource::kQuality; }

bool Among(const std::vector<const Fact*>& facts, const Fact* fact) {
  return std::find(facts.begin(), facts.end(), fact) != facts.end();
}

std::string Grammar(std::size_t candidates, std::size_t most) {
  std::string text = "root ::= id (\" \" id){0," + std::to_string(most - 1) + "}\nid ::= ";
  for (std::size_t i = 1; i <= candidates; ++i) text += (i > 1 ? " | \"" : "\"") + std::to_string(i) + "\"";
  return text + "\n";
}

}  // namespace

std::vector<Candidate> Candidates(const CaseFacts& facts, const Language& language) {
  std::vector<const Fact*> order = Essentials(facts);
  for (const Fact& fact : facts.facts) {
    if (IsFinding(fact) && !Among(order, &fact)) order.push_back(&fact);
  }
  const Speaker speaker(language, facts);
  std::vector<Candidate> candidates;
  for (const Fact* fact : order) {
    for (std::size_t wording = 0; wording < speaker.Wordings(*fact); ++wording) candidates.push_back({fact, wording});
  }
  return candidates;
}

TextRequest PlanRequest(const CaseFacts& facts, const std::vector<Candidate>& candidates, std::size_t max_tokens) {
  const Speaker speaker(Language::English(), facts);
  TextRequest request{.prefix = kPrefix,
                      .prompt = {},
                      .grammar = Grammar(candidates.size(), Essentials(facts).size() + kExtra),
                      .choices = {},
                      .max_tokens = max_tokens};
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    request.prompt += number + ". " + speaker.Say(*candidates[i].fact, candidates[i].wording, Audience::kModel) + "\n";
    request.choices.push_back(number);
  }
  return request;
}

Result<std::vector<Candidate>> ReadPlan(std::string_view answer, const std::vector<Candidate>& candidates,
                                        const CaseFacts& facts) {
  std::vector<Candidate> chosen;
  std::size_t extra = 0;
  const std::vector<const Fact*> essentials = Essentials(facts);
  while (!answer.empty()) {
    if (std::string_view(" ,[]\"\n\r\t").find(answer[0]) != std::string_view::npos) {
      answer.remove_prefix(1);
      continue;
    }
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(answer.data(), answer.data() + answer.size(), number);
    if (error != std::errc() || number < 1 || number > candidates.size()) {
      return InvalidInput("found '" + std::string(answer.substr(0, 20)) + "' in a plan, expected numbers from 1 to " +
                          std::to_string(candidates.size()));
    }
    answer.remove_prefix(static_cast<std::size_t>(end - answer.data()));
    const Candidate& candidate = candidates[number - 1];
    const bool said = std::any_of(chosen.begin(), chosen.end(),
                                  [&](const Candidate& earlier) { return earlier.fact == candidate.fact; });
    if (said || (!Among(essentials, candidate.fact) && ++extra > kExtra)) continue;
    chosen.push_back(candidate);
  }
  if (chosen.empty()) return InvalidInput("found no number in a plan, expected some");
  return chosen;
}

void WriteSummary(const CaseFacts& facts, const Language& language, const std::vector<Candidate>& chosen,
                  CaseReport& report) {
  std::vector<Candidate> order = chosen;
  const auto place_of = [&](const Fact* fact) {
    return std::find_if(order.begin(), order.end(), [&](const Candidate& one) { return one.fact == fact; });
  };
  const Fact* before = nullptr;
  for (const Fact* fact : Essentials(facts)) {
    if (place_of(fact) == order.end()) order.insert(before ? place_of(before) + 1 : order.begin(), {fact, 0});
    before = fact;
  }
  const auto action = place_of(facts.Find("action"));
  std::rotate(order.begin(), action, action + 1);
  const Speaker speaker(language, facts);
  for (const Candidate& one : order) {
    report.sentences.push_back({Part::kSummary, one.fact->code, speaker.Say(*one.fact, one.wording)});
  }
}

Result<CaseReport> FallBack(const Case& one, const RunReport& run, const std::string& reason) {
  METERHOUND_ASSIGN_OR_RETURN(CaseReport report, TemplateCaseWriter().Write(one, run));
  report.fallback = reason;
  return report;
}

Result<CaseReport> PlanCaseWriter::Write(const Case& one, const RunReport& run) const {
  const Language& language = LanguageOf(run);
  const CaseFacts facts = FindFacts(one, run);
  const std::vector<Candidate> candidates = Candidates(facts, language);
  const Result<std::string> answer = model_.Complete(PlanRequest(facts, candidates, max_tokens_));
  if (!answer) {
    if (answer.error().code == ErrorCode::kCancelled) return answer.error();
    return FallBack(one, run, answer.error().ToString());
  }
  const auto chosen = ReadPlan(*answer, candidates, facts);
  if (!chosen) return FallBack(one, run, chosen.error().ToString());
  CaseReport report{.language = language.code(),
                    .written_by = model_.Name(),
                    .mode = "plan",
                    .sentences = {},
                    .refused = {},
                    .fallback = {}};
  WriteSummary(facts, language, *chosen, report);
  AddRest(facts, language, report);
  const std::vector<Objection> objections = Guard(facts, language).Check(report);
  if (!objections.empty()) return FallBack(one, run, "the guard: " + objections.front().reason);
  return report;
}

}  // namespace meterhound::report
