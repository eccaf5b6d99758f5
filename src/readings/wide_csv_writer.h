// Writing a panel in the SGCC file's form.
#pragma once

#include <filesystem>

#include "base/panel.h"
#include "base/run_context.h"

namespace meterhound::readings {

/// CONS_NO, FLAG (empty when unknown), one column a reading: 2014/1/1 for days, 2014-01-01T00:30 for parts of a day;
/// missing readings are empty, others shortest decimals. Takes the first kind, whose timeline must be shared and daily
/// or finer; anything else is kUnsupported.
Status WriteWideCsv(const Panel& panel, const std::filesystem::path& path, const RunContext& context);

}  // namespace meterhound::readings
