// Adds the coverage baseline and the reader's remarks, and puts all into the report's words.
#include "pipeline/source_quality.h"

#include <cmath>
#include <sstream>

#include "base/numbers.h"
#include "detectors/evaluation.h"

namespace meterhound::pipeline {
namespace {

// How far the share of missing readings alone tells thefts from others.
void AddCoverageBaseline(const Panel& panel, readings::QualityReport& report) {
  std::vector<double> missing;
  std::vector<std::int8_t> labels;
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    if (panel.labels[row] == kUnlabelled) continue;
    missing.push_back(report.missing_by_consumer[row]);
    labels.push_back(panel.labels[row]);
  }
  const double auc = detectors::RocAuc(missing, labels);
  if (!std::isfinite(auc)) return;
  const bool tells = std::fabs(auc - 0.5) > 0.1;
  report.findings.push_back({.code = "coverage_auc",
                             .name = "missing share against label",
                             .value = "AUC " + Decimal(auc, 3),
                             .severity = tells ? readings::Severity::kWarning : readings::Severity::kInfo,
                             .meaning = tells ? "Which readings exist tells the label to a good part: ask why before "
                                                "believing that a model reads behaviour."
                                              : "",
                             .number = auc});
}

void AddRemarks(const std::string& remarks, readings::QualityReport& report) {
  std::istringstream lines(remarks);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    report.findings.push_back({.code = "remark",
                               .name = line.substr(0, colon),
                               .value = line.substr(colon + 2),
                               .severity = readings::Severity::kWarning,
                               .meaning = "",
                               .number = 0});
  }
}

}  // namespace

Result<SourceQuality> CheckSource(const SourceData& data, const std::filesystem::path& file,
                                  const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(readings::QualityReport report, readings::CheckQuality(data.panel, file, context));
  AddCoverageBaseline(data.panel, report);
  AddRemarks(data.remarks, report);
  SourceQuality quality;
  quality.json["findings"] = Json::array();
  for (const readings::QualityFinding& finding : report.findings) {
    const char* severity = readings::SeverityName(finding.severity);
    quality.lines.push_back({finding.name, finding.value, severity, finding.meaning});
    quality.json["findings"].push_back({{"code", finding.code},
                                        {"name", finding.name},
                                        {"value", finding.value},
                                        {"number", finding.number},
                                        {"severity", severity},
                                        {"meaning", finding.meaning}});
  }
  const SeriesKind& kind = data.panel.kinds.front();
  quality.charts = {.cadence = kind.timeline->cadence,
                    .missing_over_time = {},
                    .missing_by_consumer = std::move(report.missing_by_consumer),
                    .mean_by_consumer = std::move(report.mean_by_consumer),
                    .unit = kind.unit};
  for (const auto& stretch : report.missing_over_time) {
    quality.charts.missing_over_time.emplace_back(stretch.begin, stretch.missing_share);
  }
  return quality;
}

}  // namespace meterhound::pipeline
