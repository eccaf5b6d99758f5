// "Did you mean": the known name closest to a mistyped one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace meterhound {

/// The known name with the smallest edit distance (Levenshtein) to `name`; the earlier on ties. Empty when none is
/// closer than half of `name`'s length.
std::string NearestName(std::string_view name, std::span<const std::string> known);

/// `; did you mean 'x'?` or nothing, to append to an error message.
std::string Suggestion(std::string_view name, std::span<const std::string> known);

}  // namespace meterhound
