// Text compressed with Zstandard: how documents of many kilobytes lie in the store.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "store/database.h"

namespace meterhound::store {

Blob CompressText(std::string_view text);
/// kCorrupt unless `blob` was made by CompressText.
Result<std::string> UncompressText(std::string_view blob);

}  // namespace meterhound::store
