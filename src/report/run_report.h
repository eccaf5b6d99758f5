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

/// Who wrote the cases of a run.
struct Writers {
  std::size_t by_model = 0;
  std::string model;  ///< its name and mode, if it wrote any
  std::string mode;
  std::size_t fallen_back = 0;  ///< by the template in a model's place
  std::string why;              ///< the first reason
};

/// Writes report.html and a JSON and a text file a case under cases/ into `folder`. What an earlier run left under
/// cases/ is replaced as a whole.
Result<Writers> WriteRunReport(const std::filesystem::path& folder, const RunReport& run, const CaseWriter& writer,
                               const RunContext& context);

}  // namespace meterhound::report
