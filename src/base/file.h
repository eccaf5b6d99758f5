// Files: whole reads, and outputs that appear complete or not at all.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/result.h"

namespace meterhound {

/// The file's bytes. Directories, missing and unreadable files are errors that say so.
Result<std::string> ReadFile(const std::filesystem::path& path);

/// Writes beside `path` and renames on Commit; destroyed without Commit (error, Ctrl-C) it leaves nothing behind and an
/// older file of that name untouched. Missing parent folders are made.
class AtomicFile {
 public:
  static Result<AtomicFile> Create(const std::filesystem::path& path);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  ~AtomicFile();

  std::ostream& stream() { return stream_; }
  /// Where the bytes lie until Commit; for libraries that write a file themselves.
  const std::filesystem::path& temporary_path() const { return temporary_; }
  /// Flushes, syncs and renames. An error (disk full) leaves nothing behind.
  Status Commit();

 private:
  AtomicFile(std::filesystem::path path, std::filesystem::path temporary);

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::ofstream stream_;
};

/// Writes all of `bytes` through an AtomicFile.
Status WriteFile(const std::filesystem::path& path, std::string_view bytes);

}  // namespace meterhound
