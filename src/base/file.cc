// Whole-file reading and the write-aside-then-rename habit.
#include "base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace meterhound {
namespace fs = std::filesystem;

Result<std::string> ReadFile(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return NotFound("no such file", path.string());
  if (fs::is_directory(status)) return InvalidInput("is a directory; expected a file", path.string());
  std::ifstream file(path, std::ios::binary);
  if (!file) return InvalidInput(std::string("cannot be opened: ") + std::strerror(errno), path.string());
  std::string bytes;
  const auto size = fs::file_size(path, error);
  if (!error) bytes.reserve(static_cast<std::size_t>(size));
  bytes.assign(std::istreambuf_iterator<char>(file), {});
  if (file.bad()) return Unavailable("reading failed", path.string());
  return bytes;
}

AtomicFile::AtomicFile(fs::path path, fs::path temporary) : path_(std::move(path)), temporary_(std::move(temporary)) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)), temporary_(std::move(other.temporary_)), stream_(std::move(other.stream_)) {
  other.temporary_.clear();
}

AtomicFile::~AtomicFile() {
  if (temporary_.empty()) return;
  stream_.close();
  std::error_code ignored;  // nothing more can be done about a file that will not go away
  fs::remove(temporary_, ignored);
}

Result<AtomicFile> AtomicFile::Create(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return InvalidInput("is a directory; expected a file to write", path.string());
  if (path.has_parent_path()) {
    fs::create_directories(path.parent_path(), error);
    if (error) return InvalidInput("the folder cannot be made: " + error.message(), path.parent_path().string());
  }
  static std::atomic<unsigned> counter{0};
  fs::path temporary = path;
  temporary += ".part-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
  AtomicFile file(path, temporary);
  file.stream_.open(temporary, std::ios::binary | std::ios::trunc);
  if (!file.stream_) {
    file.temporary_.clear();
    return InvalidInput(std::string("cannot be written: ") + std::strerror(errno), path.string());
  }
  return file;
}

Status AtomicFile::Commit() {
  stream_.close();
  if (stream_.fail()) return Unavailable("writing failed; is the disk full?", path_.string());
  const int descriptor = ::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) return Unavailable(std::string("writing failed: ") + std::strerror(errno), path_.string());
  std::error_code error;
  fs::rename(temporary_, path_, error);
  if (error) return Unavailable("cannot be put in place: " + error.message(), path_.string());
  temporary_.clear();
  return {};
}

Status WriteFile(const fs::path& path, std::string_view bytes) {
  METERHOUND_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  file.stream().write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return file.Commit();
}

}  // namespace meterhound
