// From the settings to who words the cases of a run.
#pragma once

#include <memory>
#include <string>

#include "base/run_context.h"
#include "pipeline/config.h"
#include "report/case_report.h"
#include "report/run_report.h"

namespace meterhound::pipeline {

/// The template, or a language model as `llm.engine` and `llm.mode` say. A model that cannot be had is no error here:
/// its cases are the template's and hold the reason. kCancelled after a stop.
/// @param context must outlive the writer.
Result<std::unique_ptr<report::CaseWriter>> MakeCaseWriter(const Config& config, const RunContext& context);

/// Who wrote, in a line for the terminal; empty when nobody but the template was asked.
std::string WritersRemark(const report::Writers& writers);

}  // namespace meterhound::pipeline
