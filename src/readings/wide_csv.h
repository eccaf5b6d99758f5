// Wide CSV: one row a consumer, one column a date, as the SGCC file.
#pragma once

#include <memory>

#include "base/run_context.h"
#include "readings/input.h"
#include "readings/readings.h"

namespace meterhound::readings {

/// Reads rows, in parallel. Columns: an id (IdNames), at most one label (LabelNames), dates in any order; any other
/// column is an error. The axis is what the header says: an absent day stays absent.
Result<std::unique_ptr<PanelStream>> OpenWideCsv(Input input, const ReadOptions& options, const BlockSize& block,
                                                 const RunContext& context);

}  // namespace meterhound::readings
