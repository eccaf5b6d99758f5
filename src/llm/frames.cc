// Lengths are checked before anything is kept.
#include "llm/frames.h"

#include <array>
#include <cstdint>

namespace meterhound::llm {
namespace {

constexpr std::size_t kHeader = 4;

constexpr std::array kCodes = {ErrorCode::kInvalidInput, ErrorCode::kNotFound,    ErrorCode::kUnsupported,
                               ErrorCode::kCorrupt,      ErrorCode::kUnavailable, ErrorCode::kCancelled,
                               ErrorCode::kInternal};

}  // namespace

Result<std::string> EncodeFrame(const Json& message) {
  const std::string body = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (body.size() > kMaxFrame)
    return InvalidInput("a message of " + std::to_string(body.size()) + " bytes is too long");
  std::string frame(kHeader, '\0');
  for (std::size_t i = 0; i < kHeader; ++i) frame[i] = static_cast<char>(body.size() >> (8 * i) & 0xFFU);
  return frame + body;
}

Result<std::optional<Json>> FrameReader::Next() {
  if (buffer_.size() < kHeader) return std::optional<Json>();
  std::size_t length = 0;
  for (std::size_t i = 0; i < kHeader; ++i) {
    length |= static_cast<std::size_t>(static_cast<std::uint8_t>(buffer_[i])) << (8 * i);
  }
  if (length > kMaxFrame) return Corrupt("a message says it has " + std::to_string(length) + " bytes");
  if (buffer_.size() < kHeader + length) return std::optional<Json>();
  Json message = Json::parse(buffer_.begin() + kHeader, buffer_.begin() + static_cast<std::ptrdiff_t>(kHeader + length),
                             nullptr, /*allow_exceptions=*/false);
  buffer_.erase(0, kHeader + length);
  if (!message.is_object()) return Corrupt("a message is no JSON object");
  return std::optional<Json>(std::move(message));
}

Json ErrorMessage(const Error& error) {
  return {{"code", std::string(ErrorName(error.code))}, {"message", error.message}, {"where", error.where}};
}

Error ErrorFrom(const Json& message) {
  Error error{ErrorCode::kInternal, message.value("message", "an error without words"), message.value("where", "")};
  for (const ErrorCode code : kCodes) {
    if (message.value("code", "") == ErrorName(code)) error.code = code;
  }
  return error;
}

}  // namespace meterhound::llm
