// Mapping and unpacking.
#include "readings/input.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace meterhound::readings {
namespace fs = std::filesystem;

/// A read-only mapping of a whole file.
class Input::Mapping {
 public:
  Mapping(const void* data, std::size_t size) : data_(data), size_(size) {}
  ~Mapping() { ::munmap(const_cast<void*>(data_), size_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  const void* data_;
  std::size_t size_;
};

namespace {

// More than this from one compressed file is taken for a bomb or a mistake.
constexpr std::size_t kMostUnpacked = std::size_t{64} << 30;

struct ForeignFormat {
  std::string_view magic;
  std::string_view name;
};

constexpr std::array<ForeignFormat, 7> kForeignFormats = {{
    {"PAR1", "a Parquet file"},
    {"PK\x03\x04", "a zip archive or an Excel workbook"},
    {"%PDF", "a PDF document"},
    {"\xd0\xcf\x11\xe0", "an old Excel workbook"},
    {"SQLite format 3", "an SQLite database"},
    {"BZh", "a bzip2 file"},
    {"\xfd"
     "7zXZ",
     "an xz file"},
}};

Result<std::string> UnpackGzip(std::string_view packed, const std::string& name) {
  std::string text;
  std::vector<char> buffer(1 << 20);
  while (!packed.empty()) {  // one member after the other
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) return Unavailable("zlib cannot start", name);
    int code = Z_OK;
    std::size_t taken = 0;
    while (code == Z_OK) {
      if (stream.avail_in == 0) {
        const auto piece = static_cast<uInt>(std::min<std::size_t>(packed.size() - taken, std::size_t{1} << 30));
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + taken));
        stream.avail_in = piece;
        taken += piece;
      }
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream.avail_out = static_cast<uInt>(buffer.size());
      code = inflate(&stream, Z_NO_FLUSH);
      text.append(buffer.data(), buffer.size() - stream.avail_out);
      if (code == Z_BUF_ERROR && stream.avail_in == 0 && taken < packed.size()) code = Z_OK;
      if (text.size() > kMostUnpacked) code = Z_MEM_ERROR;
    }
    const std::size_t left = stream.avail_in;
    inflateEnd(&stream);
    if (code == Z_MEM_ERROR) return InvalidInput("unpacks to more than 64 GiB", name);
    if (code == Z_BUF_ERROR) return InvalidInput("the gzip data end in the middle; expected a whole file", name);
    if (code != Z_STREAM_END) return InvalidInput("the gzip data are garbled", name);
    packed.remove_prefix(taken - left);
    const bool padding = std::all_of(packed.begin(), packed.end(), [](char c) { return c == '\0'; });
    if (padding) break;
  }
  return text;
}

Result<std::string> UnpackZstd(std::string_view packed, const std::string& name) {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  if (!context) return Unavailable("zstd cannot start", name);
  std::string text;
  std::vector<char> buffer(ZSTD_DStreamOutSize());
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  std::size_t hint = 1;
  bool full = false;
  while (in.pos < in.size || full) {
    ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
    hint = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(hint) != 0) {
      return InvalidInput(std::string("the zstd data are garbled: ") + ZSTD_getErrorName(hint), name);
    }
    text.append(buffer.data(), out.pos);
    full = out.pos == out.size;
    if (text.size() > kMostUnpacked) return InvalidInput("unpacks to more than 64 GiB", name);
  }
  if (hint != 0) return InvalidInput("the zstd data end in the middle; expected a whole file", name);
  return text;
}

}  // namespace

Input::Input() = default;
Input::Input(Input&& other) noexcept = default;
Input& Input::operator=(Input&& other) noexcept = default;
Input::~Input() = default;

Result<Input> Input::Open(const fs::path& path) {
  const std::string name = path.string();
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT) return NotFound("no such file", name);
    return InvalidInput(std::string("cannot be opened: ") + std::strerror(errno), name);
  }
  struct stat status {};
  const bool known = ::fstat(descriptor, &status) == 0;
  const auto size = static_cast<std::size_t>(status.st_size);
  Error error = InvalidInput("", name);
  if (!known)
    error.message = "cannot be examined";
  else if (S_ISDIR(status.st_mode))
    error.message = "is a directory; expected a file of readings";
  else if (!S_ISREG(status.st_mode))
    error.message = "is not a regular file";
  else if (size == 0)
    error.message = "is empty; expected a header line and readings";
  void* data = MAP_FAILED;
  if (error.message.empty()) {
    data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (data == MAP_FAILED) error.message = std::string("cannot be read: ") + std::strerror(errno);
  }
  ::close(descriptor);
  if (!error.message.empty()) return error;

  Input input;
  input.name_ = name;
  input.mapping_ = std::make_unique<Mapping>(data, size);
  input.text_ = input.mapping_->bytes();
  for (const ForeignFormat& format : kForeignFormats) {
    if (input.text_.starts_with(format.magic)) {
      return InvalidInput("is " + std::string(format.name) + "; expected CSV, plain or packed by gzip or zstd", name);
    }
  }
  const bool gzip = input.text_.starts_with("\x1f\x8b");
  const bool zstd = input.text_.starts_with("\x28\xb5\x2f\xfd");
  if (gzip || zstd) {
    METERHOUND_ASSIGN_OR_RETURN(std::string text, gzip ? UnpackGzip(input.text_, name) : UnpackZstd(input.text_, name));
    input.mapping_.reset();
    if (text.empty()) return InvalidInput("unpacks to nothing; expected a header line and readings", name);
    input.unpacked_ = std::make_unique<std::string>(std::move(text));
    input.text_ = *input.unpacked_;
  }
  const std::string_view head = input.text_.substr(0, 1 << 16);
  if (head.find('\0') != std::string_view::npos) {
    return InvalidInput("holds binary data; expected text in UTF-8", name);
  }
  return input;
}

Result<fs::path> FindPossiblyCompressed(const fs::path& path) {
  for (const char* suffix : {"", ".zst", ".gz"}) {
    fs::path candidate = path;
    candidate += suffix;
    std::error_code ignored;  // what cannot be looked at is not there
    if (fs::exists(candidate, ignored)) return candidate;
  }
  return NotFound("no such file, nor with .zst or .gz", path.string());
}

}  // namespace meterhound::readings
