// Quality of a source: the readings' own findings, with what only the labels and gaps together can tell.
#pragma once

#include "base/run_context.h"
#include "pipeline/sources.h"
#include "readings/quality.h"
#include "report/quality_page.h"

namespace meterhound::pipeline {

struct SourceQuality {
  std::vector<report::QualityLine> lines;
  report::QualityCharts charts;
  Json json;  ///< {"findings": [{code, name, value, number, severity, meaning}]}
};

/// @param file what was read, empty for mapped sources.
Result<SourceQuality> CheckSource(const SourceData& data, const std::filesystem::path& file, const RunContext& context);

}  // namespace meterhound::pipeline
