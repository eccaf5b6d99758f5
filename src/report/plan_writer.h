// Plan writer: a language model chooses among sentences of ours and orders them by number.
#pragma once

#include <string>
#include <vector>

#include "report/model_case_writer.h"

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

class PlanCaseWriter final : public ModelCaseWriter {
 public:
  PlanCaseWriter(const TextModel& model, std::size_t max_tokens) : ModelCaseWriter(model, max_tokens) {}

 private:
  Result<TextRequest> Ask(const Case& one, const RunReport& run) const override;
  Result<CaseReport> Read(const std::string& answer, const Case& one, const RunReport& run) const override;
};

}  // namespace meterhound::report
