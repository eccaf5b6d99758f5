// Prompt of a summary, and the sentences of the answer one by one.
#include "report/prose_writer.h"

#include <algorithm>

#include "report/guard.h"
#include "report/plan_writer.h"
#include "report/prose_guard.h"
#include "report/speaker.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

constexpr const char* kPrefix =
    "You write a short summary for a crew that inspects electricity meters, from the facts below and nothing else. "
    "Write plain sentences, each about a single fact. Keep every number, its unit and its date as they are. Say what "
    "readings are consistent with; never say that anybody did anything. Do not advise more than the facts do.\n\n";

constexpr std::size_t kLongestRefused = 400;  // of a refused sentence that a report keeps

// The code of the fact that an accepted sentence says; empty when none does or an earlier sentence has.
std::string CodeOf(const CaseFacts& facts, const std::string& text) {
  const Guard guard(facts, Language::English());
  for (const Fact& fact : facts.facts) {
    if (!guard.CheckRendered(text, fact.code)) return fact.code;
  }
  return FactOfSentence(facts, text);
}

}  // namespace

TextRequest ProseRequest(const CaseFacts& facts, std::size_t max_tokens) {
  const Speaker speaker(Language::English(), facts);
  TextRequest request{.prefix = kPrefix, .prompt = {}, .grammar = {}, .choices = {}, .max_tokens = max_tokens};
  for (const Candidate& one : Candidates(facts, Language::English())) {
    if (one.wording == 0) request.prompt += "- " + speaker.Say(*one.fact, 0, Audience::kModel) + "\n";
  }
  return request;
}

std::vector<std::string> SplitSentences(std::string_view text) {
  std::vector<std::string> sentences;
  std::string sentence;
  const auto finish = [&] {
    const std::size_t first = sentence.find_first_not_of(" \t\r");
    if (first != std::string::npos) sentences.push_back(sentence.substr(first));
    sentence.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      finish();
      continue;
    }
    sentence += text[i];
    const bool stop = text[i] == '.' || text[i] == '!' || text[i] == '?';
    if (stop && (i + 1 == text.size() || text[i + 1] == ' ' || text[i + 1] == '\n')) finish();
  }
  finish();
  return sentences;
}

Result<CaseReport> ProseCaseWriter::Write(const Case& one, const RunReport& run) const {
  const Language& language = LanguageOf(run);
  if (language.code() != "en") return FallBack(one, run, "a model's prose is checked in English only");
  const CaseFacts facts = FindFacts(one, run);
  const Result<std::string> answer = model_.Complete(ProseRequest(facts, max_tokens_));
  if (!answer) {
    if (answer.error().code == ErrorCode::kCancelled) return answer.error();
    return FallBack(one, run, answer.error().ToString());
  }
  CaseReport report{
      .language = "en", .written_by = model_.Name(), .mode = "prose", .sentences = {}, .refused = {}, .fallback = {}};
  const Guard guard(facts, language);
  std::vector<Sentence> accepted;
  for (const std::string& text : SplitSentences(*answer)) {
    auto reason = guard.CheckProse(text);
    const std::string code = reason ? "" : CodeOf(facts, text);
    const bool again = std::any_of(accepted.begin(), accepted.end(), [&](const Sentence& s) { return s.fact == code; });
    if (!reason && (code.empty() || again)) reason = "says again what was said";
    if (reason) {
      report.refused.push_back({Printable(text.substr(0, kLongestRefused)), *reason});
    } else {
      accepted.push_back({Part::kSummary, code, text});
    }
  }
  if (accepted.empty()) return FallBack(one, run, "the guard refused every sentence of " + model_.Name());
  std::vector<Candidate> order;
  for (const Sentence& sentence : accepted) order.push_back({facts.Find(sentence.fact), 0});
  WriteSummary(facts, language, order, report);
  for (Sentence& sentence : report.sentences) {
    const auto own =
        std::find_if(accepted.begin(), accepted.end(), [&](const Sentence& s) { return s.fact == sentence.fact; });
    if (own != accepted.end()) sentence.text = own->text;
  }
  AddRest(facts, language, report);
  return report;
}

}  // namespace meterhound::report
