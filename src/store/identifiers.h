// Names and secrets that nobody can guess, and the store's clock.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace meterhound::store {

/// Milliseconds since 1970 UTC: how every time in the store is written.
std::int64_t NowMilliseconds();
/// "2026-11-25T21:03:00.123Z".
std::string FormatTime(std::int64_t milliseconds);

/// `bytes` from the system's generator, in lower-case hex.
std::string RandomHex(std::size_t bytes);
/// 28 hex digits: milliseconds since 1970 (12), then 64 random bits, so that names sort by when they were made.
std::string NewId();

/// Where a page ends, for the next request: opaque text from a few values and back.
std::string EncodeCursor(std::string_view text);
Result<std::string> DecodeCursor(std::string_view cursor);

}  // namespace meterhound::store
