// Bytes: the binary form of what is kept for later checks, the same on every machine.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace meterhound::monitor {

/// Numbers and texts one after the other, lowest byte first.
class Writer {
 public:
  void Byte(std::uint8_t value) { bytes_ += static_cast<char>(value); }
  template <typename T>
  void Number(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      Word(std::bit_cast<std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>(value));
    } else {
      Word(static_cast<std::uint64_t>(value));
    }
  }
  void Text(std::string_view text) {
    Number(text.size());
    bytes_ += text;
  }
  std::string Finish() && { return std::move(bytes_); }

 private:
  template <typename T>
  void Word(T word) {
    for (std::size_t i = 0; i < sizeof word; ++i) bytes_ += static_cast<char>(word >> (8 * i) & 0xFF);
  }
  std::string bytes_;
};

/// Reads what a Writer wrote. Past the end it gives zeros and remembers that it did.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t Byte() { return static_cast<std::uint8_t>(Word<std::uint8_t>()); }
  std::size_t Size() { return static_cast<std::size_t>(Word<std::uint64_t>()); }
  /// A number of things of at least `least` bytes each that are still to come.
  std::size_t Count(std::size_t least) {
    const std::size_t count = Size();
    if (count <= bytes_.size() / least) return count;
    ok_ = false;
    return 0;
  }
  double Double() { return std::bit_cast<double>(Word<std::uint64_t>()); }
  double Float() { return static_cast<double>(std::bit_cast<float>(Word<std::uint32_t>())); }
  std::string Text() {
    const std::size_t size = Count(1);
    std::string text(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return text;
  }
  bool Done() const { return ok_ && bytes_.empty(); }
  bool ok() const { return ok_; }

 private:
  template <typename T>
  T Word() {
    if (bytes_.size() < sizeof(T)) {
      ok_ = false;
      bytes_ = {};
      return 0;
    }
    T word = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      word = static_cast<T>(word | static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes_[i])) << (8 * i)));
    }
    bytes_.remove_prefix(sizeof(T));
    return word;
  }
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace meterhound::monitor
