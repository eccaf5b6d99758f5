// Asks, waits, reads; a case that fails on the way falls back alone.
#include "report/model_case_writer.h"

#include <optional>

namespace meterhound::report {

Result<CaseReport> FallBack(const Case& one, const RunReport& run, const std::string& reason) {
  METERHOUND_ASSIGN_OR_RETURN(CaseReport report, TemplateCaseWriter().Write(one, run));
  report.fallback = reason;
  return report;
}

Result<std::vector<CaseReport>> ModelCaseWriter::WriteAll(std::span<const Case> cases, const RunReport& run) const {
  std::vector<TextRequest> requests;
  std::vector<std::optional<Error>> unasked;  // of each case, why it is not asked for
  for (const Case& one : cases) {
    Result<TextRequest> request = Ask(one, run);
    unasked.push_back(request ? std::optional<Error>() : request.error());
    if (request) requests.push_back(*std::move(request));
  }
  const std::vector<Result<std::string>> answers = model_.CompleteAll(requests);
  std::vector<CaseReport> reports;
  auto answer = answers.begin();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    Result<CaseReport> report = unasked[i]     ? Result<CaseReport>(*unasked[i])
                                : answer->ok() ? Read(**answer, cases[i], run)
                                               : Result<CaseReport>(answer->error());
    if (!unasked[i]) ++answer;
    if (!report && report.error().code == ErrorCode::kCancelled) return report.error();
    if (!report) report = FallBack(cases[i], run, report.error().ToString());
    METERHOUND_RETURN_IF_ERROR(report);
    reports.push_back(*std::move(report));
  }
  return reports;
}

}  // namespace meterhound::report
