// Findings as lines and as markup.
#include "report/leak_section.h"

#include <algorithm>

#include "report/svg.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

using detectors::LeakFinding;
using detectors::LeakReport;
using detectors::LeakSeverity;

std::string Counted(std::size_t count, const char* one, const char* many) {
  return WithThousands(count) + " " + (count == 1 ? one : many);
}

std::string Summary(const LeakReport& report) {
  std::string text = Counted(report.checks.size(), "check", "checks");
  if (report.findings.empty()) return text + ", nothing found";
  if (const auto failures = report.Count(LeakSeverity::kFailure)) text += ", " + Counted(failures, "leak", "leaks");
  if (const auto warnings = report.Count(LeakSeverity::kWarning)) {
    text += ", " + Counted(warnings, "question", "questions");
  }
  if (const auto notes = report.Count(LeakSeverity::kNote)) text += ", " + Counted(notes, "note", "notes");
  return text;
}

std::string Sentence(const LeakFinding& finding) {
  return (finding.subject.empty() ? "" : finding.subject + ": ") + finding.message;
}

std::vector<LeakFinding> WorstFirst(std::vector<LeakFinding> findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const LeakFinding& a, const LeakFinding& b) { return a.severity > b.severity; });
  return findings;
}

const char* Mark(LeakSeverity severity) {
  return severity == LeakSeverity::kFailure ? "  ! " : severity == LeakSeverity::kWarning ? "  ? " : "  - ";
}

std::size_t CountOf(const LeakReport& report, const std::string& check) {
  return static_cast<std::size_t>(std::count_if(report.findings.begin(), report.findings.end(),
                                                [&](const LeakFinding& finding) { return finding.check == check; }));
}

}  // namespace

std::string LeakText(const LeakReport& report) {
  std::string text = "Leaks: " + Summary(report) + "\n";
  for (const LeakFinding& finding : WorstFirst(report.findings)) {
    AppendWrapped(text, Mark(finding.severity), Printable(Sentence(finding)));
  }
  for (const LeakReport::Check& check : report.checks) {
    if (CountOf(report, check.name) == 0) AppendWrapped(text, "    ", check.promise);
  }
  return text;
}

std::string LeakBanner(const LeakReport& report) {
  std::string html;
  for (const LeakFinding& finding : WorstFirst(report.findings)) {
    if (finding.severity == LeakSeverity::kNote) continue;
    html += "<li>" + Escape(Sentence(finding)) + "</li>";
  }
  if (html.empty()) return {};
  return "<div class=\"banner\"><strong>Before you believe the figures:</strong><ul>" + html + "</ul></div>";
}

std::string LeakDetails(const LeakReport& report) {
  std::string html = "<details><summary>Leaks: " + Summary(report) + "</summary><table><tbody>";
  for (const LeakReport::Check& check : report.checks) {
    std::string found;
    for (const LeakFinding& finding : report.findings) {
      if (finding.check == check.name) found += "<p>" + Escape(Sentence(finding)) + "</p>";
    }
    html += "<tr><th scope=\"row\">" + Escape(check.promise) + "</th><td>" + (found.empty() ? "holds" : found) +
            "</td></tr>";
  }
  return html + "</tbody></table></details>";
}

}  // namespace meterhound::report
