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
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

namespace meterhound::readings {
namespace fs = std::filesystem;

/// A read-only mapping of a whole file.
class Input::Mapping {
 public:
  /// Null, with errno set, when it cannot be mapped.
  static std::unique_ptr<Mapping> Of(int descriptor, std::size_t size) {
    const void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    return data == MAP_FAILED ? nullptr : std::unique_ptr<Mapping>(new Mapping(data, size));
  }
  ~Mapping() { ::munmap(const_cast<void*>(data_), size_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  Mapping(const void* data, std::size_t size) : data_(data), size_(size) {}

  const void* data_;
  std::size_t size_;
};

namespace {

// What is unpacked is held in memory up to this size, and in a file beyond.
constexpr std::size_t kMostInMemory = std::size_t{256} << 20;
// More than this from one compressed file is taken for a bomb or a mistake.
constexpr std::size_t kMostUnpacked = std::size_t{64} << 30;

struct ForeignFormat {
  std::string_view magic;
  std::string_view name;
};

constexpr std::array<ForeignFormat, 8> kForeignFormats = {{
    {"PAR1", "a Parquet file"},
    {"PARE", "an encrypted Parquet file"},
    {"PK\x03\x04", "a zip archive or an Excel workbook"},
    {"%PDF", "a PDF document"},
    {"\xd0\xcf\x11\xe0", "an old Excel workbook"},
    {"SQLite format 3", "an SQLite database"},
    {"BZh", "a bzip2 file"},
    {"\xfd"
     "7zXZ",
     "an xz file"},
}};

/// Text that grows, first in memory, then in a file without a name.
class Unpacked {
 public:
  Unpacked() = default;
  Unpacked(Unpacked&& other) noexcept
      : text_(std::move(other.text_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}
  Unpacked& operator=(Unpacked&&) = delete;
  ~Unpacked() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  Status Append(std::string_view bytes, const std::string& name) {
    size_ += bytes.size();
    if (size_ > kMostUnpacked) return InvalidInput("unpacks to more than 64 GiB", name);
    if (descriptor_ < 0 && size_ <= kMostInMemory) {
      text_.append(bytes);
      return {};
    }
    if (descriptor_ < 0) {
      std::string path = (fs::temp_directory_path() / "meterhound-XXXXXX").string();
      descriptor_ = ::mkstemp(path.data());
      if (descriptor_ < 0) return Unavailable(std::string("no temporary file: ") + std::strerror(errno), path);
      ::unlink(path.c_str());
      METERHOUND_RETURN_IF_ERROR(Write(text_, name));
      std::string().swap(text_);
    }
    return Write(bytes, name);
  }

  std::size_t size() const { return size_; }
  /// -1 while all is in memory.
  int descriptor() const { return descriptor_; }
  std::string& text() { return text_; }

 private:
  Status Write(std::string_view bytes, const std::string& name) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        return Unavailable(std::string("cannot be unpacked into a temporary file: ") + std::strerror(errno), name);
      }
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  std::string text_;
  int descriptor_ = -1;
  std::size_t size_ = 0;
};

Result<Unpacked> UnpackGzip(std::string_view packed, const std::string& name) {
  Unpacked text;
  std::vector<char> buffer(1 << 20);
  while (!packed.empty()) {  // one member after the other
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) return Unavailable("zlib cannot start", name);
    int code = Z_OK;
    std::size_t taken = 0;
    Status status;
    while (code == Z_OK && status.ok()) {
      if (stream.avail_in == 0) {
        const auto piece = static_cast<uInt>(std::min<std::size_t>(packed.size() - taken, std::size_t{1} << 30));
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + taken));
        stream.avail_in = piece;
        taken += piece;
      }
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream.avail_out = static_cast<uInt>(buffer.size());
      code = inflate(&stream, Z_NO_FLUSH);
      status = text.Append({buffer.data(), buffer.size() - stream.avail_out}, name);
      if (code == Z_BUF_ERROR && stream.avail_in == 0 && taken < packed.size()) code = Z_OK;
    }
    const std::size_t left = stream.avail_in;
    inflateEnd(&stream);
    METERHOUND_RETURN_IF_ERROR(status);
    if (code == Z_BUF_ERROR) return InvalidInput("the gzip data end in the middle; expected a whole file", name);
    if (code != Z_STREAM_END) return InvalidInput("the gzip data are garbled", name);
    packed.remove_prefix(taken - left);
    const bool padding = std::all_of(packed.begin(), packed.end(), [](char c) { return c == '\0'; });
    if (padding) break;
  }
  return text;
}

Result<Unpacked> UnpackZstd(std::string_view packed, const std::string& name) {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  if (!context) return Unavailable("zstd cannot start", name);
  Unpacked text;
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
    METERHOUND_RETURN_IF_ERROR(text.Append({buffer.data(), out.pos}, name));
    full = out.pos == out.size;
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
  std::unique_ptr<Mapping> mapping;
  if (error.message.empty()) {
    mapping = Mapping::Of(descriptor, size);
    if (!mapping) error.message = std::string("cannot be read: ") + std::strerror(errno);
  }
  ::close(descriptor);
  if (!error.message.empty()) return error;

  Input input;
  input.name_ = name;
  input.mapping_ = std::move(mapping);
  input.text_ = input.mapping_->bytes();
  for (const ForeignFormat& format : kForeignFormats) {
    if (input.text_.starts_with(format.magic)) {
      return InvalidInput("is " + std::string(format.name) + "; expected CSV, plain or packed by gzip or zstd", name);
    }
  }
  const bool gzip = input.text_.starts_with("\x1f\x8b");
  const bool zstd = input.text_.starts_with("\x28\xb5\x2f\xfd");
  if (gzip || zstd) {
    METERHOUND_ASSIGN_OR_RETURN(Unpacked text, gzip ? UnpackGzip(input.text_, name) : UnpackZstd(input.text_, name));
    input.mapping_.reset();
    if (text.size() == 0) return InvalidInput("unpacks to nothing; expected a header line and readings", name);
    if (text.descriptor() < 0) {
      input.unpacked_ = std::make_unique<std::string>(std::move(text.text()));
      input.text_ = *input.unpacked_;
    } else {
      input.mapping_ = Mapping::Of(text.descriptor(), text.size());
      if (!input.mapping_) return Unavailable(std::string("cannot be read: ") + std::strerror(errno), name);
      input.text_ = input.mapping_->bytes();
    }
  }
  const std::string_view head = input.text_.substr(0, 1 << 16);
  if (head.find('\0') != std::string_view::npos) {
    return InvalidInput("holds binary data; expected text in UTF-8", name);
  }
  return input;
}

void Input::Forget(std::string_view part) const {
  if (!mapping_) return;
  static const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = (reinterpret_cast<std::uintptr_t>(part.data()) + page - 1) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(part.data() + part.size()) / page * page;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
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
