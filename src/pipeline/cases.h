// Cases: the consumers at the head of a ranking with everything a report may say of them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/panel.h"
#include "base/run_context.h"
#include "pipeline/config.h"
#include "pipeline/scoring.h"
#include "report/case.h"

namespace meterhound::pipeline {

/// @param rows positions in the panel, with their ranks beside them in `ranks` (1 = first). @param panel as cleaned;
/// filled readings are marked in its mask and never speak.
Result<std::vector<report::Case>> BuildCases(const Panel& panel, const FeatureTable& table,
                                             const std::vector<detectors::RowScore>& scores, const Judges& judges,
                                             std::span<const std::size_t> rows, std::span<const std::size_t> ranks,
                                             const Config& config, const RunContext& context);

/// Each consumer's energy missing since a dated drop (explain::Evidence::missing_kwh), in the panel's order.
Result<std::vector<std::optional<explain::Estimate>>> FindMissingEnergy(const Panel& panel, const Config& config,
                                                                        const RunContext& context);

/// How evidence is looked for under these settings.
explain::EvidenceOptions EvidenceOptionsOf(const Config& config);

/// A value of the consumers' table as a reader expects it; empty when it is missing.
std::string AttributeText(const Attribute& attribute, std::size_t row);

}  // namespace meterhound::pipeline
