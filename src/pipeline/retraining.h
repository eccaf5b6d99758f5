// Retraining: a challenger trained on data up to now, held against the champion on rows that neither has seen.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/run_context.h"
#include "detectors/bundle.h"
#include "detectors/evaluation.h"
#include "pipeline/config.h"
#include "pipeline/model.h"
#include "pipeline/retraining_gates.h"
#include "pipeline/sources.h"

namespace meterhound::pipeline {

enum class Verdict : std::uint8_t {
  kPromote,  ///< the challenger is not worse than the champion within the margin: it takes its place
  kAsk,      ///< a person decides: retraining.promote says so, or the untouched rows are too few to tell
  kReject,   ///< the data are not to be learnt from, or the challenger is worse
};
const char* VerdictName(Verdict verdict);  ///< "promote", "ask", "reject"

/// Champion and challenger on the same untouched rows.
struct Comparison {
  std::size_t consumers = 0;
  std::size_t thefts = 0;
  detectors::Metrics champion;
  detectors::Metrics challenger;
  detectors::ScoringDifference difference;  ///< challenger less champion, paired
  double margin = 0;                        ///< what the challenger may lose of ROC-AUC and of PR-AUC
};

struct RetrainOutcome {
  Verdict verdict = Verdict::kReject;
  std::vector<std::string> reasons;  ///< why, a sentence each
  std::vector<Gate> gates;  ///< in the order in which they were tried; the later ones are missing after a failure
  std::vector<std::string> notes;        ///< what has moved since the champion was trained; no reason against learning
  std::optional<Comparison> comparison;  ///< when all gates were passed
  std::optional<detectors::Bundle> challenger;  ///< when all gates were passed; as it was compared
};

/// Gates first: data that are not to be trusted are refused before anything is learnt from them. A part of the
/// consumers (retraining.holdout_share, by the hash of their ids) is laid aside, the same in every retraining; the
/// challenger is trained on all others, and both are measured on those laid aside with the same bootstraps. What is
/// measured is what is shipped: the challenger is not fitted again on all rows.
/// @param data with labels, feedback applied. Errors are those of reading and fitting; a refusal is none. The same
/// outcome for any number of threads and any order of rows.
Result<RetrainOutcome> Retrain(SourceData data, const Model& champion, const Config& config, const RunContext& context);

/// Some rows of the data, without its remarks.
SourceData PartOf(const SourceData& data, const std::vector<std::size_t>& rows);
/// The data without the consumers that retraining lays aside: what a first champion should be trained on.
SourceData LayAside(const SourceData& data, const Config& config);

/// {verdict, reasons, gates: [{name, passed, finding}], notes, comparison: {...} | null, challenger: fingerprint |
/// null}
Json ToJson(const RetrainOutcome& outcome);

}  // namespace meterhound::pipeline
