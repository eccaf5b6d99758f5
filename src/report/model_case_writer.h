// Model case writer: what plan and prose share: the questions of all cases go to the model together.
#pragma once

#include <string>
#include <vector>

#include "report/case_report.h"
#include "report/text_model.h"

namespace meterhound::report {

/// The template's report of the case with the reason why it stands in for another writer's.
Result<CaseReport> FallBack(const Case& one, const RunReport& run, const std::string& reason);

/// Whatever keeps the model from a usable answer, the case gets the template's report and the reason; only a stop is an
/// error.
class ModelCaseWriter : public CaseWriter {
 public:
  Result<std::vector<CaseReport>> WriteAll(std::span<const Case> cases, const RunReport& run) const final;

 protected:
  /// @param model must outlive the writer.
  ModelCaseWriter(const TextModel& model, std::size_t max_tokens) : model_(model), max_tokens_(max_tokens) {}

  /// What to ask of the model, or the reason why not.
  virtual Result<TextRequest> Ask(const Case& one, const RunReport& run) const = 0;
  /// The report of an answer, or the reason why it is of no use.
  virtual Result<CaseReport> Read(const std::string& answer, const Case& one, const RunReport& run) const = 0;

  std::string ModelName() const { return model_.Name(); }
  std::size_t max_tokens() const { return max_tokens_; }

 private:
  const TextModel& model_;
  std::size_t max_tokens_;
};

}  // namespace meterhound::report
