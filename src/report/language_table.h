// The resource files of languages/, embedded: their table is generated when the program is built.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace meterhound::report {

/// Code and JSON text of each, sorted by code.
extern const std::span<const std::pair<std::string_view, std::string_view>> kLanguageTable;

}  // namespace meterhound::report
