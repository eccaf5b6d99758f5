// Segment drift: steps of level and of gaps in the whole town, and in one of its segments against the rest.
#pragma once

#include <vector>

#include "monitor/drift.h"

namespace meterhound::monitor {

/// Of all consumers; each against himself where at least half of the current ones are in the reference, too.
LevelDrift CompareLevel(const Baseline& baseline, const Usage& current, const DriftOptions& options);
/// The share of readings missing, as its mean over consumers.
RateDrift CompareMissingReadings(const Baseline& baseline, const Usage& current, const DriftOptions& options);
/// Every segment large enough against the rest, the furthest first: a segment found to have moved is left out of the
/// rest of the others, which would otherwise seem to have moved the other way. P-values are Bonferroni's over segments.
std::vector<SegmentDrift> CompareSegments(const Baseline& baseline, const Usage& current, const DriftOptions& options);

}  // namespace meterhound::monitor
