// Zstandard at its default level: 5-10x smaller for documents of readings, hundreds of MB a second.
#include "store/compressed_text.h"

#include <zstd.h>

#include <stdexcept>

namespace meterhound::store {
namespace {

constexpr unsigned long long kMostBytes = 1ULL << 30;  // a damaged size must not ask for all memory

}  // namespace

Blob CompressText(std::string_view text) {
  Blob blob{std::string(ZSTD_compressBound(text.size()), '\0')};
  const std::size_t size =
      ZSTD_compress(blob.bytes.data(), blob.bytes.size(), text.data(), text.size(), ZSTD_CLEVEL_DEFAULT);
  if (ZSTD_isError(size) != 0U) throw std::runtime_error(ZSTD_getErrorName(size));
  blob.bytes.resize(size);
  return blob;
}

Result<std::string> UncompressText(std::string_view blob) {
  const unsigned long long size = ZSTD_getFrameContentSize(blob.data(), blob.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMostBytes) {
    return Corrupt("a compressed document of the store cannot be read");
  }
  std::string text(size, '\0');
  const std::size_t read = ZSTD_decompress(text.data(), text.size(), blob.data(), blob.size());
  if (ZSTD_isError(read) != 0U || read != size) return Corrupt("a compressed document of the store is damaged");
  return text;
}

}  // namespace meterhound::store
