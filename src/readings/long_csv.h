// Long CSV: one row a reading (id, time, value, optional kind and label), as tsfresh's users have it.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/run_context.h"
#include "readings/input.h"
#include "readings/readings.h"

namespace meterhound::readings {

/// True when id, time and value columns can be found, by the names in `options` or by known ones (columns.h).
bool IsLongHeader(std::span<const std::string_view> header, const ReadOptions& options);

/// Rows of one id may be scattered and in any order; a block costs one pass over the part of the file between the first
/// and the last row of its consumers. Times are numbers or dates, all of one form. The kind of series is the kind
/// column's value, or the value column's name. Consumers come in order of their first row, kinds likewise; consumers
/// without readings of a kind have an empty series of it. The same (id, kind, time) twice is an error.
Result<std::unique_ptr<PanelStream>> OpenLongCsv(Input input, const ReadOptions& options, const BlockSize& block,
                                                 const RunContext& context);

}  // namespace meterhound::readings
