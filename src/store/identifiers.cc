// Random names by OpenSSL's generator, which the system seeds; the wall clock.
#include "store/identifiers.h"

#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <ctime>
#include <stdexcept>

namespace meterhound::store {
namespace {

constexpr char kHex[] = "0123456789abcdef";

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string ToHex(std::string_view bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.push_back(kHex[byte >> 4]);
    text.push_back(kHex[byte & 15]);
  }
  return text;
}

}  // namespace

std::int64_t NowMilliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string FormatTime(std::int64_t milliseconds) {
  std::int64_t seconds = milliseconds / 1000;
  std::int64_t rest = milliseconds % 1000;
  if (rest < 0) rest += 1000, --seconds;
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::string fraction = std::to_string(rest);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::string(text.data(), size) + "." + fraction + "Z";
}

std::string RandomHex(std::size_t bytes) {
  std::string random(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(bytes)) != 1) {
    throw std::runtime_error("the system gives no random numbers");
  }
  return ToHex(random);
}

std::string NewId() {
  std::string time(12, '0');
  auto now = static_cast<std::uint64_t>(NowMilliseconds());
  for (std::size_t i = time.size(); i-- > 0; now >>= 4) time[i] = kHex[now & 15];
  return time + RandomHex(8);
}

std::string EncodeCursor(std::string_view text) { return ToHex(text); }

Result<std::string> DecodeCursor(std::string_view cursor) {
  std::string text;
  bool valid = cursor.size() % 2 == 0;
  for (std::size_t i = 0; valid && i < cursor.size(); i += 2) {
    const int high = HexDigit(cursor[i]);
    const int low = HexDigit(cursor[i + 1]);
    valid = high >= 0 && low >= 0;
    text.push_back(static_cast<char>(high * 16 + low));
  }
  if (!valid) return InvalidInput("is no cursor of this service; expected the 'next' of an earlier page", "cursor");
  return text;
}

}  // namespace meterhound::store
