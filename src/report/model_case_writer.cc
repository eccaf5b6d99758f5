// Asks, waits, reads; a case that fails on the way falls back alone.
#include "report/model_case_writer.h"

namespace meterhound::report {

Result<CaseReport> FallBack(const Case& one, const RunReport& run, const std::string& reason) {
  METERHOUND_ASSIGN_OR_RETURN(CaseReport report, TemplateCaseWriter().Write(one, run));
  report.fallback = reason;
  return report;
}

Result<CaseReport> ModelCaseWriter::Write(const Case& one, const RunReport& run) const {
  return std::move(WriteSome({&one, 1}, run).front());
}

std::vector<Result<CaseReport>> ModelCaseWriter::WriteAll(const RunReport& run, const RunContext&) const {
  return WriteSome(run.cases, run);
}

std::vector<Result<CaseReport>> ModelCaseWriter::WriteSome(std::span<const Case> cases, const RunReport& run) const {
  std::vector<TextRequest> requests;
  std::vector<std::size_t> asked;  // the case of each request
  std::vector<Result<CaseReport>> reports(cases.size(), Result<CaseReport>(Cancelled()));
  for (std::size_t i = 0; i < cases.size(); ++i) {
    Result<TextRequest> request = Ask(cases[i], run);
    if (!request) {
      reports[i] = FallBack(cases[i], run, request.error().ToString());
      continue;
    }
    requests.push_back(*std::move(request));
    asked.push_back(i);
  }
  const std::vector<Result<std::string>> answers = model_.CompleteAll(requests);
  for (std::size_t k = 0; k < answers.size(); ++k) {
    const Case& one = cases[asked[k]];
    Result<CaseReport>& report = reports[asked[k]];
    report = answers[k].ok() ? Read(*answers[k], one, run) : Result<CaseReport>(answers[k].error());
    if (!report && report.error().code != ErrorCode::kCancelled) report = FallBack(one, run, report.error().ToString());
  }
  return reports;
}

}  // namespace meterhound::report
