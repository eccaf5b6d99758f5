// Prose writer: a language model words the summary; what the guard refuses gives way to sentences of ours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/case_report.h"
#include "report/text_model.h"

namespace meterhound::report {

/// The request: the facts as sentences of ours, without any text that came with the data.
TextRequest ProseRequest(const CaseFacts& facts, std::size_t max_tokens);

/// Cut after full stops, question and exclamation marks that a blank or the end follows, and at line ends.
std::vector<std::string> SplitSentences(std::string_view text);

/// English only. Every sentence of the model stands as it wrote it or not at all; refused ones are kept in the report
/// with the reason, and every fact that a summary must hold and that no accepted sentence says is said by ours.
class ProseCaseWriter final : public CaseWriter {
 public:
  /// @param model must outlive the writer.
  ProseCaseWriter(const TextModel& model, std::size_t max_tokens) : model_(model), max_tokens_(max_tokens) {}
  Result<CaseReport> Write(const Case& one, const RunReport& run) const override;

 private:
  const TextModel& model_;
  std::size_t max_tokens_;
};

}  // namespace meterhound::report
