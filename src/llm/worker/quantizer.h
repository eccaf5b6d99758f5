// QuantizeFile: llama.cpp's quantisation, inside the worker.
#pragma once

#include <functional>

#include "base/json.h"
#include "base/result.h"

namespace meterhound::llm {

/// @param job {"input", "output", "type", "importance" (a file or empty), "threads"}.
/// @param report takes a sign of life now and then.
Status QuantizeFile(const Json& job, const std::function<bool(const Json&)>& report);

}  // namespace meterhound::llm
