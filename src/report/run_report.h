// The report page and the files of a run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/run_context.h"
#include "report/case_report.h"

namespace meterhound::report {

/// The whole page. @param words one a case of the run, in order.
std::string RunPage(const RunReport& run, const std::vector<CaseReport>& words);

/// Writes report.html and a JSON and a text file a case under cases/ into `folder`. What an earlier run left under
/// cases/ is replaced as a whole.
Status WriteRunReport(const std::filesystem::path& folder, const RunReport& run, const CaseWriter& writer,
                      const RunContext& context);

}  // namespace meterhound::report
