// JSON from strangers: parsing that bounds depth and size and takes nothing ambiguous.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace meterhound::http {

/// Refuses (kInvalidInput, `where` is "line 2, column 7"): what is no JSON, invalid UTF-8, anything after the value,
/// nesting beyond `max_depth`, a key twice in one object, more than 10,000 keys in one object, integers beyond 64 bits,
/// numbers beyond doubles, and the character U+0000, which not every store can hold.
Result<Json> ParseRequestJson(std::string_view text, int max_depth);

}  // namespace meterhound::http
