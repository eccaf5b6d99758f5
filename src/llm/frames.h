// Frames: JSON messages over a byte stream, each after its length, as the program and its worker exchange them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace meterhound::llm {

/// The longest message; a longer length is a broken stream.
inline constexpr std::size_t kMaxFrame = std::size_t{64} << 20U;

/// Four bytes of length, little-endian, then the message.
Result<std::string> EncodeFrame(const Json& message);

/// Collects bytes as they come and hands out whole messages.
class FrameReader {
 public:
  void Append(std::string_view bytes) { buffer_ += bytes; }
  /// The next message, nothing while it is incomplete, or kCorrupt.
  Result<std::optional<Json>> Next();

 private:
  std::string buffer_;
};

/// An error as a message carries it, and back.
Json ErrorMessage(const Error& error);
Error ErrorFrom(const Json& message);

}  // namespace meterhound::llm
