// The central directory is believed only as far as the file reaches.
#include "llm/zip_member.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <string_view>

#include "base/file.h"

namespace meterhound::llm {
namespace {

constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::uint32_t kEndMark = 0x06054b50;
constexpr std::uint32_t kEntryMark = 0x02014b50;
constexpr std::uint32_t kLocalMark = 0x04034b50;

std::uint32_t Number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < size; ++i) {
    number |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[at + i])) << (8 * i);
  }
  return number;
}

struct Member {
  std::uint32_t method = 0;
  std::uint32_t crc = 0;
  std::string_view packed;
};

/// The member's packed bytes; nothing when its place or the directory is out of bounds.
Result<std::optional<Member>> Find(std::string_view zip, const std::string& name) {
  const auto broken = [] { return Corrupt("is no sound zip archive"); };
  if (zip.size() < kEndBytes) return broken();
  std::size_t end = zip.size() - kEndBytes;
  const std::size_t first = end > 65535 ? end - 65535 : 0;
  while (Number(zip, end, 4) != kEndMark) {
    if (end == first) return broken();
    --end;
  }
  std::size_t at = Number(zip, end + 16, 4);
  for (std::uint32_t left = Number(zip, end + 10, 2); left > 0; --left) {
    if (at + kEntryBytes > zip.size() || Number(zip, at, 4) != kEntryMark) return broken();
    const std::size_t name_bytes = Number(zip, at + 28, 2);
    if (at + kEntryBytes + name_bytes > zip.size()) return broken();
    if (zip.substr(at + kEntryBytes, name_bytes) == name) {
      const std::size_t local = Number(zip, at + 42, 4);
      if (local + kLocalBytes > zip.size() || Number(zip, local, 4) != kLocalMark) return broken();
      const std::size_t data = local + kLocalBytes + Number(zip, local + 26, 2) + Number(zip, local + 28, 2);
      const std::size_t packed = Number(zip, at + 20, 4);
      if (data + packed > zip.size()) return broken();
      return std::optional(Member{Number(zip, at + 10, 2), Number(zip, at + 16, 4), zip.substr(data, packed)});
    }
    at += kEntryBytes + name_bytes + Number(zip, at + 30, 2) + Number(zip, at + 32, 2);
  }
  return std::optional<Member>();
}

Status Inflate(std::string_view packed, std::uint64_t bytes, std::uint32_t crc, std::ostream& to) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return Unavailable("out of memory");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib does not write to it
  stream.avail_in = static_cast<uInt>(packed.size());
  std::array<char, 1 << 16> buffer{};
  std::uint64_t written = 0;
  uLong sum = crc32(0, nullptr, 0);
  int state = Z_OK;
  while (state == Z_OK && written <= bytes) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    state = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = buffer.size() - stream.avail_out;
    sum = crc32(sum, reinterpret_cast<const Bytef*>(buffer.data()), static_cast<uInt>(got));
    to.write(buffer.data(), static_cast<std::streamsize>(got));
    written += got;
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END || written != bytes || sum != crc) return Corrupt("the member is damaged");
  return {};
}

}  // namespace

Status ExtractMember(const std::filesystem::path& archive, const std::string& member, std::uint64_t bytes,
                     const std::filesystem::path& to) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string zip, ReadFile(archive));
  const auto place = [&](Error error) {
    error.where = archive.string() + ": " + member;
    return error;
  };
  const auto found = Find(zip, member);
  if (!found) return place(found.error());
  if (!found->has_value()) return place(NotFound("no such file in the archive"));
  const Member& entry = **found;
  std::ofstream file(to, std::ios::binary | std::ios::trunc);
  if (entry.method == 8) {
    if (const Status status = Inflate(entry.packed, bytes, entry.crc, file); !status.ok()) return place(status.error());
  } else if (entry.method == 0 && entry.packed.size() == bytes) {
    file.write(entry.packed.data(), static_cast<std::streamsize>(entry.packed.size()));
  } else {
    return place(Corrupt("the member is damaged or packed in a way that is not read"));
  }
  file.close();
  if (file.fail()) return Unavailable("writing failed; is the disk full?", to.string());
  return {};
}

}  // namespace meterhound::llm
