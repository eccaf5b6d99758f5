// KeptCase: a case, and the words that were found for it, as JSON that reads back; for stores that write reports anew.
#pragma once

#include "base/json.h"
#include "report/case_report.h"

namespace meterhound::report {

/// Everything of a case but its evidence, which FindEvidence gives again from the series.
Json KeepCase(const Case& one, const explain::EvidenceOptions& options);
/// The case, its evidence included, as it was. kCorrupt names what is missing.
Result<Case> RestoreCase(const Json& kept);

/// The words of a case document (CaseJson's "report"). kCorrupt names what is missing.
Result<CaseReport> WordsOf(const Json& document);

}  // namespace meterhound::report
