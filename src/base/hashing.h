// Fingerprints: SHA-256 for what is stored or promised, a fast 64-bit hash for grouping and ordering.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.h"

namespace meterhound {

/// Lower-case hex SHA-256.
std::string Sha256Hex(std::string_view bytes);
/// SHA-256 of a file's bytes, read in pieces.
Result<std::string> Sha256File(const std::filesystem::path& path);

/// SHA-256 of what is added, in order.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(std::string_view bytes);
  /// Lower-case hex; once, at the end.
  std::string FinishHex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// XXH64 over what is added, in order. The same on every run and machine of the same byte order.
class Hasher64 {
 public:
  explicit Hasher64(std::uint64_t seed = 0);
  ~Hasher64();
  Hasher64(const Hasher64&) = delete;
  Hasher64& operator=(const Hasher64&) = delete;

  void AddBytes(const void* data, std::size_t size);
  template <typename T>
  requires std::is_arithmetic_v<T>
  void Add(T value) { AddBytes(&value, sizeof value); }
  /// Text with its length, so that "ab","c" and "a","bc" differ.
  void AddText(std::string_view text) {
    Add(text.size());
    AddBytes(text.data(), text.size());
  }
  std::uint64_t Finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meterhound
