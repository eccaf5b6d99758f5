// Plan writer: a language model chooses among sentences of ours and orders them by number.
#pragma once

#include <string>
#include <vector>

#include "report/case_report.h"
#include "report/text_model.h"

namespace meterhound::report {

/// A sentence that may be chosen: a fact in one of its wordings.
struct Candidate {
  const Fact* fact = nullptr;
  std::size_t wording = 0;
};

/// Every wording of every fact that may stand in a summary, those that must first; their numbers are their places,
/// from 1.
std::vector<Candidate> Candidates(const CaseFacts& facts, const Language& language);

/// The request for a plan. Sentences are shown in English, whatever the report's language, and without any text that
/// came with the data.
TextRequest PlanRequest(const CaseFacts& facts, const std::vector<Candidate>& candidates, std::size_t max_tokens);

/// The chosen in the order of their first mention, one wording a fact, at most two beyond those that must be there.
/// Anything in the answer but numbers of candidates is an error.
Result<std::vector<Candidate>> ReadPlan(std::string_view answer, const std::vector<Candidate>& candidates,
                                        const CaseFacts& facts);

/// The summary from what was chosen: the action leads, and what must be there and was not chosen is put in its place.
void WriteSummary(const CaseFacts& facts, const Language& language, const std::vector<Candidate>& chosen,
                  CaseReport& report);

/// Falls back to the template's report, with the reason, when the model gives no usable plan.
class PlanCaseWriter final : public CaseWriter {
 public:
  /// @param model must outlive the writer.
  PlanCaseWriter(const TextModel& model, std::size_t max_tokens) : model_(model), max_tokens_(max_tokens) {}
  Result<CaseReport> Write(const Case& one, const RunReport& run) const override;

 private:
  const TextModel& model_;
  std::size_t max_tokens_;
};

/// The template's report of the case with the reason why it stands in for another writer's.
Result<CaseReport> FallBack(const Case& one, const RunReport& run, const std::string& reason);

}  // namespace meterhound::report
