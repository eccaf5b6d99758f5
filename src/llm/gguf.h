// GGUF: what a model's file says of itself, read without llama.cpp and without trust.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace meterhound::llm {

/// A list in the header; whole numbers are kept, the elements of other lists only counted.
struct GgufArray {
  std::uint64_t count = 0;
  std::vector<std::int64_t> numbers;
};
using GgufValue = std::variant<std::int64_t, double, bool, std::string, GgufArray>;

struct GgufTensor {
  std::string name;
  std::vector<std::uint64_t> shape;  ///< one to four sizes, the fastest first
  std::uint32_t type = 0;            ///< ggml's number
  std::uint64_t offset = 0;          ///< from the beginning of the data
  std::uint64_t bytes = 0;
};

struct GgufFile {
  std::uint32_t version = 0;
  std::map<std::string, GgufValue, std::less<>> values;
  std::vector<GgufTensor> tensors;
  std::uint64_t header_bytes = 0;  ///< where the data begins
  std::uint64_t file_bytes = 0;

  /// Nothing when the key is missing or of another type.
  std::optional<std::string> Text(std::string_view key) const;
  std::optional<std::int64_t> Number(std::string_view key) const;
  /// With the architecture before it: "context_length" -> "llama.context_length".
  std::optional<std::int64_t> ShapeNumber(std::string_view key) const;
  /// Elements of a list; 0 when there is none.
  std::uint64_t Count(std::string_view key) const;

  std::string architecture() const;
  /// "Q4_K_M"; of a file that does not say, the type of most weights.
  std::string quantization() const;
  std::uint64_t parameters() const;
  std::uint64_t weight_bytes() const;
};

/// The header from the first bytes of a file of `file_bytes` bytes. Never more than 64 MiB of header, 100,000 keys,
/// 100,000 tensors, 16 MiB a text. Every tensor must lie within the file: a file cut short is kCorrupt. @param where
/// the file's name, for errors, which add the byte.
Result<GgufFile> ParseGguf(std::string_view bytes, std::uint64_t file_bytes, const std::string& where);

/// kNotFound, or as ParseGguf.
Result<GgufFile> ReadGguf(const std::filesystem::path& path);

}  // namespace meterhound::llm
