// Wide CSV: one row a consumer, one column a date, as the SGCC file.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/run_context.h"
#include "readings/input.h"
#include "readings/readings.h"

namespace meterhound::readings {

/// Name of the one kind of series a wide file holds; tsfresh users know it as the value column.
inline constexpr const char* kWideKind = "value";

/// True when the header has an id and at least two columns named by dates.
bool IsWideHeader(std::span<const std::string_view> header);

/// Reads rows, in parallel. Columns: an id (IdNames), at most one label (LabelNames), dates in any order; any other
/// column is an error. The axis is what the header says: an absent day stays absent.
Result<std::unique_ptr<PanelStream>> OpenWideCsv(Input input, const ReadOptions& options, const BlockSize& block,
                                                 const RunContext& context);

}  // namespace meterhound::readings
