// Large bytes in parts of a megabyte: how files lie in the store, and how they come out again, one part at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/hashing.h"
#include "store/database.h"

namespace meterhound::store {

inline constexpr std::size_t kPartBytes = 1 << 20;

/// Calls `sink` with each part of a file and checks their SHA-256 at the end.
/// @param select a statement that takes a key and a part's number and gives its bytes.
/// @param what names the file in errors.
Status ReadParts(Database& database, std::string_view select, const std::string& key, const std::string& sha256,
                 const std::string& what, const std::function<Status(std::string_view)>& sink);
/// The same into a file that appears whole or not at all.
Status ReadPartsToFile(Database& database, std::string_view select, const std::string& key, const std::string& sha256,
                       const std::string& what, const std::string& path);

}  // namespace meterhound::store
