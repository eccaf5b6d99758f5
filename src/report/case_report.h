// CaseReport: what an inspection crew is told about one consumer, and who writes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/case.h"

namespace meterhound::report {

/// Plain text, no markup; every number in it is one of the Case's.
struct CaseReport {
  std::string summary;                  ///< one paragraph
  std::vector<std::string> supporting;  ///< what speaks for a visit, strongest first
  std::vector<std::string> against;     ///< what speaks against theft
  std::vector<std::string> checks;      ///< what to look at on site, in order
  std::string written_by;               ///< "template", or a language model's name
};

/// Writes case reports. Implementations may be a template or a language model; both see a Case and nothing else.
class CaseWriter {
 public:
  virtual ~CaseWriter() = default;
  virtual Result<CaseReport> Write(const Case& one, const RunReport& run) const = 0;
};

/// Sentences from the findings, the same words for the same facts.
class TemplateCaseWriter final : public CaseWriter {
 public:
  Result<CaseReport> Write(const Case& one, const RunReport& run) const override;
};

/// Said in every report, whoever wrote it: what a score is and what it is not.
extern const std::string_view kScoreIsNotProof;

/// One case as a crew's sheet of text, at most 100 columns wide.
std::string CaseText(const Case& one, const CaseReport& words, const RunReport& run);
/// The same facts and words for machines.
Json CaseJson(const Case& one, const CaseReport& words, const RunReport& run);

}  // namespace meterhound::report
