// CaseReport: what an inspection crew is told about one consumer, and who wrote it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/case.h"
#include "report/facts.h"
#include "report/language.h"

namespace meterhound::report {

enum class Part : std::uint8_t {
  kSummary,
  kFor,      ///< what else speaks for a visit
  kAgainst,  ///< what else speaks against theft
  kCheck,    ///< what to look at, in order
};

/// Plain text, no markup; every number in it is one of the fact's.
struct Sentence {
  Part part = Part::kSummary;
  std::string fact;  ///< code of the fact it says; of a check, the finding that called for it, or empty
  std::string text;
};

/// A sentence of a language model that the guard refused.
struct Refused {
  std::string text;
  std::string reason;
};

struct CaseReport {
  std::string language;             ///< "en"
  std::string written_by;           ///< "template", or a language model's name
  std::string mode;                 ///< "template", "plan" or "prose"
  std::vector<Sentence> sentences;  ///< part by part, each in order
  std::vector<Refused> refused;     ///< each replaced by a sentence of the template
  std::string fallback;             ///< why the template wrote in an engine's place; empty otherwise

  std::vector<std::string> Lines(Part part) const;
  /// The summary as one paragraph.
  std::string Summary() const;
};

/// Writes case reports. Implementations may be a template or a language model; both see a Case and nothing else.
class CaseWriter {
 public:
  virtual ~CaseWriter() = default;
  /// One report a case, in order. The only error is kCancelled, after a stop.
  virtual Result<std::vector<CaseReport>> WriteAll(std::span<const Case> cases, const RunReport& run) const = 0;
  Result<CaseReport> Write(const Case& one, const RunReport& run) const;
};

/// The same words for the same facts: the first wording of each.
class TemplateCaseWriter final : public CaseWriter {
 public:
  Result<std::vector<CaseReport>> WriteAll(std::span<const Case> cases, const RunReport& run) const override;
};

/// The language of a run; English when there is no such language.
const Language& LanguageOf(const RunReport& run);

/// What a summary must hold whoever writes it, in the template's order: action, main finding with the energy missing,
/// or what raised the score without a drop, the main doubt, probability, confidence.
std::vector<const Fact*> Essentials(const CaseFacts& facts);

/// The rest of a report around its summary: every finding that the summary leaves out, and the checks.
void AddRest(const CaseFacts& facts, const Language& language, CaseReport& report);

/// A feature's value for readers: a category's name, a date where the feature counts days, else three digits.
std::string FeatureValue(const explain::Contribution& contribution, const Language& language);

/// The evidence, and the explanation with its titles, as they stand in CaseJson.
Json EvidenceJson(const explain::Evidence& evidence, Cadence cadence);
Json ExplanationJson(const explain::Explanation& explanation, const Language& language);

/// One case as a crew's sheet of text, at most 100 columns wide.
std::string CaseText(const Case& one, const CaseReport& words, const RunReport& run);
/// The same facts and words for machines; docs/case.schema.json describes it.
Json CaseJson(const Case& one, const CaseReport& words, const RunReport& run);

}  // namespace meterhound::report
