// JSON as the program reads and writes it: nlohmann's type that keeps the order of keys, and Result-returning parsing.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace meterhound {

using Json = nlohmann::ordered_json;

/// @param where the file's name, for the error, which adds line and column.
Result<Json> ParseJson(std::string_view text, std::string_view where);
/// Two-space indentation and a final newline; NaN and infinities become null, invalid UTF-8 is replaced.
std::string DumpJson(const Json& json);

}  // namespace meterhound
